import type { Domain, EmailAddress } from './names.ts';

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

/** Whether a text depends on who the user is. */
export function hasAddressPlaceholder(text: string): boolean {
	return text.includes(ADDRESS_PLACEHOLDER) || text.includes(LOCAL_PART_PLACEHOLDER);
}

/** Puts the mail domain into a host or URL. */
export function fillDomain(template: string, domain: Domain | string): string {
	return template.replaceAll(DOMAIN_PLACEHOLDER, domain);
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
