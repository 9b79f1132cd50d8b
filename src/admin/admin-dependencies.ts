import type { LiveRecord } from '../dns/live-zone.ts';
import type { QueryType } from '../dns/service-names.ts';
import type { Result } from '../lib/result.ts';
import type { Domain } from '../model/names.ts';
import type { RecordName } from '../model/record-name.ts';
import type { PublishedNames } from '../model/service-labels.ts';
import type { Directory } from '../store/ports/directory.ts';
import type { RecordHistories } from '../store/ports/record-history.ts';
import type { SigningKeyStore } from '../store/ports/signing-keys.ts';
import type { Tokens } from '../store/ports/tokens.ts';
import type { UsageReader } from '../store/ports/usage-store.ts';
import type { AccessVerifier } from './auth/cloudflare-access.ts';

/** What the admin is made of. */
export interface AdminDependencies {
	readonly recordHistory: RecordHistories;
	readonly directory: Directory;
	readonly tokens: Tokens;
	readonly usage: UsageReader;
	/** The names of the records in KV, a page at a time. */
	readonly listKvNames: (cursor: string | null) => Promise<{ readonly names: readonly RecordName[]; readonly cursor: string | null }>;
	/** Writes the mark that says that every record is published. */
	readonly markStore: () => Promise<void>;
	/** The keys that sign profiles, as far as the store keeps them; null where it keeps none. */
	readonly signingStore: SigningKeyStore | null;
	/** The operator's token; null where none is set, or one that is too short. */
	readonly operatorToken: string | null;
	/** Cloudflare Access; null where it is off. */
	readonly accessVerifier: AccessVerifier | null;
	readonly selfService: boolean;
	readonly lookupDns: DnsLookup;
	/** A small document from a web server, over https. */
	readonly fetchDocument: (url: string) => Promise<Result<FetchedDocument, 'unreachable'>>;
	/** Counts a failed log-in from an address, or a request of a caller; false when there were too many. */
	readonly isWithinLoginLimit: RateLimiter;
	readonly isWithinRequestLimit: RateLimiter;
	/** The name that customers' records point to; null where the operator has not said. */
	readonly serviceHost: Domain | null;
	/** Which names in DNS lead to the service where a record does not say. */
	readonly publishedNames: PublishedNames;
	/** Milliseconds for which old PACC digests stay in the zone. */
	readonly paccOverlapMs: number;
	/** Unix time in milliseconds. */
	readonly now: () => number;
	/** The admin's static pages. */
	readonly fetchAsset: (request: Request) => Promise<Response>;
}

export interface FetchedDocument {
	readonly bytes: Uint8Array;
	/** The Content-Type header; empty where there is none. */
	readonly contentType: string;
}

export type RateLimiter = (key: string) => Promise<boolean>;

/** The records that DNS answers with; a CNAME on the way and what it leads to are among them. Empty where there are none. */
export type DnsLookup = (name: string, type: QueryType) => Promise<Result<readonly LiveRecord[], 'unreachable'>>;
