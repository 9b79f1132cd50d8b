/** Every limit of the admin API, in one place: enforced here, stated in the reference. */

/** Bytes of a record, as JSON without white space. */
export const RECORD_LIMIT = 32_768;
/** Bytes of a JSON body: a record, its note and tags, and room for white space. */
export const BODY_LIMIT = 131_072;
/** Bytes of an autoconfig document or an automx2 seed. */
export const SOURCE_LIMIT = 262_144;
/** Bytes of an import's body, and of one of its lines. */
export const IMPORT_LIMIT = 33_554_432;
export const LINE_LIMIT = 65_536;
/** Lines that one import or export takes: each costs a subrequest, of which a Worker has 10,000. */
export const LINES = 5000;
/** Keepers asked at the same time: a Worker has six connections. */
export const AT_ONCE = 6;
/** Entries of a page: when nothing is said, and at most. */
export const PAGE = 100;
export const PAGE_MOST = 1000;
/** Characters of a note; tags of a record; domains of a token; days that a token lives: when nothing is said, and at most. */
export const NOTE = 500;
export const TAGS = 20;
export const TOKEN_DOMAINS = 1000;
export const TOKEN_DAYS = 90;
export const TOKEN_DAYS_MOST = 730;
/** Hours, or days, of usage numbers in one answer. */
export const USAGE_STEPS = 400;
/** Characters of the operator's token, at least: 32 of base64 are 192 bits. */
export const TOKEN_LENGTH = 32;
/** Requests a minute with one token, or from one address without; failed log-ins a minute from one address. As in wrangler.toml, which a test holds to it. */
export const CALLER_REQUESTS = 1200;
export const LOGIN_FAILURES = 10;
