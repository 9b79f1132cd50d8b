import type { Domain, EmailAddress } from './names.ts';

/** Mozilla's placeholders (autoconfig draft §"Placeholders"): the stored form of a login, of hosts and URLs that follow the asking domain. */
export const ADDRESS = '%EMAILADDRESS%';
export const LOCAL_PART = '%EMAILLOCALPART%';
export const DOMAIN = '%EMAILDOMAIN%';

/** Names the placeholders a text has that are not Mozilla's. `%41` and the like in a URL are none. */
export function unknownPlaceholders(text: string): readonly string[] {
	const found = text.match(/%[A-Za-z_]{3,}%/g) ?? [];
	return found.filter((name) => name !== ADDRESS && name !== LOCAL_PART && name !== DOMAIN);
}

/** Puts the asking domain into a host or URL. */
export function withDomain(template: string, domain: Domain | string): string {
	return template.replaceAll(DOMAIN, domain);
}

/** Puts an address into a login, in one pass: what an address brings along is never itself taken for a placeholder. */
export function withAddress(template: string, address: EmailAddress): string {
	return template.replace(/%EMAIL(ADDRESS|LOCALPART|DOMAIN)%/g, (placeholder) => {
		if (placeholder === ADDRESS) return address.text;
		return placeholder === LOCAL_PART ? address.local : address.domain;
	});
}
