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
