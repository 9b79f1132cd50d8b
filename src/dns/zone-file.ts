/** Converts DNS records to and from the lines of a zone file (RFC 1035 §5), as BIND and NSD read it. */

import { HOUR_SECONDS } from '../lib/time.ts';
import type { DnsRecord } from '../model/dns-record.ts';
import { parseDomain } from '../model/names.ts';
import type { ProtocolDnsRecords } from './expected.ts';

/** The TTL of all records: an hour, in seconds. */
export const RECORD_TTL = HOUR_SECONDS;

/** A record to publish or to remove. */
export interface ZoneLine {
	readonly protocol: string;
	/** The absolute name, without the root's dot. */
	readonly name: string;
	/** The TTL in seconds. */
	readonly ttl: number;
	readonly type: string;
	/** The data in presentation form. */
	readonly data: string;
}

/** The records of all protocols, a line each. */
export function toZoneLines(groups: readonly ProtocolDnsRecords[]): readonly ZoneLine[] {
	return groups.flatMap(({ protocol, records }) => records.map((record) => toZoneLine(protocol, record)));
}

/** One record as a line. */
export function toZoneLine(protocol: string, record: DnsRecord): ZoneLine {
	return { protocol, name: record.name, ttl: RECORD_TTL, type: record.type, data: renderRdata(record) };
}

/** The data of a record, in presentation form. */
export function renderRdata(record: DnsRecord): string {
	switch (record.type) {
		case 'CNAME':
			return `${record.target}.`;
		case 'SRV':
			return `${record.priority} ${record.weight} ${record.port} ${record.target === '.' ? '.' : `${record.target}.`}`;
		case 'TXT':
			return characterStrings(record.text).join(' ');
	}
}

/** Parses a line into the record from which it was made; null for a type or data that this service never writes. */
export function parseZoneLine({ name, type, data }: Pick<ZoneLine, 'name' | 'type' | 'data'>): DnsRecord | null {
	switch (type) {
		case 'CNAME': {
			const target = parseDomain(data);
			return target === null ? null : { type, name, target };
		}
		case 'SRV': {
			const fields = /^(\d+) (\d+) (\d+) (\S+)$/.exec(data);
			const target = fields?.[4] === '.' ? '.' : parseDomain(fields?.[4] ?? '');
			if (fields === null || target === null) return null;
			return { type, name, priority: Number(fields[1]), weight: Number(fields[2]), port: Number(fields[3]), target };
		}
		case 'TXT':
			return { type, name, text: parseTxtRdata(data) };
		default:
			return null;
	}
}

// RFC 1035 §5.1: character-strings in quotes, one or several, `\"` and `\DDD` in them; some servers leave the quotes out.
/** The text of a TXT record's data in presentation form, its character-strings joined. */
export function parseTxtRdata(data: string): string {
	const strings = quotedStrings(data);
	return strings.length === 0 ? data : unescapeTxt(strings.join(''));
}

/** The texts between quotes, with their escapes. This is a loop because a regular expression would be slow where a quote is not closed. */
function quotedStrings(data: string): readonly string[] {
	const strings: string[] = [];
	let start = -1;
	for (let at = 0; at < data.length; at += 1) {
		if (start >= 0 && data[at] === '\\') at += 1;
		else if (data[at] === '"' && start < 0) start = at + 1;
		else if (data[at] === '"') {
			strings.push(data.slice(start, at));
			start = -1;
		}
	}
	return strings;
}

function unescapeTxt(text: string): string {
	const parts = [...text.matchAll(/\\(\d{3})|\\(.)|([^\\]+)/gs)].map(([, octet, escaped, plain]) =>
		octet === undefined ? new TextEncoder().encode(escaped ?? plain ?? '') : Uint8Array.of(Number(octet)),
	);
	return new TextDecoder().decode(new Uint8Array(parts.flatMap((part) => [...part])));
}

// RFC 1035 §3.3: a character-string has 255 octets at most; readers join several without anything between.
function characterStrings(text: string): readonly string[] {
	const strings: string[] = [];
	let current = '';
	let octets = 0;
	for (const byte of new TextEncoder().encode(text)) {
		if (octets === 255) {
			strings.push(`"${current}"`);
			current = '';
			octets = 0;
		}
		current += escapeOctet(byte);
		octets += 1;
	}
	return [...strings, `"${current}"`];
}

// RFC 1035 §5.1: a backslash before quote and backslash, three decimal digits for what cannot be printed.
function escapeOctet(byte: number): string {
	const character = String.fromCharCode(byte);
	if (character === '"' || character === '\\') return `\\${character}`;
	return byte < 0x20 || byte > 0x7e ? `\\${String(byte).padStart(3, '0')}` : character;
}

/** Renders the lines of a zone file, grouped by protocol, each group under a comment that says what it is for. */
export function renderZoneFile(domain: string, expected: readonly ProtocolDnsRecords[]): string {
	const width = Math.max(0, ...expected.flatMap(({ records }) => records.map(({ name }) => name.length + 1)));
	const groups = expected.map(({ title, spec, records }) => {
		const lines = records.map(
			(record) => `${`${record.name}.`.padEnd(width)} ${RECORD_TTL} IN ${record.type.padEnd(5)} ${renderRdata(record)}\n`,
		);
		return `\n; ${title} (${spec})\n${lines.join('')}`;
	});
	return `; Mail discovery for ${domain}\n${groups.join('')}`;
}
