/** What a change of a record means for clients, protocol by protocol, and for the zone. Previews and saves both show it. */
import { createTwoFilesPatch } from 'diff';
import { type ClientConfig, resolveConfig } from '../model/config.ts';
import type { DnsTarget } from '../model/dns-record.ts';
import type { LookupResult } from '../model/lookup.ts';
import type { EmailAddress } from '../model/names.ts';
import { renderPreviews, renderWireResponse } from '../protocols/preview.ts';
import { expectedRecords } from './expected.ts';
import { toZoneLines, type ZoneLine } from './zone-file.ts';

/** One endpoint before and after. */
export interface EndpointImpact {
	readonly endpoint: string;
	readonly changed: boolean;
	/** Unified diff of the answer, status and headers included; empty where nothing changed. */
	readonly diff: string;
}

export interface ProtocolImpact {
	readonly protocol: string;
	readonly title: string;
	readonly changed: boolean;
	readonly endpoints: readonly EndpointImpact[];
}

export interface DnsImpact {
	readonly add: readonly ZoneLine[];
	readonly remove: readonly ZoneLine[];
	/** Records to remove when the overlap is over: PACC's old digests, which some clients still use. */
	readonly removeLater: readonly ZoneLine[];
}

export interface ChangeImpact {
	readonly clients: readonly ProtocolImpact[];
	readonly dns: DnsImpact;
}

/**
 * @param address for whom the answers are compared
 * @param now Unix time in milliseconds
 */
export async function computeImpact(
	before: LookupResult,
	after: LookupResult,
	address: EmailAddress,
	site: DnsTarget,
	now: number,
): Promise<ChangeImpact> {
	return { clients: computeClientImpact(before, after, address, now), dns: await computeDnsImpact(before, after, address, site, now) };
}

function computeClientImpact(before: LookupResult, after: LookupResult, address: EmailAddress, now: number): readonly ProtocolImpact[] {
	const old = renderPreviews(before, address, now);
	const protocols = new Map<string, { readonly title: string; readonly endpoints: EndpointImpact[] }>();
	for (const [at, { protocol, title, endpoint, response }] of renderPreviews(after, address, now).entries()) {
		const was = old[at];
		const text = renderWireResponse(response);
		const oldText = was === undefined ? '' : renderWireResponse(was.response);
		const changed = text !== oldText;
		const diff = changed ? createTwoFilesPatch(`before/${endpoint}`, `after/${endpoint}`, oldText, text) : '';
		const known = protocols.get(protocol) ?? { title, endpoints: [] };
		known.endpoints.push({ endpoint, changed, diff });
		protocols.set(protocol, known);
	}
	return [...protocols].map(([protocol, { title, endpoints }]) => ({
		protocol,
		title,
		changed: endpoints.some(({ changed }) => changed),
		endpoints,
	}));
}

async function computeDnsImpact(
	before: LookupResult,
	after: LookupResult,
	address: EmailAddress,
	site: DnsTarget,
	now: number,
): Promise<DnsImpact> {
	const old = domainConfig(before, address, now);
	const current = domainConfig(after, address, now);
	const was = await expectedZoneLines(old, site, []);
	const bare = await expectedZoneLines(current, site, []);
	const overlapping = await expectedZoneLines(current, site, old === null ? [] : [old]);
	return {
		add: zoneLinesNotIn(bare, was),
		remove: zoneLinesNotIn(was, overlapping),
		removeLater: zoneLinesNotIn(overlapping, bare),
	};
}

/** The lines that a zone should contain for a record; empty where there is none. */
export async function expectedZoneLines(
	config: ClientConfig | null,
	site: DnsTarget,
	superseded: readonly ClientConfig[],
): Promise<readonly ZoneLine[]> {
	if (config === null) return [];
	return toZoneLines(await expectedRecords(config, site, superseded));
}

/** What a record offers to the domain of an address; null where there is no record, or it cannot be resolved for that domain. */
export function domainConfig(side: LookupResult, address: EmailAddress, now: number): ClientConfig | null {
	if (!side.ok) return null;
	const { record, domain } = side.value;
	const config = resolveConfig(record, domain, { kind: 'domain', domain: address.domain }, now);
	return config.ok ? config.value : null;
}

function zoneLinesNotIn(lines: readonly ZoneLine[], others: readonly ZoneLine[]): readonly ZoneLine[] {
	const known = new Set(others.map(zoneLineKey));
	return lines.filter((line) => !known.has(zoneLineKey(line)));
}

function zoneLineKey({ name, type, data }: ZoneLine): string {
	return `${name} ${type} ${data}`;
}
