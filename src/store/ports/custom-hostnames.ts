/** The port to the keeper of custom hostnames (Cloudflare for SaaS). Plain data only, because calls may go over RPC. */
import type { HostnamePhase } from '../../contract/hostnames/hostname-phases.ts';

/** A hostname that a record asks for, or asked for until a while ago. */
export interface HostnameEntry {
	readonly hostname: string;
	/** The domain whose record asks for it. */
	readonly domain: string;
	readonly phase: HostnamePhase;
	/** Cloudflare's names for the states of the hostname and of its certificate; null before it is created. */
	readonly status: string | null;
	readonly certificateStatus: string | null;
	/** Cloudflare's messages about failed checks. */
	readonly errors: readonly string[];
	/** DNS records that let Cloudflare check without the CNAME, as `NAME TYPE VALUE`. */
	readonly validationRecords: readonly string[];
	/** Why the last request about it came to nothing; null where it did not. */
	readonly failure: string | null;
	/** Unix time in milliseconds from which on it is looked at again. */
	readonly nextLookAt: number;
	/** Unix time in milliseconds at which it is removed; null while a record asks for it. */
	readonly leavesAt: number | null;
}

/** How many hostnames there are in the zone, of this service and others, and how many there may be. */
export interface HostnameUsage {
	/** As Cloudflare counts, when it was asked last. */
	readonly used: number;
	/** How many are included in the price. */
	readonly included: number;
	/** How many can be created at most. */
	readonly hardCap: number;
	/** How many this service lets there be (CUSTOM_HOSTNAMES_LIMIT). */
	readonly limit: number;
}

export interface HostnameQuery {
	readonly phase: HostnamePhase | null;
	/** Only hostnames after this one, in alphabetical order; empty for the first page. */
	readonly after: string;
	readonly limit: number;
}

export interface HostnamePage {
	readonly entries: readonly HostnameEntry[];
	/** The `after` of the next page; null on the last page. */
	readonly next: string | null;
	/** How many there are in each phase, on all pages. */
	readonly counts: Readonly<Partial<Record<HostnamePhase, number>>>;
	readonly usage: HostnameUsage | null;
	/** Why nothing is asked of Cloudflare for now, or why nothing is created; null where all is well. */
	readonly failure: string | null;
	/** Unix time in milliseconds until which Cloudflare is not asked because of the failure; null where there is none. */
	readonly pausedUntil: number | null;
}

/** What a record asks for now. */
export type WantedHostnames =
	| { readonly kind: 'live'; readonly revision: number; readonly hostnames: readonly string[] }
	/** There is no record. `at`: when it was deleted, in Unix milliseconds; null where there never was one. */
	| { readonly kind: 'gone'; readonly revision: number; readonly at: number | null }
	/** Nobody can tell, because the record has a fault, or is an alias of a domain that has none. */
	| { readonly kind: 'unclear'; readonly revision: number };

export interface Hostnames {
	/** To be told of every record that was saved, deleted or restored, at least once. Takes names of wildcard records too, which ask for none. */
	recordsChanged(names: readonly string[]): Promise<void>;
	listHostnames(query: HostnameQuery): Promise<HostnamePage>;
	/** The hostnames of one domain. */
	readDomain(domain: string): Promise<Pick<HostnamePage, 'entries' | 'usage' | 'failure' | 'pausedUntil'>>;
	/** Has the hostnames of a domain checked again soon, or created. */
	recheckDomain(domain: string): Promise<void>;
}
