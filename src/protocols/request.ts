/** Whom a request is about. */
import { type Domain, type EmailAddress, parseDomain, parseEmailAddress } from '../model/names.ts';
import { domainBehindServiceLabel } from '../model/service-labels.ts';
import type { Location, WireRequest } from './protocol.ts';

/** The domains a host name may stand for: without its service label first, then as it is. Empty for an IP address. These alone are the host's own. */
export function domainsOfHost(host: string): readonly Domain[] {
	const bare = parseDomain(host);
	if (bare === null) return [];
	const stripped = domainBehindServiceLabel(bare);
	return stripped === null ? [bare] : [stripped, bare];
}

/** The look-up order: the address's domain, then the host's, so that discovery through the hoster's own name (MX) works. */
export function candidateDomains(own: Domain | null, host: string): readonly [Domain, ...Domain[]] | null {
	const domains = domainsOfHost(host);
	if (own !== null) return [own, ...domains.filter((domain) => domain !== own)];
	const [first, ...rest] = domains;
	return first === undefined ? null : [first, ...rest];
}

/**
 * The first value of a query's parameter, in any letter case of its name; null when it is not there or not decodable.
 * A plus sign stays one: FairEmail, Nextcloud and Parula send addresses as they are, `user+tag@…` among them.
 */
export function queryParameter(query: string, ...names: readonly string[]): string | null {
	for (const pair of query.split('&', 32)) {
		const at = pair.indexOf('=');
		const name = percentDecode(at < 0 ? pair : pair.slice(0, at));
		if (name !== null && names.includes(name.toLowerCase())) return percentDecode(at < 0 ? '' : pair.slice(at + 1));
	}
	return null;
}

/** Percent-decodes; null for a broken escape. */
export function percentDecode(text: string): string | null {
	if (!text.includes('%')) return text;
	try {
		return decodeURIComponent(text);
	} catch {
		return null;
	}
}

/** The last segment of a path, decoded, without `suffix`; null when it is not decodable. */
export function lastPathSegment(path: string, suffix = ''): string | null {
	const bare = path.endsWith('/') ? path.slice(0, -1) : path;
	const segment = percentDecode(bare.slice(bare.lastIndexOf('/') + 1));
	return segment === null ? null : segment.slice(0, segment.length - suffix.length);
}

/** The address under one of these names in the query; 'none' when it is absent or empty, 'bad' when it is no address. */
export function parseAddressParameter(query: string, ...names: readonly string[]): EmailAddress | 'none' | 'bad' {
	const text = queryParameter(query, ...names);
	// A parameter that cannot be decoded was there all the same.
	if (text === null) return isParameterPresent(query, names) ? 'bad' : 'none';
	return text.trim() === '' ? 'none' : (parseEmailAddress(text) ?? 'bad');
}

function isParameterPresent(query: string, names: readonly string[]): boolean {
	const lower = `&${query.toLowerCase()}`;
	return names.some((name) => lower.includes(`&${name}=`));
}

/** A request for an address at a place, as every client sends it; `more` is what the endpoint's clients add. */
export function sampleRequestAt(place: Location, address: EmailAddress, more: Partial<WireRequest> = {}): WireRequest {
	const path = place.path.replace('{domain}', address.domain).replace('{address}', encodeURIComponent(address.text));
	const host = place.label === '' ? address.domain : `${place.label}.${address.domain}`;
	return { method: 'GET', host, path, query: '', userAgent: '', contentType: '', body: '', ...more };
}
