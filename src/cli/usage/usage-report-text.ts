/** Renders the counts for a terminal. */
import { columns, paint, sanitizeText } from '../terminal.ts';
import { type ChartPeriod, groupIntoPeriods, renderStarttlsShare } from './chart-periods.ts';
import { describeDoubts } from './doubt-text.ts';
import { isLoopback } from './evidence/host-record.ts';
import { coveredDays, type LogCounts, sumCounts, type TlsModeCounts } from './evidence/log-counts.ts';
import type { StarttlsUser } from './evidence/starttls-users.ts';
import type { UsageVerdict } from './evidence/usage-verdict.ts';
import { renderVerdictSentence } from './verdict-text.ts';

const BAR_WIDTH = 32;
const MAX_ROWS = 31;

/** How many entries of a list are named. */
const MAX_USERS_NAMED = 10;

export function renderUsageReportText(tally: LogCounts, verdict: UsageVerdict): string {
	const { submission, imap, pop3, accounts, clients, cut } = tally;
	const span = coveredDays(tally);
	const parts = [
		span === null ? '' : `Submissions from ${span.first} to ${span.last}, days as the log has them\n\n${renderTextChart(tally)}\n`,
		renderTotals('Submissions', '465', '587', submission),
		tally.elsewhere === 0 ? '' : `Elsewhere: ${tally.elsewhere} with a login, over port 25 or another that is neither\n`,
		renderDoubts(tally),
		renderTotals('IMAP logins', '993', '143', imap),
		renderTotals('POP3 logins', '995', '110', pop3),
		renderStarttlsUsers('Accounts', accounts, cut.accounts),
		renderStarttlsUsers('Clients’ addresses', clients, cut.clients),
		clients.some(({ name }) => isLoopback(name)) ? LOOPBACK_NOTE : '',
		`\n${paint('bold', renderVerdictSentence(verdict, tally))}\n`,
	];
	// An empty part leaves two blank lines, which are merged here.
	return parts
		.join('')
		.trimStart()
		.replace(/\n{3,}/g, '\n\n');
}

function renderDoubts(tally: LogCounts): string {
	const doubts = describeDoubts(tally).map(({ text }) => text);
	return doubts.length === 0 ? '' : `In doubt: ${doubts.join('; ')}\n`;
}

/** Lists what a verdict that 587 may end does not cover; empty for other verdicts. */
export function renderNotLookedAt(verdict: UsageVerdict): string {
	if (verdict.answer !== 'yes') return '';
	return `\n${paint('bold', 'Not looked at')}\n${verdict.notLookedAt.map((sentence) => `  ${sanitizeText(sentence, 300)}\n`).join('')}`;
}

const LOOPBACK_NOTE =
	'  127.0.0.1 and ::1 are the server itself: webmail or a script, which no autoconfiguration reaches. Set it to 465 by hand.\n';

function renderTextChart(tally: LogCounts): string {
	const { rows, daysPerRow, highest } = groupIntoPeriods(tally, MAX_ROWS);
	const unknown = tally.submission.unknown > 0;
	const legend = `${paint('green', '█')} 465  ${paint('yellow', '▒')} 587${unknown ? '  ? not told' : ''}`;
	const lines = rows.map((row) => [
		row.from,
		...renderPeriodCells(row, unknown),
		row.logged ? renderTextBar(row, highest) : paint('dim', 'no log'),
	]);
	return columns(
		rightAligned([[daysPerRow === 1 ? 'day' : `${daysPerRow} days`, '465', '587', ...(unknown ? ['?'] : []), 'of all', legend], ...lines]),
	);
}

/** Aligns all columns but the first and the last to the right, because they are numbers. */
function rightAligned(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
	const widths = rows[0]?.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0))) ?? [];
	return rows.map((row) => row.map((cell, at) => (at === 0 || at === row.length - 1 ? cell : cell.padStart(widths[at] ?? 0))));
}

function renderPeriodCells(row: ChartPeriod, unknown: boolean): readonly string[] {
	if (!row.logged) return ['', '', ...(unknown ? [''] : []), ''];
	return [String(row.implicit), String(row.starttls), ...(unknown ? [String(row.unknown)] : []), renderStarttlsShare(row)];
}

/** Draws the bar of one row. Its length shows the sum; each kind that occurs at all gets at least one character. */
function renderTextBar(row: ChartPeriod, most: number): string {
	const length = (count: number) => (count === 0 ? 0 : Math.max(1, Math.round((count / most) * BAR_WIDTH)));
	const [starttls, unknown] = [length(row.starttls), length(row.unknown)];
	const implicit = row.implicit === 0 ? 0 : Math.max(1, length(sumCounts(row)) - starttls - unknown);
	return paint('green', '█'.repeat(implicit)) + paint('yellow', '▒'.repeat(starttls)) + '?'.repeat(unknown);
}

function renderTotals(title: string, implicit: string, starttls: string, counts: Readonly<TlsModeCounts>): string {
	if (sumCounts(counts) === 0) return '';
	if (counts.unknown === sumCounts(counts)) return `${title}: ${counts.unknown}, port not told\n`;
	const unknown = counts.unknown === 0 ? '' : `, ${counts.unknown} port not told`;
	return `${title}: ${counts.implicit} over ${implicit} (implicit TLS), ${counts.starttls} over ${starttls} (STARTTLS)${unknown}\n`;
}

function renderStarttlsUsers(title: string, list: readonly StarttlsUser[], cut: boolean): string {
	if (list.length === 0) return '';
	const rows = list
		.slice(0, MAX_USERS_NAMED)
		.map(({ name, count, last }) => [`  ${sanitizeText(name, 60)}`, `${count}`, `last on ${last}`]);
	const more = list.length > MAX_USERS_NAMED ? `  … and ${list.length - MAX_USERS_NAMED} more (--json names them all)\n` : '';
	const gone = cut ? '  There were more than there is room for: those that had not submitted for longest are left out.\n' : '';
	return `\n${title} over STARTTLS: ${cut ? 'more than ' : ''}${list.length}\n${columns(rows)}${more}${gone}`;
}
