/** A tally for people, in a terminal. */
import { columns, paint, shown } from '../terminal.ts';
import type { Holdout, Tally } from './tally.ts';
import type { Verdict } from './verdict.ts';

const BAR = 32;
const ROWS = 31;

/** How many of a list are named. */
const NAMED = 10;

/** One row a day, or a week or a month where there are many days. */
export interface Period {
	/** The day that it begins on. */
	readonly from: string;
	readonly implicit: number;
	readonly starttls: number;
	readonly unknown: number;
}

/** The days of a tally in at most so many rows: each covers as many days as it takes. */
export function periods({ days, covered }: Tally, rows = ROWS): readonly Period[] {
	if (covered === null) return [];
	const [first, last] = [Date.parse(covered.first), Date.parse(covered.last)];
	const total = Math.round((last - first) / 86_400_000) + 1;
	const width = Math.ceil(total / rows);
	const made = Array.from({ length: Math.ceil(total / width) }, (_, at) => ({
		from: new Date(first + at * width * 86_400_000).toISOString().slice(0, 10),
		implicit: 0,
		starttls: 0,
		unknown: 0,
	}));
	for (const { day, counts } of days) {
		const period = made[Math.floor((Date.parse(day) - first) / 86_400_000 / width)];
		if (period === undefined) continue;
		period.implicit += counts.implicit;
		period.starttls += counts.starttls;
		period.unknown += counts.unknown;
	}
	return made;
}

export function showTally(tally: Tally, verdict: Verdict): string {
	const { covered, submission, imap, pop3 } = tally;
	const parts = [
		covered === null ? '' : `Submissions from ${covered.first} to ${covered.last}, days as the log has them\n\n${chart(tally)}\n`,
		totals('Submission', '465', '587', submission),
		totals('IMAP', '993', '143', imap),
		totals('POP3', '995', '110', pop3),
		holdouts('Accounts', tally.accounts),
		holdouts('Clients’ addresses', tally.clients),
		tally.forgotten === 0
			? ''
			: `\n${tally.forgotten} more submissions came from accounts or addresses that there was no room to keep apart.\n`,
		`\n${paint('bold', sentence(verdict))}\n`,
	];
	return parts.join('');
}

function chart(tally: Tally): string {
	const rows = periods(tally);
	const most = Math.max(1, ...rows.map((row) => row.implicit + row.starttls + row.unknown));
	const length = (count: number) => (count === 0 ? 0 : Math.max(1, Math.round((count / most) * BAR)));
	const lines = rows.map((row) => [
		row.from,
		String(row.implicit),
		String(row.starttls),
		paint('green', '█'.repeat(length(row.implicit))) + paint('yellow', '▒'.repeat(length(row.starttls))) + '?'.repeat(length(row.unknown)),
	]);
	return columns([
		['from', '465', '587', `${paint('green', '█')} 465  ${paint('yellow', '▒')} 587${tally.submission.unknown > 0 ? '  ? not told' : ''}`],
		...lines,
	]);
}

function totals(title: string, implicit: string, starttls: string, counts: Tally['submission']): string {
	if (counts.implicit + counts.starttls + counts.unknown === 0) return '';
	const unknown = counts.unknown === 0 ? '' : `, ${counts.unknown} of which the log does not tell`;
	return `${title}: ${counts.implicit} with implicit TLS (${implicit}), ${counts.starttls} with STARTTLS (${starttls})${unknown}\n`;
}

function holdouts(title: string, list: readonly Holdout[]): string {
	if (list.length === 0) return '';
	const rows = list.slice(0, NAMED).map(({ name, count, last }) => [`  ${shown(name, 60)}`, `${count}`, `last on ${last}`]);
	const more = list.length > NAMED ? `  … and ${list.length - NAMED} more (--json names them all)\n` : '';
	return `\n${title} that still use STARTTLS: ${list.length}\n${columns(rows)}${more}`;
}

/** The answer to "can I stop offering 587?", in a sentence. */
export function sentence(verdict: Verdict): string {
	switch (verdict.answer) {
		case 'yes':
			return verdict.lastUsed === null
				? `587 is not used at all in the ${days(verdict.quiet)} of this log: safe to end it.`
				: `587 unused for ${days(verdict.quiet)} (last on ${verdict.lastUsed}): safe to end it.`;
		case 'soon':
			return `Not yet: 587 unused for ${days(verdict.quiet)}, of ${verdict.needed} that make it safe. Look again in ${days(verdict.needed - verdict.quiet)}.`;
		case 'no':
			return `No: 587 was last used on ${verdict.lastUsed}, by ${verdict.accounts === 1 ? 'one account' : `${verdict.accounts} accounts`}; ${percent(verdict.share)} of submissions.`;
		case 'cannot-tell':
			return `Cannot tell: ${verdict.unknown} submissions do not say which port they came over.`;
		case 'no-evidence':
			return 'Cannot tell: there is no submission in this log.';
	}
}

function days(count: number): string {
	return count === 1 ? 'one day' : `${count} days`;
}

function percent(share: number): string {
	return share < 0.001 ? 'less than 0.1 %' : `${(share * 100).toFixed(1)} %`;
}
