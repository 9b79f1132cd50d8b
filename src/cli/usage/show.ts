/** A tally for people, in a terminal. */
import { columns, paint, shown } from '../terminal.ts';
import type { Holdout } from './holdouts.ts';
import { type Period, percent, periods } from './periods.ts';
import { sentence } from './sentence.ts';
import { type Counts, covered, sum, type Tally } from './tally.ts';
import type { Verdict } from './verdict.ts';

const BAR = 32;
const ROWS = 31;

/** How many of a list are named. */
const NAMED = 10;

export function showTally(tally: Tally, verdict: Verdict): string {
	const { submission, imap, pop3, accounts, clients, cut } = tally;
	const span = covered(tally);
	const parts = [
		span === null ? '' : `Submissions from ${span.first} to ${span.last}, days as the log has them\n\n${chart(tally)}\n`,
		totals('Submissions', '465', '587', submission),
		tally.elsewhere === 0 ? '' : `Elsewhere: ${tally.elsewhere} with a login, over port 25 or another that is neither\n`,
		totals('IMAP logins', '993', '143', imap),
		totals('POP3 logins', '995', '110', pop3),
		holdouts('Accounts', accounts, cut.accounts),
		holdouts('Clients’ addresses', clients, cut.clients),
		clients.some(({ name }) => isOwn(name)) ? OWN : '',
		`\n${paint('bold', sentence(verdict, tally))}\n`,
	];
	// What there is nothing of leaves its blank line behind.
	return parts
		.join('')
		.trimStart()
		.replace(/\n{3,}/g, '\n\n');
}

// RFC 1122 §3.2.1.3, RFC 4291 §2.5.3.
function isOwn(address: string): boolean {
	return address.startsWith('127.') || address === '::1';
}

const OWN = '  127.0.0.1 and ::1 are the server itself: webmail or a script, which no autoconfiguration reaches. Set it to 465 by hand.\n';

function chart(tally: Tally): string {
	const { rows, width, most } = periods(tally, ROWS);
	const unknown = tally.submission.unknown > 0;
	const legend = `${paint('green', '█')} 465  ${paint('yellow', '▒')} 587${unknown ? '  ? not told' : ''}`;
	const lines = rows.map((row) => [row.from, ...numbers(row, unknown), row.logged ? bar(row, most) : paint('dim', 'no log')]);
	return columns(
		rightAligned([[width === 1 ? 'day' : `${width} days`, '465', '587', ...(unknown ? ['?'] : []), 'of all', legend], ...lines]),
	);
}

/** All but the first and the last column, as numbers are read. */
function rightAligned(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
	const widths = rows[0]?.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0))) ?? [];
	return rows.map((row) => row.map((cell, at) => (at === 0 || at === row.length - 1 ? cell : cell.padStart(widths[at] ?? 0))));
}

function numbers(row: Period, unknown: boolean): readonly string[] {
	if (!row.logged) return ['', '', ...(unknown ? [''] : []), ''];
	return [String(row.implicit), String(row.starttls), ...(unknown ? [String(row.unknown)] : []), percent(row)];
}

/** Its length is that of the sum; whatever there is at all of 587, and of what is not told, is seen. */
function bar(row: Period, most: number): string {
	const length = (count: number) => (count === 0 ? 0 : Math.max(1, Math.round((count / most) * BAR)));
	const [starttls, unknown] = [length(row.starttls), length(row.unknown)];
	const implicit = row.implicit === 0 ? 0 : Math.max(1, length(sum(row)) - starttls - unknown);
	return paint('green', '█'.repeat(implicit)) + paint('yellow', '▒'.repeat(starttls)) + '?'.repeat(unknown);
}

function totals(title: string, implicit: string, starttls: string, counts: Readonly<Counts>): string {
	if (sum(counts) === 0) return '';
	if (counts.unknown === sum(counts)) return `${title}: ${counts.unknown}, port not told\n`;
	const unknown = counts.unknown === 0 ? '' : `, ${counts.unknown} port not told`;
	return `${title}: ${counts.implicit} over ${implicit} (implicit TLS), ${counts.starttls} over ${starttls} (STARTTLS)${unknown}\n`;
}

function holdouts(title: string, list: readonly Holdout[], cut: boolean): string {
	if (list.length === 0) return '';
	const rows = list.slice(0, NAMED).map(({ name, count, last }) => [`  ${shown(name, 60)}`, `${count}`, `last on ${last}`]);
	const more = list.length > NAMED ? `  … and ${list.length - NAMED} more (--json names them all)\n` : '';
	const gone = cut ? '  There were more than there is room for: those that had not submitted for longest are left out.\n' : '';
	return `\n${title} over STARTTLS: ${cut ? 'more than ' : ''}${list.length}\n${columns(rows)}${more}${gone}`;
}
