/**
 * The review of a mail server's configuration: what was found, what could not be understood, what was not looked at, and the verdict
 * that follows from all three. What was not understood never counts as being in order.
 */
import { columns, type ExitCode, paint, sanitizeText } from '../terminal.ts';
import { type MailServerFinding, renderFindings } from './mail-server-finding.ts';

/** Something in the configuration that affects how clients reach the server and that the review cannot judge. */
export interface NotUnderstood {
	/** The setting, service, line or file. */
	readonly place: string;
	/** Why it could not be judged. */
	readonly reason: string;
}

/** Something that a configuration file cannot show, such as what stands in a lookup table. */
export interface NotLookedAt {
	readonly place: string;
	readonly reason: string;
}

export interface ServerReview {
	readonly findings: readonly MailServerFinding[];
	readonly notUnderstood: readonly NotUnderstood[];
	readonly notLookedAt: readonly NotLookedAt[];
}

/** `faults`: an error or a warning. `cannot-tell`: no fault was seen, but something was not understood. `nothing-found`: the rest. */
export type ServerVerdict =
	| ({ readonly verdict: 'faults' } & ServerReview)
	| ({ readonly verdict: 'cannot-tell' } & ServerReview & { readonly notUnderstood: readonly [NotUnderstood, ...NotUnderstood[]] })
	| ({ readonly verdict: 'nothing-found' } & ServerReview & { readonly notUnderstood: readonly [] });

export function judgeReview({ findings, notUnderstood, notLookedAt }: ServerReview): ServerVerdict {
	const lists = { findings: onceEach(findings), notLookedAt: withoutRepetition(notLookedAt) };
	const [first, ...others] = withoutRepetition(notUnderstood);
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

function withoutRepetition<T extends NotUnderstood>(items: readonly T[]): readonly T[] {
	return items.filter((each, at) => items.findIndex(({ place, reason }) => place === each.place && reason === each.reason) === at);
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

function renderList(title: string, items: readonly NotUnderstood[]): string {
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
