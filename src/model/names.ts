import { err, ok, type Result } from '../lib/result.ts';

declare const brand: unique symbol;

/** A host or mail domain in A-labels: lower case, LDH, no trailing dot, at least two labels, at most 253 characters. */
export type Domain = string & { readonly [brand]: 'Domain' };

/** A TCP port, 1 to 65535. */
export type Port = number & { readonly [brand]: 'Port' };

/** An absolute https URL without user, password or fragment, as `URL.href` prints it. */
export type HttpsUrl = string & { readonly [brand]: 'HttpsUrl' };

/** Where TLS reports go: a mailto: or https: URI that a TXT record can hold in a list (RFC 8460 §3). */
export type ReportUri = string & { readonly [brand]: 'ReportUri' };

/** A mailbox address: the local part as typed, the domain normalised. `text` is `local@domain`. */
export interface EmailAddress {
	readonly local: string;
	readonly domain: Domain;
	readonly text: string;
}

/**
 * Characters of a domain as it may be typed: 253 in A-labels (RFC 1035 §2.3.4: 255 octets on the wire) and the root's dot. U-labels are never
 * longer.
 */
export const MAX_DOMAIN_LENGTH = 254;

/** Characters of an address: 64 octets of local part, `@`, 255 octets of domain (RFC 5321 §4.5.3.1.1 and §4.5.3.1.2). */
export const MAX_ADDRESS_LENGTH = 320;

/** Characters of a URL in a record. No RFC has a limit; some clients stop at 2083 (Internet Explorer's, which Outlook inherited). */
export const MAX_URL_LENGTH = 2048;

// Two labels or more. RFC 1035 §2.3.1, relaxed by RFC 1123 §2.1: letters, digits, hyphens, 63 at most, no hyphen at either end.
// RFC 3696 §2: a top-level label is not all numeric, which also sets names apart from IPv4 addresses.
const A_LABEL_DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?![0-9]+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

// Characters that a URL parser would not read as part of a host name.
const FORBIDDEN_IN_HOST = /[\p{Cc}\s/\\:?#@%[\]<>^|]/u;

/**
 * A domain name in either form, U-labels or A-labels, any letter case, with or without the root's dot. IP addresses are not names.
 * @returns the A-label form, or null when the text is no domain of two labels or more
 */
export function parseDomain(text: string): Domain | null {
	if (text.length > MAX_DOMAIN_LENGTH) return null;
	// Nearly all names are in this form already, and need no further test.
	if (isALabelDomain(text)) return text;
	if (text.length === 0 || FORBIDDEN_IN_HOST.test(text)) return null;
	const name = toALabels(text);
	return name !== null && isALabelDomain(name) ? name : null;
}

function isALabelDomain(name: string): name is Domain {
	return name.length < MAX_DOMAIN_LENGTH && A_LABEL_DOMAIN.test(name);
}

/** Lower case, A-labels, no trailing dot. ASCII needs no URL parser. */
function toALabels(text: string): string | null {
	const bare = text.endsWith('.') ? text.slice(0, -1) : text;
	if (/^\p{ASCII}*$/u.test(bare)) return bare.toLowerCase();
	try {
		// The URL parser converts with UTS #46 (non-transitional), as every browser does.
		return new URL(`http://${bare}`).hostname;
	} catch {
		return null;
	}
}

/** The parent of a domain: one label less, or null at the top level. */
export function parentDomain(domain: Domain): Domain | null {
	const parent = domain.slice(domain.indexOf('.') + 1);
	return parent.includes('.') ? (parent as Domain) : null;
}

// RFC 6532 §3.1 opens the local part to UTF-8; controls, blanks and halves of surrogate pairs never belong in one that is not quoted.
const FORBIDDEN_IN_LOCAL_PART = /[\p{Cc}\p{Cs}\p{Z}\uFEFF\uFFFE\uFFFF]/u;

/**
 * An address as people and clients write it; blanks around it and `mailto:` before it (RFC 6068) are ignored. The domain is what stands
 * after the last `@`.
 * @returns null when either part is missing, too long (RFC 5321 §4.5.3.1.1: 64 octets) or has characters no mailbox has
 */
export function parseEmailAddress(text: string): EmailAddress | null {
	// The length is checked first: the text comes from a stranger.
	if (text.length > MAX_ADDRESS_LENGTH) return null;
	const trimmed = withoutMailto(text.trim());
	const at = trimmed.lastIndexOf('@');
	if (at < 1) return null;
	const local = trimmed.slice(0, at);
	const domain = parseDomain(trimmed.slice(at + 1));
	if (domain === null || FORBIDDEN_IN_LOCAL_PART.test(local) || local.includes('@')) return null;
	// UTF-8 takes three octets at most for a UTF-16 unit: up to 21 units are never more than 64 octets, and need not be encoded.
	if (local.length > 21 && new TextEncoder().encode(local).length > 64) return null;
	return { local, domain, text: `${local}@${domain}` };
}

const MAILTO = 'mailto:';

/** Links are copied with their scheme, and some programs send it on: without this it would become a part of the login. */
function withoutMailto(text: string): string {
	return text.slice(0, MAILTO.length).toLowerCase() === MAILTO ? text.slice(MAILTO.length) : text;
}

/** An absolute https URL with a domain name for a host, without credentials and fragment; normalised. */
export function parseHttpsUrl(text: string): Result<HttpsUrl, string> {
	if (text.length > MAX_URL_LENGTH) return err(`is longer than ${MAX_URL_LENGTH} characters`);
	let url: URL;
	try {
		url = new URL(text);
	} catch {
		return err('is not an absolute URL');
	}
	if (url.protocol !== 'https:') return err('must start with https://');
	if (url.username !== '' || url.password !== '') return err('must not carry a user name or password');
	if (url.hash !== '') return err('must not carry a fragment (#…)');
	if (parseDomain(url.hostname) === null) return err('needs a domain name for its host');
	// An empty fragment is not in `hash` and yet in `href`: "https://x.example/#".
	return ok(url.href.replace(/#$/, '') as HttpsUrl);
}

/** Characters of a URI that TLS reports go to. The limit keeps several of them within one TXT record. */
export const MAX_REPORT_URI_LENGTH = 320;

/** What can be wrong with a URI that TLS reports go to. */
export const REPORT_URI_FAULTS = {
	length: `must have at most ${MAX_REPORT_URI_LENGTH} characters`,
	scheme: 'must be a mailto: or https: URI',
	separator: 'must have "," as %2C, ";" as %3B and "!" as %21: they separate the parts of the DNS record (RFC 8460)',
	character: 'must have characters of a URI only; others are percent-encoded, as %20 for a blank (RFC 3986)',
	address: 'must have one address, as in mailto:tls-reports@example.org',
	url: 'must have a domain name for its host, no user name and no fragment',
} as const;

// RFC 3986 §2 and RFC 6068 §2, without "!", "," and ";". Letters beyond ASCII are taken in a host alone, which becomes A-labels.
const LOCAL_PART_OF_URI = /^(?:[A-Za-z0-9._~$'*+-]|%[0-9A-Fa-f]{2})+$/;
const REST_OF_URI = /^(?:[A-Za-z0-9._~$'()*+:@/?=&-]|%[0-9A-Fa-f]{2})*$/;
// RFC 5322 §3.2.3: a dot-atom has none of these between its dots.
const FORBIDDEN_IN_ATOM = /[()<>[\]:;@\\,"]/;

/** A URI that TLS reports go to; its host in A-labels. RFC 8460 §3 has them between commas in a TXT record, and semicolons after the list. */
export function parseReportUri(text: string): Result<ReportUri, string> {
	if (text.length > MAX_REPORT_URI_LENGTH) return err(REPORT_URI_FAULTS.length);
	const colon = text.indexOf(':');
	const scheme = text.slice(0, Math.max(colon, 0)).toLowerCase();
	if (scheme !== 'mailto' && scheme !== 'https') return err(REPORT_URI_FAULTS.scheme);
	if (/[!,;]/.test(text)) return err(REPORT_URI_FAULTS.separator);
	const rest = text.slice(colon + 1);
	return scheme === 'mailto' ? parseReportAddress(rest) : parseReportUrl(rest);
}

function parseReportAddress(rest: string): Result<ReportUri, string> {
	const question = rest.indexOf('?');
	const [address, fields] = question < 0 ? [rest, ''] : [rest.slice(0, question), rest.slice(question)];
	const at = address.lastIndexOf('@');
	if (at < 1) return err(REPORT_URI_FAULTS.address);
	const local = address.slice(0, at);
	if (!LOCAL_PART_OF_URI.test(local) || !REST_OF_URI.test(fields)) return err(REPORT_URI_FAULTS.character);
	const domain = parseDomain(address.slice(at + 1));
	const mailbox = domain === null ? null : parseEmailAddress(`${percentDecoded(local)}@${domain}`);
	const isDotAtom = mailbox?.local.split('.').every((atom) => atom !== '' && !FORBIDDEN_IN_ATOM.test(atom)) === true;
	return isDotAtom ? ok(`mailto:${local}@${domain}${fields}` as ReportUri) : err(REPORT_URI_FAULTS.address);
}

function parseReportUrl(rest: string): Result<ReportUri, string> {
	const [, host = '', path = ''] = /^\/\/([^/?#]+)(.*)$/s.exec(rest) ?? [];
	if (!REST_OF_URI.test(path.replace('#', ''))) return err(REPORT_URI_FAULTS.character);
	const url = parseHttpsUrl(`https://${host}${path}`);
	return url.ok ? ok(url.value as string as ReportUri) : err(REPORT_URI_FAULTS.url);
}

/** Percent-decoded; the empty text where the escapes are no UTF-8. */
function percentDecoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return '';
	}
}
