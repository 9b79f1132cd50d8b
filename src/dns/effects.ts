/** What a change of a record changes: for clients, protocol by protocol, and in the zone. The same for who previews and who saves. */
import { createTwoFilesPatch } from 'diff';
import type { Result } from '../lib/result.ts';
import { type ClientConfig, resolve } from '../model/config.ts';
import type { Site } from '../model/dns-record.ts';
import type { EmailAddress } from '../model/names.ts';
import type { Problem } from '../model/problem.ts';
import type { Found } from '../protocols/answer.ts';
import { renderAll, renditionText } from '../protocols/renditions.ts';
import { expectedRecords } from './expected.ts';
import { linesOf, type ZoneLine } from './zone.ts';

/** One endpoint before and after. */
export interface EndpointEffect {
	readonly endpoint: string;
	readonly changed: boolean;
	/** Unified diff of the answer, status and headers included; empty where nothing changed. */
	readonly diff: string;
}

export interface ProtocolEffect {
	readonly protocol: string;
	readonly title: string;
	readonly changed: boolean;
	readonly endpoints: readonly EndpointEffect[];
}

export interface ZoneEffect {
	readonly add: readonly ZoneLine[];
	readonly remove: readonly ZoneLine[];
	/** To be taken out when the overlap is over: PACC's old digests, which some clients still hold on to. */
	readonly removeLater: readonly ZoneLine[];
}

export interface Effects {
	readonly clients: readonly ProtocolEffect[];
	readonly dns: ZoneEffect;
}

/** A record, or why there is none. */
export type Side = Result<Found, Problem>;

/**
 * @param address for whom the answers are compared
 * @param now Unix time in milliseconds
 */
export async function effects(before: Side, after: Side, address: EmailAddress, site: Site, now: number): Promise<Effects> {
	return { clients: clientEffects(before, after, address, now), dns: await zoneEffect(before, after, address, site, now) };
}

function clientEffects(before: Side, after: Side, address: EmailAddress, now: number): readonly ProtocolEffect[] {
	const old = renderAll(before, address, now);
	const protocols = new Map<string, { readonly title: string; readonly endpoints: EndpointEffect[] }>();
	for (const [at, { protocol, title, endpoint, rendition }] of renderAll(after, address, now).entries()) {
		const was = old[at];
		const text = renditionText(rendition);
		const oldText = was === undefined ? '' : renditionText(was.rendition);
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

async function zoneEffect(before: Side, after: Side, address: EmailAddress, site: Site, now: number): Promise<ZoneEffect> {
	const old = configOf(before, address, now);
	const current = configOf(after, address, now);
	const was = await zoneLines(old, site, []);
	const bare = await zoneLines(current, site, []);
	const overlapping = await zoneLines(current, site, old === null ? [] : [old]);
	return {
		add: without(bare, was),
		remove: without(was, overlapping),
		removeLater: without(overlapping, bare),
	};
}

/** What should stand in the zone for a record; empty where there is none. */
export async function zoneLines(config: ClientConfig | null, site: Site, earlier: readonly ClientConfig[]): Promise<readonly ZoneLine[]> {
	if (config === null) return [];
	return linesOf(await expectedRecords(config, site, earlier));
}

/** What the address's domain is told by a record; null where there is none, or it does not resolve for it. */
export function configOf(side: Side, address: EmailAddress, now: number): ClientConfig | null {
	if (!side.ok) return null;
	const { record, domain } = side.value;
	const config = resolve(record, domain, { kind: 'domain', domain: address.domain }, now);
	return config.ok ? config.value : null;
}

function without(lines: readonly ZoneLine[], others: readonly ZoneLine[]): readonly ZoneLine[] {
	const known = new Set(others.map(key));
	return lines.filter((line) => !known.has(key(line)));
}

function key({ name, type, data }: ZoneLine): string {
	return `${name} ${type} ${data}`;
}
