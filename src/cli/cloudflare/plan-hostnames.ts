/**
 * What must be done so that every name that records ask for has a custom hostname, and none that was given up keeps one. It is worked out
 * from what Cloudflare has at this moment: an act that was done twice, or whose answer was lost, changes nothing. Pure.
 */
import { type KnownHostname, meaningOf } from '../../hostnames/hostname-states.ts';
import { parseDomain } from '../../model/names.ts';
import { domainBehindServiceLabel } from '../../model/service-labels.ts';

export interface HostnameSituation {
	/** Names that records of the service ask for. */
	readonly wanted: ReadonlySet<string>;
	/** When the record of a domain was deleted, in Unix time in milliseconds, for domains that have no record now. */
	readonly deletedAt: ReadonlyMap<string, number>;
	readonly known: readonly KnownHostname[];
	/** Milliseconds for which a hostname is kept after its record was deleted, because the deletion can be undone. */
	readonly graceMs: number;
	/** Unix time in milliseconds. */
	readonly now: number;
}

export interface HostnamePlan {
	readonly create: readonly string[];
	/** Hostnames that Cloudflare has to check again. */
	readonly recheck: readonly KnownHostname[];
	readonly remove: readonly KnownHostname[];
	/** Hostnames that are wanted and exist, whoever has created them. */
	readonly kept: readonly KnownHostname[];
	/** Hostnames of deleted records that are removed later, with the time in Unix milliseconds. */
	readonly leaving: readonly { readonly known: KnownHostname; readonly at: number }[];
	/** Hostnames that are left alone, because nothing shows that this service created them. */
	readonly others: readonly KnownHostname[];
}

export function planHostnames({ wanted, deletedAt, known, graceMs, now }: HostnameSituation): HostnamePlan {
	const there = new Set(known.map(({ hostname }) => hostname));
	const kept = known.filter(({ hostname }) => wanted.has(hostname));
	const unwanted = known
		.filter(({ hostname }) => !wanted.has(hostname))
		.map((each) => ({ known: each, deleted: deletedAt.get(domainOf(each.hostname) ?? '') ?? null }));
	const leaving = unwanted.flatMap((each) => (each.deleted === null ? [] : [{ known: each.known, at: each.deleted + graceMs }]));
	return {
		create: [...wanted].filter((hostname) => !there.has(hostname)),
		recheck: kept.filter((each) => meaningOf(each) === 'stuck'),
		remove: leaving.filter(({ known: each, at }) => at <= now && meaningOf(each) !== 'going').map((each) => each.known),
		kept,
		leaving: leaving.filter(({ at }) => at > now),
		others: unwanted.filter(({ deleted }) => deleted === null).map((each) => each.known),
	};
}

function domainOf(hostname: string): string | null {
	const name = parseDomain(hostname);
	return name === null ? null : domainBehindServiceLabel(name);
}
