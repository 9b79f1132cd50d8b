import { type Domain, type EmailAddress, type HttpsUrl, parseDomain, parseHttpsUrl } from './names.ts';

/**
 * Mozilla's placeholders (autoconfig draft §"Placeholders"). Records hold them in logins, and in hosts and URLs that depend on the mail
 * domain.
 */
export const ADDRESS_PLACEHOLDER = '%EMAILADDRESS%';
export const LOCAL_PART_PLACEHOLDER = '%EMAILLOCALPART%';
export const DOMAIN_PLACEHOLDER = '%EMAILDOMAIN%';

/** The placeholders of a text that Mozilla does not define. Percent-encoding in a URL, such as `%41`, is no placeholder. */
export function unknownPlaceholders(text: string): readonly string[] {
	const found = text.match(/%[A-Za-z_]{3,}%/g) ?? [];
	return found.filter((name) => name !== ADDRESS_PLACEHOLDER && name !== LOCAL_PART_PLACEHOLDER && name !== DOMAIN_PLACEHOLDER);
}

/** Whether a text has one of the placeholders without its end: `%EMAILADDRESS`. */
export function hasUnendedPlaceholder(text: string): boolean {
	return /%EMAIL(ADDRESS|LOCALPART|DOMAIN)(?!%)/i.test(text);
}

/** Whether a URL has a percent sign that begins neither a placeholder nor an octet (RFC 3986 §2.1). */
export function hasStrayPercent(url: string): boolean {
	return /%(?![0-9A-Fa-f]{2})/.test(url.replace(/%EMAIL(ADDRESS|LOCALPART|DOMAIN)%/g, ''));
}

/** Whether a text depends on who the user is. */
export function hasAddressPlaceholder(text: string): boolean {
	return text.includes(ADDRESS_PLACEHOLDER) || text.includes(LOCAL_PART_PLACEHOLDER);
}

/** Puts the mail domain into a host or URL. */
export function fillDomain(template: string, domain: Domain | string): string {
	return template.replaceAll(DOMAIN_PLACEHOLDER, domain);
}

/** Writes the domain into a login in the form that the server wants, so that every client sends the same; the local part stays open. */
export function fillLoginDomain(template: string, domain: string): string {
	return template.replaceAll(ADDRESS_PLACEHOLDER, () => `${LOCAL_PART_PLACEHOLDER}@${domain}`).replaceAll(DOMAIN_PLACEHOLDER, () => domain);
}

/** Puts an address into a login, in one pass: an address that itself contains the text of a placeholder is not filled in again. */
export function fillAddress(template: string, address: EmailAddress): string {
	return template.replace(/%EMAIL(ADDRESS|LOCALPART|DOMAIN)%/g, (placeholder) => {
		if (placeholder === ADDRESS_PLACEHOLDER) return address.text;
		return placeholder === LOCAL_PART_PLACEHOLDER ? address.local : address.domain;
	});
}

/**
 * Puts an address into a URL, percent-encoded so that it is one segment of a path or one value of a query (RFC 3986 §2.1).
 * @returns null where the address would be read as a step in the path: `.` and `..`
 */
export function fillAddressIntoUrl(template: string, address: EmailAddress): string | null {
	if (isPathStep(address) && template.includes(LOCAL_PART_PLACEHOLDER)) return null;
	return template.replace(/%EMAIL(ADDRESS|LOCALPART)%/g, (placeholder) =>
		encodeUriComponent(placeholder === ADDRESS_PLACEHOLDER ? address.text : address.local),
	);
}

/** Whether the local part alone would be a step in a URL's path (RFC 3986 §5.2.4), which no percent-encoding changes. */
export function isPathStep({ local }: EmailAddress): boolean {
	return local === '.' || local === '..';
}

/** RFC 3986 §2.3: all but the unreserved characters. JavaScript's own function leaves five more as they are. */
export function encodeUriComponent(text: string): string {
	return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** A field of the record, by its path, whose text is no host name or URL once the mail domain is filled in for %EMAILDOMAIN%. */
export interface UnresolvableField {
	readonly path: string;
	readonly reason: string;
}

/** Fills the mail domain into the hosts and URLs of a record, and remembers the first one that is not valid afterwards (too long, say). */
export interface TemplateFiller {
	readonly firstFault: () => UnresolvableField | null;
	readonly fail: (path: string, reason: string) => void;
	readonly domain: (path: string, template: string) => Domain;
	readonly pattern: (path: string, template: string) => string;
	readonly url: (path: string, template: string) => HttpsUrl;
}

export function createTemplateFiller(mailDomain: Domain): TemplateFiller {
	let failed: UnresolvableField | null = null;
	const fail = (path: string, reason: string) => {
		failed ??= { path, reason };
	};
	const domain = (path: string, template: string): Domain => {
		// A host without a placeholder is a domain already: the schema has parsed it.
		if (!template.includes(DOMAIN_PLACEHOLDER)) return template as Domain;
		const name = parseDomain(fillDomain(template, mailDomain));
		if (name === null) fail(path, 'is no host name once the asking domain is filled in');
		return name ?? mailDomain;
	};
	const url = (path: string, template: string): HttpsUrl => {
		if (!template.includes(DOMAIN_PLACEHOLDER)) return template as HttpsUrl;
		const parsed = parseHttpsUrl(fillDomain(template, mailDomain));
		if (!parsed.ok) fail(path, `${parsed.error} once the asking domain is filled in`);
		return parsed.ok ? parsed.value : (`https://${mailDomain}/` as HttpsUrl);
	};
	return {
		firstFault: () => failed,
		fail,
		domain,
		url,
		pattern: (path, template) => (template.startsWith('*.') ? `*.${domain(path, template.slice(2))}` : domain(path, template)),
	};
}
