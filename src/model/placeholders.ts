import type { Domain, EmailAddress } from './names.ts';

/** Mozilla's placeholders (autoconfig draft §"Placeholders"): the stored form of a login, of hosts and URLs that follow the asking domain. */
export const ADDRESS_PLACEHOLDER = '%EMAILADDRESS%';
export const LOCAL_PART_PLACEHOLDER = '%EMAILLOCALPART%';
export const DOMAIN_PLACEHOLDER = '%EMAILDOMAIN%';

/** Names the placeholders a text has that are not Mozilla's. `%41` and the like in a URL are none. */
export function unknownPlaceholders(text: string): readonly string[] {
	const found = text.match(/%[A-Za-z_]{3,}%/g) ?? [];
	return found.filter((name) => name !== ADDRESS_PLACEHOLDER && name !== LOCAL_PART_PLACEHOLDER && name !== DOMAIN_PLACEHOLDER);
}

/** Puts the asking domain into a host or URL. */
export function fillDomain(template: string, domain: Domain | string): string {
	return template.replaceAll(DOMAIN_PLACEHOLDER, domain);
}

/** Puts an address into a login, in one pass: what an address brings along is never itself taken for a placeholder. */
export function fillAddress(template: string, address: EmailAddress): string {
	return template.replace(/%EMAIL(ADDRESS|LOCALPART|DOMAIN)%/g, (placeholder) => {
		if (placeholder === ADDRESS_PLACEHOLDER) return address.text;
		return placeholder === LOCAL_PART_PLACEHOLDER ? address.local : address.domain;
	});
}
