/** Finds the address and the domain that a request is about: in its host, path and query. */
import { type Domain, type EmailAddress, parseDomain, parseEmailAddress } from '../model/names.ts';
import { domainBehindServiceLabel } from '../model/service-labels.ts';
import type { Location, WireRequest } from './protocol.ts';

/**
 * The mail domain that a host name means: the name without its service label, or as it is where it has none. A name with a label is never a
 * mail domain itself. Null for an IP address.
 */
export function domainOfHost(host: string): Domain | null {
	const bare = parseDomain(host);
	return bare === null ? null : (domainBehindServiceLabel(bare) ?? bare);
}

/**
 * The domains to look up, in order: the one of the address, then that of the host. The host counts because some clients ask the hoster's
 * name, which they found through the domain's MX record. Null where there is no domain at all.
 */
export function candidateDomains(own: Domain | null, host: string): readonly [Domain, ...Domain[]] | null {
	const ofHost = domainOfHost(host);
	if (own === null) return ofHost === null ? null : [ofHost];
	return ofHost === null || ofHost === own ? [own] : [own, ofHost];
}

/**
 * The first value of a query's parameter, in any letter case of its name; null when it is not there or cannot be decoded.
 * A plus sign is not decoded to a blank: FairEmail, Nextcloud and Parula send addresses unencoded, `user+tag@…` among them.
 */
export function queryParameter(query: string, ...names: readonly string[]): string | null {
	let start = 0;
	for (let read = 0; read < MAX_PARAMETERS; read++) {
		const end = indexOrEnd(query, '&', start);
		const nameEnd = Math.min(indexOrEnd(query, '=', start), end);
		const name = percentDecode(query.slice(start, nameEnd));
		if (name !== null && names.includes(name.toLowerCase())) return percentDecode(query.slice(nameEnd + 1, end));
		if (end === query.length) return null;
		start = end + 1;
	}
	return null;
}

/** Parameters of a query that are looked at: no client sends as many. */
const MAX_PARAMETERS = 32;

function indexOrEnd(text: string, character: string, from: number): number {
	const at = text.indexOf(character, from);
	return at < 0 ? text.length : at;
}

/** Percent-decodes; null for a broken escape. */
export function percentDecode(text: string): string | null {
	// Most texts have no escape but that of an address's @.
	const plain = text.replace('%40', '@');
	if (!plain.includes('%')) return plain;
	try {
		return decodeURIComponent(text);
	} catch {
		return null;
	}
}

/** The last segment of a path, decoded, without `suffix`; null when it cannot be decoded. */
export function lastPathSegment(path: string, suffix = ''): string | null {
	const bare = path.endsWith('/') ? path.slice(0, -1) : path;
	const segment = percentDecode(bare.slice(bare.lastIndexOf('/') + 1));
	return segment === null ? null : segment.slice(0, segment.length - suffix.length);
}

/** The address under one of these names in the query; 'none' when it is absent or empty, 'bad' when it is no address. */
export function parseAddressParameter(query: string, ...names: readonly string[]): EmailAddress | 'none' | 'bad' {
	const text = queryParameter(query, ...names);
	// A parameter whose value cannot be decoded was sent, so it is not absent but bad.
	if (text === null) return isParameterPresent(query, names) ? 'bad' : 'none';
	return text.trim() === '' ? 'none' : (parseEmailAddress(text) ?? 'bad');
}

function isParameterPresent(query: string, names: readonly string[]): boolean {
	const lower = `&${query.toLowerCase()}`;
	return names.some((name) => lower.includes(`&${name}=`));
}

/** A request for an address at a location; `overrides` has what differs from a plain GET. */
export function sampleRequestAt(location: Location, address: EmailAddress, overrides: Partial<WireRequest> = {}): WireRequest {
	const path = location.path.replace('{domain}', address.domain).replace('{address}', encodeURIComponent(address.text));
	const host = location.label === '' ? address.domain : `${location.label}.${address.domain}`;
	return { method: 'GET', host, path, query: '', userAgent: '', contentType: '', body: '', ...overrides };
}
