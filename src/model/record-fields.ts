/** The schemas of a record's values (domain, host, URL, port …), each used by every field of its kind. */
import * as v from 'valibot';
import { err, ok, type Result } from '../lib/result.ts';
import {
	type HttpsUrl,
	MAX_ADDRESS_LENGTH,
	MAX_DOMAIN_LENGTH,
	parseDomain,
	parseEmailAddress,
	parseHttpsUrl,
	parseReportUri,
	REPORT_URI_FAULTS,
} from './names.ts';
import {
	DOMAIN_PLACEHOLDER,
	fillDomain,
	hasAddressPlaceholder,
	hasStrayPercent,
	hasUnendedPlaceholder,
	LOCAL_PART_PLACEHOLDER,
	unknownPlaceholders,
} from './placeholders.ts';

const CONTROL_CHARACTERS = /[\p{Cc}\p{Cs}\u2028\u2029\uFFFE\uFFFF]/u;

/**
 * What is not seen, or turns round what stands behind it: two names that look the same would be different, and one could look like another
 * (Unicode TR 36). Blanks other than U+0020 look like it.
 */
export const INVISIBLE_CHARACTERS = /[\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;

export const INVISIBLE_CHARACTERS_REASON = 'must not contain invisible characters';

/** For an empty fragment, which `URL.hash` does not show: `https://id.example/#`. */
const ISSUER_FRAGMENT_REASON = 'must not carry a fragment, not even an empty one (#)';

export const STRAY_PERCENT_REASON = 'has a % that begins neither a placeholder such as %EMAILADDRESS% nor an encoded character such as %20';
const UNENDED_PLACEHOLDER_REASON = 'has a placeholder without its % at the end';

/** Reasons for which a record is refused when it is saved, and which did not exist in earlier releases: stored records may have such fields. */
export const REASONS_OF_LATER_RELEASES: ReadonlySet<string> = new Set([
	INVISIBLE_CHARACTERS_REASON,
	REPORT_URI_FAULTS.separator,
	REPORT_URI_FAULTS.character,
	REPORT_URI_FAULTS.address,
	REPORT_URI_FAULTS.url,
	ISSUER_FRAGMENT_REASON,
	STRAY_PERCENT_REASON,
	UNENDED_PLACEHOLDER_REASON,
]);

/** A domain that is filled in for %EMAILDOMAIN% to test whether the result is a valid host or URL. */
const SAMPLE_DOMAIN = 'example.com';

/** A field's title and description. They come before any transformation in a pipe, because JSON Schema is made from what precedes one. */
export type SchemaText = { readonly title: string; readonly description?: string };

function fieldMetadata({ title, description = '' }: SchemaText) {
	return v.metadata<string, SchemaText>({ title, ...(description === '' ? {} : { description }) });
}

/** Text for people: one line, no control characters. */
export function singleLineText(maximum: number, metadata: SchemaText) {
	return v.pipe(
		v.string('must be text'),
		fieldMetadata(metadata),
		v.trim(),
		v.minLength(1, 'must not be empty'),
		v.maxLength(maximum, `must have at most ${maximum} characters`),
		v.check((text) => !CONTROL_CHARACTERS.test(text), 'must not contain control characters or line breaks'),
		v.check((text) => !INVISIBLE_CHARACTERS.test(text), INVISIBLE_CHARACTERS_REASON),
	);
}

/** A mail domain, in U-labels or A-labels; stored in A-labels. */
export function domain(metadata: SchemaText) {
	return v.pipe(
		v.string('must be a domain name'),
		fieldMetadata(metadata),
		v.maxLength(MAX_DOMAIN_LENGTH, `must have at most ${MAX_DOMAIN_LENGTH} characters`),
		v.rawTransform(({ dataset, addIssue, NEVER }) => {
			const name = parseDomain(dataset.value.trim());
			if (name !== null) return name;
			addIssue({ message: 'must be a domain name such as example.org (no IP address, no URL, no port)' });
			return NEVER;
		}),
	);
}

/** A host name, in which %EMAILDOMAIN% stands for the mail domain; stored in A-labels. */
export function host(metadata: SchemaText, wildcard = false) {
	return v.pipe(
		v.string('must be a host name'),
		fieldMetadata(metadata),
		v.maxLength(MAX_DOMAIN_LENGTH, `must have at most ${MAX_DOMAIN_LENGTH} characters`),
		v.rawTransform(({ dataset, addIssue, NEVER }) => {
			const text = dataset.value.trim();
			const star = wildcard && text.startsWith('*.') ? '*.' : '';
			const template = text.slice(star.length);
			const name = parseDomain(fillDomain(template, SAMPLE_DOMAIN));
			if (name !== null) return star + (template.includes(DOMAIN_PLACEHOLDER) ? template : name);
			addIssue({ message: 'must be a host name such as mail.example.org (no IP address, no URL, no port)' });
			return NEVER;
		}),
	);
}

/** Parses an https URL in which %EMAILDOMAIN% may stand: the text as it was typed, and the URL with a sample domain filled in. */
function parseUrlTemplate(typed: string): Result<{ readonly text: string; readonly filled: HttpsUrl }, string> {
	// An empty fragment says nothing, as in `parseHttpsUrl`.
	const text = typed.trim().replace(/#$/, '');
	const filled = parseHttpsUrl(fillDomain(text, SAMPLE_DOMAIN));
	if (!filled.ok) return filled;
	const unknown = unknownPlaceholders(text)[0];
	if (unknown !== undefined) return err(`has ${unknown}, which is no placeholder`);
	return hasStrayPercent(text) ? err(STRAY_PERCENT_REASON) : ok({ text, filled: filled.value });
}

/** The value to store: the normalised URL, unless it has a placeholder to be filled in later. */
function storedUrl({ text, filled }: { readonly text: string; readonly filled: HttpsUrl }): string {
	return text.includes(DOMAIN_PLACEHOLDER) ? text : filled;
}

/** An https URL, in which %EMAILDOMAIN% stands for the mail domain. */
export function url(metadata: SchemaText) {
	return v.pipe(
		v.string('must be a URL'),
		fieldMetadata(metadata),
		v.rawTransform(({ dataset, addIssue, NEVER }) => {
			const parsed = parseUrlTemplate(dataset.value);
			if (parsed.ok) return storedUrl(parsed.value);
			addIssue({ message: parsed.error });
			return NEVER;
		}),
	);
}

/**
 * The https URL of a service. %EMAILDOMAIN% stands for the mail domain, %EMAILADDRESS% and %EMAILLOCALPART% for the user, each as a part of
 * the path or the query.
 */
export function serviceUrl(metadata: SchemaText) {
	return v.pipe(
		v.string('must be a URL'),
		fieldMetadata(metadata),
		v.rawTransform(({ dataset, addIssue, NEVER }) => {
			const parsed = parseUrlTemplate(dataset.value);
			if (!parsed.ok) {
				addIssue({ message: parsed.error });
				return NEVER;
			}
			// A placeholder in another letter case, or with a part that is percent-encoded, would stay as it is.
			if (hasAddressPlaceholder(parsed.value.text) !== hasAddressPlaceholder(parsed.value.filled)) {
				addIssue({ message: 'has a placeholder where none can stand' });
				return NEVER;
			}
			return storedUrl(parsed.value);
		}),
	);
}

/** A URI that reports on failed TLS go to; the host stored in A-labels. */
export function reportUri() {
	return v.pipe(
		v.string('must be text'),
		v.rawTransform(({ dataset, addIssue, NEVER }) => {
			const parsed = parseReportUri(dataset.value.trim());
			if (parsed.ok) return parsed.value as string;
			addIssue({ message: parsed.error });
			return NEVER;
		}),
	);
}

/** An OAuth issuer. It is stored unchanged, because clients compare it as a string (RFC 8414 §3.3). */
export function issuer() {
	return v.pipe(
		v.string('must be a URL'),
		v.rawCheck(({ dataset, addIssue }) => {
			if (!dataset.typed) return;
			const parsed = parseHttpsUrl(dataset.value);
			if (!parsed.ok) addIssue({ message: parsed.error });
			// RFC 8414 §2: no query or fragment components.
			else if (!/^[\x21-\x7E]+$/.test(dataset.value) || dataset.value.includes('?'))
				addIssue({ message: 'must be plain ASCII without a query' });
			else if (dataset.value.includes('#')) addIssue({ message: ISSUER_FRAGMENT_REASON });
		}),
	);
}

/** Characters of a picture that is stored in the record itself as a data: URL; they hold a picture of some 12 KB. */
const MAX_PICTURE_LENGTH = 16_384;

/** A picture: an https URL, or the picture itself as a data: URL. */
export function picture(metadata: SchemaText) {
	return v.pipe(
		v.string('must be a URL'),
		fieldMetadata(metadata),
		v.rawTransform(({ dataset, addIssue, NEVER }) => {
			const text = dataset.value.trim();
			if (text.length > MAX_PICTURE_LENGTH) {
				addIssue({ message: `must have at most ${MAX_PICTURE_LENGTH} characters` });
				return NEVER;
			}
			if (text.startsWith('data:')) {
				const good = /^data:image\/(png|jpeg|webp|gif|svg\+xml);base64,[A-Za-z0-9+/]+={0,2}$/.test(text);
				if (good) return text;
				addIssue({ message: 'must be data:image/…;base64,…' });
				return NEVER;
			}
			const parsed = parseHttpsUrl(text);
			// The URL is put into the set-up page's Content-Security-Policy, where a comma or a semicolon would end it (CSP 3 §2.3.1).
			if (parsed.ok && !/[;,]/.test(parsed.value)) return parsed.value;
			addIssue({ message: parsed.ok ? 'must not contain a comma or a semicolon' : parsed.error });
			return NEVER;
		}),
	);
}

/** A colour as `#rrggbb`. */
export function colour(metadata: SchemaText) {
	return v.pipe(
		v.string('must be a colour'),
		fieldMetadata(metadata),
		v.regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour such as #1f6feb'),
		v.toLowerCase(),
	);
}

export function port() {
	return v.pipe(
		v.number('must be a port number'),
		v.integer('must be a whole number'),
		v.minValue(1, 'must be at least 1'),
		v.maxValue(65535, 'must be at most 65535'),
	);
}

/** A day that exists in the calendar, as YYYY-MM-DD. */
export function day() {
	return v.pipe(
		v.string('must be a date such as 2027-06-30'),
		v.regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a date such as 2027-06-30'),
		v.check((text) => isCalendarDay(text), 'is no day of the calendar'),
	);
}

function isCalendarDay(text: string): boolean {
	const time = Date.parse(`${text}T00:00:00Z`);
	return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** An address of another domain, with %EMAILLOCALPART% for the user. %EMAILDOMAIN% in its domain stands for the mail domain. */
export function addressTemplate(metadata: SchemaText) {
	return v.pipe(
		v.string('must be an address'),
		fieldMetadata(metadata),
		v.maxLength(MAX_ADDRESS_LENGTH, `must have at most ${MAX_ADDRESS_LENGTH} characters`),
		v.rawTransform(({ dataset, addIssue, NEVER }) => {
			const text = dataset.value.trim();
			const at = text.lastIndexOf('@');
			const [local, domainTemplate] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
			const filled = parseEmailAddress(`${local.replaceAll(LOCAL_PART_PLACEHOLDER, 'user')}@${fillDomain(domainTemplate, SAMPLE_DOMAIN)}`);
			if (filled !== null && unknownPlaceholders(text).length === 0 && !/%EMAIL(ADDRESS|DOMAIN)%/.test(local))
				return `${local}@${domainTemplate.includes(DOMAIN_PLACEHOLDER) ? domainTemplate : filled.domain}`;
			addIssue({ message: `must be an address such as ${LOCAL_PART_PLACEHOLDER}@example.onmicrosoft.com` });
			return NEVER;
		}),
	);
}

/** The login that a user types, with Mozilla's placeholders. */
export function login() {
	return v.pipe(
		v.string('must be text'),
		v.maxLength(128, 'must have at most 128 characters'),
		v.rawCheck(({ dataset, addIssue }) => {
			if (!dataset.typed) return;
			const text = dataset.value;
			const unknown = unknownPlaceholders(text)[0];
			if (unknown !== undefined) addIssue({ message: `has ${unknown}, which is no placeholder` });
			else if (hasUnendedPlaceholder(text)) addIssue({ message: UNENDED_PLACEHOLDER_REASON });
			else if (CONTROL_CHARACTERS.test(text) || /\s/.test(text)) addIssue({ message: 'must not contain blanks or control characters' });
			else if (!/%EMAIL(ADDRESS|LOCALPART)%/.test(text))
				addIssue({ message: 'must contain %EMAILADDRESS% or %EMAILLOCALPART%, or every user would have the same login' });
		}),
	);
}
