/**
 * The review of a mail server's configuration: what was found, what could not be understood, what was not looked at, and the verdict
 * that follows from all three. What was not understood never counts as being in order.
 */
import { type Remark, uniqueRemarks } from '../../lib/result.ts';
import { columns, type ExitCode, paint, sanitizeText } from '../terminal.ts';
import { type MailServerFinding, renderFindings } from './mail-server-finding.ts';

export interface ServerReview {
	readonly findings: readonly MailServerFinding[];
	/** What bears on how clients reach the server, and cannot be judged. */
	readonly notUnderstood: readonly Remark[];
	/** What a configuration file cannot show, such as what stands in a lookup table. */
	readonly notLookedAt: readonly Remark[];
}

/** `faults`: an error or a warning. `cannot-tell`: no fault was seen, but something was not understood. `nothing-found`: the rest. */
export type ServerVerdict =
	| ({ readonly verdict: 'faults' } & ServerReview)
	| ({ readonly verdict: 'cannot-tell' } & ServerReview & { readonly notUnderstood: readonly [Remark, ...Remark[]] })
	| ({ readonly verdict: 'nothing-found' } & ServerReview & { readonly notUnderstood: readonly [] });

export function judgeReview({ findings, notUnderstood, notLookedAt }: ServerReview): ServerVerdict {
	const lists = { findings: onceEach(findings), notLookedAt: uniqueRemarks(notLookedAt) };
	const [first, ...others] = uniqueRemarks(notUnderstood);
	const unknown = first === undefined ? [] : ([first, ...others] as const);
	// Advice does not count as a fault.
	if (findings.some(({ severity }) => severity !== 'advice')) return { verdict: 'faults', ...lists, notUnderstood: unknown };
	if (first !== undefined) return { verdict: 'cannot-tell', ...lists, notUnderstood: [first, ...others] };
	return { verdict: 'nothing-found', ...lists, notUnderstood: [] };
}

/** Removes repeated findings: a setting of the host is found once for each of its services. */
function onceEach(findings: readonly MailServerFinding[]): readonly MailServerFinding[] {
	return [...new Map(findings.map((each) => [`${each.code} ${each.place} ${each.found}`, each])).values()];
}

const EXIT_CODES = { 'nothing-found': 0, faults: 1, 'cannot-tell': 2 } as const satisfies Record<ServerVerdict['verdict'], ExitCode>;

export function reviewExitCode({ verdict }: ServerVerdict): ExitCode {
	return EXIT_CODES[verdict];
}

const SUMMARIES = {
	faults: '',
	'cannot-tell': 'Cannot tell whether this is in order: not everything that bears on it was understood.\n',
	'nothing-found': 'Nothing to find fault with, in what was looked at.\n',
} as const satisfies Record<ServerVerdict['verdict'], string>;

export function renderReview({ verdict, findings, notUnderstood, notLookedAt }: ServerVerdict): string {
	return [
		renderFindings(findings),
		SUMMARIES[verdict],
		renderList('Not understood', notUnderstood),
		renderList('Not looked at', notLookedAt),
	].join('');
}

function renderList(title: string, items: readonly Remark[]): string {
	if (items.length === 0) return '';
	return `\n${paint('bold', title)}\n${columns(items.map(({ place, reason }) => [`  ${sanitizeText(place)}`, sanitizeText(reason, 200)]))}`;
}

export const EMPTY_REVIEW: ServerReview = { findings: [], notUnderstood: [], notLookedAt: [] };

export function mergeReviews(reviews: readonly ServerReview[]): ServerReview {
	return {
		findings: reviews.flatMap(({ findings }) => findings),
		notUnderstood: reviews.flatMap(({ notUnderstood }) => notUnderstood),
		notLookedAt: reviews.flatMap(({ notLookedAt }) => notLookedAt),
	};
}
