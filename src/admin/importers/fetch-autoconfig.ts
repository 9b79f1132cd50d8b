/** Finds the autoconfig document that a domain has today, in the ways that Thunderbird looks for it, over https alone. */
import { getDomain } from 'tldts';
import { type Domain, parentDomain, parseDomain } from '../../model/names.ts';
import type { AdminDependencies, FetchedDocument } from '../admin-dependencies.ts';

/** A document, and where it was found. */
export interface FoundDocument extends FetchedDocument {
	readonly url: string;
}

/** Mozilla's database of providers. */
const ISPDB = 'https://autoconfig.thunderbird.net/v1.1/';

/**
 * The domain's own document, then the ISPDB's, then those of the domain that its mail goes to (MX). Null where nobody has one.
 * An answer over http could be forged, so there is no way over it.
 */
export async function fetchAutoconfig(
	domain: Domain,
	{ fetchDocument, lookupDns }: Pick<AdminDependencies, 'fetchDocument' | 'lookupDns'>,
): Promise<FoundDocument | null> {
	const own = await firstOf([...ownUrls(domain, domain), `${ISPDB}${domain}`], fetchDocument);
	if (own !== null) return own;
	const exchangers = await lookupDns(domain, 'MX');
	if (!exchangers.ok) return null;
	const hosts = exchangers.value
		.flatMap(({ type, data }) => (type === 'MX' ? [data.trim().split(/\s+/)] : []))
		.sort(([a], [b]) => Number(a) - Number(b));
	const host = parseDomain(hosts[0]?.[1] ?? '');
	if (host === null) return null;
	// Thunderbird (FetchConfig.sys.mjs, forMX) asks for the host without its first label, then for the registrable domain.
	const registrable = parseDomain(getDomain(host, { allowPrivateDomains: false }) ?? '');
	if (registrable === null) return null;
	const parent = host === registrable ? null : parentDomain(host);
	const names = [...new Set([...(parent === null ? [] : [parent]), registrable])].filter((name) => name !== domain);
	return firstOf(
		names.flatMap((name) => [...ownUrls(name, domain).slice(0, 1), `${ISPDB}${name}`]),
		fetchDocument,
	);
}

function ownUrls(at: Domain, domain: Domain): readonly string[] {
	const query = `?emailaddress=sample@${domain}`;
	return [`https://autoconfig.${at}/mail/config-v1.1.xml${query}`, `https://${at}/.well-known/autoconfig/mail/config-v1.1.xml${query}`];
}

async function firstOf(urls: readonly string[], fetchDocument: AdminDependencies['fetchDocument']): Promise<FoundDocument | null> {
	for (const url of urls) {
		const found = await fetchDocument(url);
		if (found.ok) return { ...found.value, url };
	}
	return null;
}
