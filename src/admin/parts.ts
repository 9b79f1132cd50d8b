import type { LiveRecord } from '../dns/compare.ts';
import type { Result } from '../lib/result.ts';
import type { Domain } from '../model/names.ts';
import type { RecordName } from '../model/record-name.ts';
import type { Catalogue } from '../store/catalogue.ts';
import type { Keepers } from '../store/keeper.ts';
import type { Tokens } from '../store/token.ts';
import type { Access } from './access.ts';
import type { Usage } from './usage.ts';

/** What the admin is made of. */
export interface AdminParts {
	readonly keepers: Keepers;
	readonly catalogue: Catalogue;
	readonly tokens: Tokens;
	readonly usage: Usage;
	/** The names of the records in KV, a page at a time. */
	readonly kvNames: (cursor: string | null) => Promise<{ readonly names: readonly RecordName[]; readonly cursor: string | null }>;
	/** The operator's token; null where none is set, or one that is too short. */
	readonly operatorToken: string | null;
	/** Cloudflare Access; null where it is off. */
	readonly access: Access | null;
	readonly selfService: boolean;
	readonly dns: DnsLookup;
	/** A small document from a web server, over https. */
	readonly fetchDocument: (url: string) => Promise<Result<string, 'unreachable'>>;
	/** Counts a failed log-in from an address, or a request of a caller; false when there were too many. */
	readonly limitLogin: Limit;
	readonly limitCaller: Limit;
	/** The name that customers' records point to; null where the operator has not said. */
	readonly serviceHost: Domain | null;
	/** Milliseconds for which old PACC digests stay in the zone. */
	readonly overlap: number;
	/** Unix time in milliseconds. */
	readonly now: () => number;
	/** The admin's static pages. */
	readonly assets: (request: Request) => Promise<Response>;
}

export type Limit = (key: string) => Promise<boolean>;

/** The records that DNS answers with; a CNAME on the way and what it leads to are among them. Empty where there are none. */
export type DnsLookup = (name: string, type: 'A' | 'AAAA' | 'SRV' | 'TXT') => Promise<Result<readonly LiveRecord[], 'unreachable'>>;
