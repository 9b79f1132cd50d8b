/** What the admin asks of others: name servers over HTTPS, and web servers for an autoconfig document. */
import * as v from 'valibot';
import { SOURCE_LIMIT } from '../contract/limits.ts';
import type { LiveRecord } from '../dns/compare.ts';
import { renderData } from '../dns/zone.ts';
import { err, ok } from '../lib/result.ts';
import type { AdminParts, DnsLookup } from './parts.ts';

/** Milliseconds for an answer. */
const PATIENCE = 5000;

const DnsJson = v.object({
	Status: v.number(),
	Answer: v.optional(v.array(v.object({ name: v.string(), type: v.number(), TTL: v.optional(v.number(), 0), data: v.string() })), []),
});

/** RFC 1035 §3.2.2, RFC 3596 §2.1, RFC 2782. */
const TYPES = new Map([
	[1, 'A'],
	[5, 'CNAME'],
	[16, 'TXT'],
	[28, 'AAAA'],
	[33, 'SRV'],
]);
/** RFC 1035 §4.1.1: no error, and the name does not exist; at the end of a CNAME, that one stands in the answer all the same. */
const [NOERROR, NXDOMAIN] = [0, 3];

/** Looks names up through a server that answers in JSON, as Cloudflare's and Google's do. */
export function dnsOverHttps(server: string): DnsLookup {
	return async (name, type) => {
		try {
			const url = `${server}?name=${encodeURIComponent(name)}&type=${type}`;
			const response = await fetch(url, { headers: { Accept: 'application/dns-json' }, signal: AbortSignal.timeout(PATIENCE) });
			if (!response.ok) return err('unreachable');
			const parsed = v.safeParse(DnsJson, await response.json());
			if (!parsed.success) return err('unreachable');
			const { Status, Answer } = parsed.output;
			if (Status !== NOERROR && Status !== NXDOMAIN) return err('unreachable');
			return ok(
				Answer.flatMap(({ name: owner, type: number, TTL: ttl, data }): readonly LiveRecord[] => {
					const found = TYPES.get(number);
					return found === undefined ? [] : [{ name: bare(owner), type: found, data: presented(found, data), ttl }];
				}),
			);
		} catch {
			// fetch throws for whatever keeps it from an answer; the caller says so.
			return err('unreachable');
		}
	};
}

/** In lower case, without the root's dot. */
function bare(name: string): string {
	return name.toLowerCase().replace(/\.$/, '');
}

/** Data in the form that `renderData` prints: servers differ in quotes, in letter case and in the root's dot. */
function presented(type: string, data: string): string {
	switch (type) {
		case 'TXT':
			return renderData({ type: 'TXT', name: '', text: txtText(data) });
		case 'CNAME':
			return `${bare(data)}.`;
		case 'SRV': {
			const [priority, weight, port, target = ''] = data.trim().split(/\s+/);
			return `${priority} ${weight} ${port} ${bare(target)}.`;
		}
		default:
			return data.toLowerCase();
	}
}

// RFC 1035 §5.1: character-strings in quotes, one or several, `\"` and `\DDD` in them; Google's server leaves the quotes out.
function txtText(data: string): string {
	const strings = [...data.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1] ?? '');
	return strings.length === 0 ? data : unescaped(strings.join(''));
}

function unescaped(text: string): string {
	const bytes = text.matchAll(/\\(\d{3})|\\(.)|([^\\]+)/gs);
	const parts = [...bytes].map(([, octet, escaped, plain]) =>
		octet === undefined ? new TextEncoder().encode(escaped ?? plain) : Uint8Array.of(Number(octet)),
	);
	return new TextDecoder().decode(new Uint8Array(parts.flatMap((part) => [...part])));
}

/** Fetches a small document. https alone, no redirect to anywhere else. */
export const fetchDocument: AdminParts['fetchDocument'] = async (url) => {
	try {
		const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE) });
		if (!response.ok || response.body === null) return err('unreachable');
		const chunks: Uint8Array[] = [];
		let size = 0;
		for await (const chunk of response.body) {
			size += chunk.byteLength;
			if (size > SOURCE_LIMIT) return err('unreachable');
			chunks.push(chunk);
		}
		return ok(await new Blob(chunks).text());
	} catch {
		// As above.
		return err('unreachable');
	}
};
