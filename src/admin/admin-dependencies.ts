import type { ZoneProvider } from '../contract/publication/zone-providers.ts';
import type { WebhookUrlRules } from '../contract/webhooks/webhook-url.ts';
import type { LiveRecord } from '../dns/live-zone.ts';
import type { ZoneEditFailure, ZoneEditor } from '../dns/publish/zone-editor.ts';
import type { QueryType } from '../dns/service-names.ts';
import type { Result } from '../lib/result.ts';
import type { Domain } from '../model/names.ts';
import type { RecordName } from '../model/record-name.ts';
import type { PublishedNames } from '../model/service-labels.ts';
import type { SaveBatches } from '../store/ports/batched-saves.ts';
import type { Hostnames } from '../store/ports/custom-hostnames.ts';
import type { Directory } from '../store/ports/directory.ts';
import type { ImportedRecords } from '../store/ports/imported-records.ts';
import type { RecordHistories } from '../store/ports/record-histories.ts';
import type { SigningKeyStore } from '../store/ports/signing-keys.ts';
import type { Tokens } from '../store/ports/tokens.ts';
import type { UsageReader } from '../store/ports/usage-store.ts';
import type { Webhooks } from '../store/ports/webhooks.ts';
import type { AccessVerifier } from './auth/cloudflare-access.ts';

/** What the admin API needs from the platform and from the stores. */
export interface AdminDependencies {
	readonly recordHistory: RecordHistories;
	readonly directory: Directory & SaveBatches;
	readonly imports: ImportedRecords;
	/** The texts of the copies in KV of up to `MAX_BATCHED_SAVES` records, in one operation; null where there is none. Throws when KV does not answer. */
	readonly readCopies: (names: readonly RecordName[]) => Promise<ReadonlyMap<RecordName, string | null>>;
	/** Whether the objects that have the data are in another jurisdiction than the settings say. */
	readonly isDataElsewhere: () => Promise<boolean>;
	/** Whether KV has lost the records. Throws when KV or the directory does not answer. */
	readonly isStoreLost: () => Promise<boolean>;
	/** An identifier that is given once. */
	readonly newId: () => string;
	readonly tokens: Tokens;
	readonly usage: UsageReader;
	readonly webhooks: Webhooks;
	readonly webhookUrls: WebhookUrlRules;
	/** The custom hostnames; null where the service creates none. */
	readonly hostnames: Hostnames | null;
	/** Lists the names of the records in KV, one page at a time. */
	readonly listKvNames: (cursor: string | null) => Promise<{ readonly names: readonly RecordName[]; readonly cursor: string | null }>;
	/** Writes the mark in KV that says that every record is published. */
	readonly markStore: () => Promise<void>;
	/** The keys that sign profiles, where the store keeps them; null where it does not. */
	readonly signingStore: SigningKeyStore | null;
	/** The operator's token; null where none is set or it is too short. */
	readonly operatorToken: string | null;
	/** Cloudflare Access; null where it is off. */
	readonly accessVerifier: AccessVerifier | null;
	readonly selfService: boolean;
	readonly lookupDns: DnsLookup;
	/** The zones that the service may change. Empty where it may change none, and where it does not know its own name. */
	readonly publishedZones: readonly PublishedZone[];
	/** Fetches the MTA-STS policy at a URL as sending servers do (RFC 8461 §3.3); fails with what stands in the way. */
	readonly fetchPolicy: (url: string) => Promise<Result<string, string>>;
	/**
	 * Fetches a small document from a web server, over https.
	 * @param posted an XML document to send; without one the request is a GET
	 */
	readonly fetchDocument: (url: string, posted?: string) => Promise<Result<FetchedDocument, 'unreachable'>>;
	/** Counts failed log-ins from an IP address, and requests of a caller; false when there were too many. */
	readonly isWithinLoginLimit: RateLimiter;
	readonly isWithinRequestLimit: RateLimiter;
	/** Counts looks into zones at their providers. */
	readonly isWithinZoneLimit: RateLimiter;
	/** The host name that customers' DNS records point to (SERVICE_HOST); null where it is not set. */
	readonly serviceHost: Domain | null;
	/** Which names in DNS lead to the service, for records that do not say (NAMES). */
	readonly publishedNames: PublishedNames;
	/** How long digests of superseded PACC documents stay in the zone, in milliseconds. */
	readonly paccOverlapMs: number;
	/** The current time (Unix time in milliseconds). */
	readonly now: () => number;
	/** Serves the static files of the console. */
	readonly fetchAsset: (request: Request) => Promise<Response>;
}

export interface FetchedDocument {
	readonly bytes: Uint8Array;
	/** The Content-Type header; empty where there is none. */
	readonly contentType: string;
}

/** A zone that the service may change at its provider. */
export interface PublishedZone {
	readonly zone: Domain;
	readonly provider: ZoneProvider;
	/** Opens the zone that holds a domain, which may be another one below this one. */
	readonly open: (domain: Domain) => Promise<Result<ZoneEditor, ZoneEditFailure>>;
}

export type RateLimiter = (key: string) => Promise<boolean>;

/** The records in a DNS answer, with the CNAMEs on the way. Empty where there are none. */
export type DnsLookup = (name: string, type: QueryType) => Promise<Result<readonly LiveRecord[], 'unreachable'>>;
