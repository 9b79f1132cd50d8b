/** Every limit of the admin API. The handlers enforce them and the reference states them, both from here. */

/** Bytes of a record, as JSON without white space. */
export const MAX_RECORD_BYTES = 32_768;
/** Bytes of a JSON body: a record, its note and tags, and room for white space. */
export const MAX_BODY_BYTES = 131_072;
/** Bytes of an autoconfig document or an automx2 seed. */
export const MAX_IMPORT_SOURCE_BYTES = 262_144;
/** Bytes of an import's body, and of one of its lines. */
export const MAX_IMPORT_BYTES = 33_554_432;
export const MAX_IMPORT_LINE_BYTES = 65_536;
/** Lines of one import at most: each costs a subrequest where its record has a keeper of its own, and a Worker has 10,000. */
export const MAX_LINES_PER_REQUEST = 5000;
/**
 * Records of one export at most: a page of the list for each thousand and a read of copies for each hundred are 44 subrequests, of which a
 * Worker has 50 on Cloudflare's free plan.
 */
export const MAX_EXPORTED_RECORDS = 4000;
/** Record keepers that are called at the same time: a Worker has six connections. */
export const MAX_CONCURRENT_SUBREQUESTS = 6;
/** Copies that are read together: KV reads a hundred keys in one operation. */
export const MAX_COPIES_PER_READ = 100;
/** Records of an import that are saved together: their copies are read in one operation. */
export const MAX_BATCHED_SAVES = MAX_COPIES_PER_READ;
/** Entries of a page: the default, and the maximum. */
export const DEFAULT_PAGE_SIZE = 100;
export const MAX_PAGE_SIZE = 1000;
/** Records of one request of a bulk edit: each costs some subrequests. */
export const MAX_BULK_EDIT_RECORDS = 500;
/** Different changes that the answer to a bulk edit lists; the others are counted together. */
export const MAX_BULK_EDIT_CHANGES = 100;
/** Characters of a text to search the records for. */
export const MAX_SEARCH_LENGTH = 200;
/** Characters of a note, tags of a record and domains of a token at most; days until a token ends: the default, and the maximum. */
export const MAX_NOTE_LENGTH = 500;
export const MAX_TAGS = 20;
export const MAX_TOKEN_DOMAINS = 1000;
export const DEFAULT_TOKEN_DAYS = 90;
export const MAX_TOKEN_DAYS = 730;
/** Characters of a token in a request. Tokens that the service creates have 43; the ADMIN_TOKEN is the operator's choice. */
export const MAX_TOKEN_LENGTH = 4096;
/** Hours or days of usage numbers in one answer at most. */
export const MAX_USAGE_STEPS = 400;
/** Characters of the operator's token, at least: 32 of base64 are 192 bits. */
export const MIN_ADMIN_TOKEN_LENGTH = 32;
/**
 * Requests a minute with one token, or from one IP address without a token; failed log-ins a minute from one IP address. The bindings in
 * wrangler.toml have the same numbers, and a test compares them.
 */
export const MAX_REQUESTS_PER_MINUTE = 1200;
export const MAX_LOGIN_FAILURES_PER_MINUTE = 10;
/** Looks into a zone at its provider a minute, with one token. */
export const MAX_ZONE_REQUESTS_PER_MINUTE = 10;
/** Webhooks of one token with all that come from it, of one person, or of the operator. */
export const MAX_WEBHOOKS_PER_OWNER = 20;
/** Messages that wait for one webhook at most: what happens then is counted, and not sent. */
export const MAX_WAITING_MESSAGES = 10_000;
/** Days of nothing but failures after which a webhook is disabled. */
export const MAX_FAILING_DAYS = 5;
/** Milliseconds in which a receiver must answer. */
export const WEBHOOK_TIMEOUT_MS = 10_000;
