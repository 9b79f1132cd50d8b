/** A format of DNS records that a name server or a provider's tool accepts. */
import type { DnsRecord } from '../../model/dns-record.ts';
import type { ProtocolDnsRecords } from '../expected.ts';
import type { LiveRecord } from '../live-zone.ts';
import type { RrsetChange } from '../zone-comparison.ts';
import { parseZoneLine, RECORD_TTL, renderRdata } from '../zone-file.ts';

export interface ZoneFormat {
	readonly title: string;
	/** How to use what it prints, in one line. */
	readonly instructions: string;
	/** The characters that begin a comment; null where the format has none. */
	readonly commentPrefix: string | null;
	/** Whether what it prints is one document, to which another cannot be appended. */
	readonly isOneDocument: boolean;
	/** Prints every record of a domain. */
	renderZone(domain: ZoneNames, expected: readonly ProtocolDnsRecords[]): string;
	/** Prints only what must change, as a change of this format where it has such a thing. */
	renderChange(domain: ZoneNames, changes: readonly RrsetChange[]): RenderedChange;
}

/** The mail domain, and the DNS zone that holds its records: itself, or a parent. */
export interface ZoneNames {
	readonly domain: string;
	readonly origin: string;
}

export interface RenderedChange {
	readonly text: string;
	/** Changes that the format cannot express, which the operator has to make by hand. */
	readonly notes: readonly string[];
}

/**
 * A JSON string in printable ASCII. JSON leaves U+2028 and the like as they are, which YAML 1.1 and the JavaScript of 2009 take for the end
 * of a line.
 */
export function asciiJsonString(text: string): string {
	return JSON.stringify(text).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A name relative to the zone it stands in; `@` for the zone itself. */
export function relativeName(name: string, origin: string): string {
	if (name === origin) return '@';
	return name.endsWith(`.${origin}`) ? name.slice(0, -origin.length - 1) : `${name}.`;
}

/** All values of one name and type. */
export interface Rrset {
	readonly name: string;
	readonly type: string;
	readonly ttl: number;
	/** In presentation form. */
	readonly values: readonly string[];
}

/** Groups records by name and type, in order of first appearance. */
export function toRrsets(records: readonly DnsRecord[]): readonly (Rrset & { readonly records: readonly DnsRecord[] })[] {
	const sets = new Map<string, DnsRecord[]>();
	for (const record of records) {
		const key = `${record.name} ${record.type}`;
		sets.set(key, [...(sets.get(key) ?? []), record]);
	}
	return [...sets.values()].flatMap((set) => {
		const [first] = set;
		return first === undefined ? [] : [{ name: first.name, type: first.type, ttl: RECORD_TTL, values: set.map(renderRdata), records: set }];
	});
}

/** An RRset as it should be: the records that stay and the new ones; empty where it is removed. */
export function replacementRrset({ name, type, keep, add }: RrsetChange): Rrset {
	return { name, type, ttl: RECORD_TTL, values: [...keep.map(({ data }) => data), ...add.map(renderRdata)] };
}

/** The records of an RRset that stay. */
export function keptRecords({ keep }: RrsetChange): readonly DnsRecord[] {
	return keep.flatMap((live) => parseZoneLine(live) ?? []);
}

export function allRecords(expected: readonly ProtocolDnsRecords[]): readonly DnsRecord[] {
	return expected.flatMap(({ records }) => records);
}

/** Removals in words, for formats whose deletions need an identifier that only the operator's account knows. */
export function removalNotes(changes: readonly RrsetChange[]): readonly string[] {
	const line = ({ name, type, data }: LiveRecord) => `remove: ${name} ${type} ${data}`;
	return changes.flatMap(({ remove, removeIfPresent }) => [
		...remove.map(line),
		...removeIfPresent.map((record) => `${line(record)}, if it is there itself and no wildcard gives it`),
	]);
}
