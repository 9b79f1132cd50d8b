/** The requests of the admin API to other servers: DNS over HTTPS, and web servers that have an autoconfig document. */
import * as v from 'valibot';
import { MAX_IMPORT_SOURCE_BYTES } from '../contract/limits.ts';
import type { LiveRecord } from '../dns/live-zone.ts';
import { parseTxtRdata, renderRdata } from '../dns/zone-file.ts';
import { readLimited } from '../lib/read-limited.ts';
import { err, ok } from '../lib/result.ts';
import { parseHttpsUrl } from '../model/names.ts';
import type { AdminDependencies, DnsLookup } from './admin-dependencies.ts';

/** The time limit for an answer, in milliseconds. */
const TIMEOUT_MS = 5000;

const DnsJsonResponse = v.object({
	Status: v.number(),
	Answer: v.optional(v.array(v.object({ name: v.string(), type: v.number(), TTL: v.optional(v.number(), 0), data: v.string() })), []),
});

/** RFC 1035 §3.2.2, RFC 3596 §2.1, RFC 2782, RFC 6672, RFC 8659. */
const RECORD_TYPES = new Map([
	[1, 'A'],
	[2, 'NS'],
	[5, 'CNAME'],
	[15, 'MX'],
	[16, 'TXT'],
	[28, 'AAAA'],
	[33, 'SRV'],
	[39, 'DNAME'],
	[257, 'CAA'],
]);
/** Response codes (RFC 1035 §4.1.1): no error, and the name does not exist. An answer with NXDOMAIN may still contain a CNAME that led to the name. */
const [NOERROR, NXDOMAIN] = [0, 3];

/** Looks up names at a DNS-over-HTTPS server that answers in JSON, as those of Cloudflare and Google do. */
export function dnsOverHttps(server: string): DnsLookup {
	return async (name, type) => {
		try {
			const url = `${server}?name=${encodeURIComponent(name)}&type=${type}`;
			const response = await fetch(url, { headers: { Accept: 'application/dns-json' }, signal: AbortSignal.timeout(TIMEOUT_MS) });
			if (!response.ok) return err('unreachable');
			const parsed = v.safeParse(DnsJsonResponse, await response.json());
			if (!parsed.success) return err('unreachable');
			const { Status, Answer } = parsed.output;
			if (Status !== NOERROR && Status !== NXDOMAIN) return err('unreachable');
			return ok(
				Answer.flatMap(({ name: owner, type: number, TTL: ttl, data }): readonly LiveRecord[] => {
					const found = RECORD_TYPES.get(number);
					return found === undefined ? [] : [{ name: normalizeName(owner), type: found, data: normalizeRdata(found, data), ttl }];
				}),
			);
		} catch {
			// fetch throws where it gets no answer, for whatever reason; the caller reports that.
			return err('unreachable');
		}
	};
}

/** A name in lower case, without the root's dot. */
function normalizeName(name: string): string {
	return name.toLowerCase().replace(/\.$/, '');
}

/** Normalises data to the form that `renderData` prints: servers differ in quotes, in letter case and in the root's dot. */
function normalizeRdata(type: string, data: string): string {
	switch (type) {
		case 'TXT':
			return renderRdata({ type: 'TXT', name: '', text: parseTxtRdata(data) });
		case 'CNAME':
		case 'DNAME':
			return `${normalizeName(data)}.`;
		case 'SRV': {
			const [priority, weight, port, target, ...more] = data.trim().split(/\s+/);
			// What is no SRV record is left to whoever reads it.
			return target === undefined || more.length > 0 ? data : `${priority} ${weight} ${port} ${normalizeName(target)}.`;
		}
		default:
			return data.toLowerCase();
	}
}

/** How many redirects, each to https, are followed to a document. */
const MAX_REDIRECTS = 4;

/** Fetches a small document over https alone; redirects to https are followed, as mail clients follow them. */
export const fetchDocument: AdminDependencies['fetchDocument'] = async (url, posted) => {
	const request = posted === undefined ? {} : { method: 'POST', headers: { 'Content-Type': 'text/xml; charset=utf-8' }, body: posted };
	try {
		let next = url;
		for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
			const response = await fetch(next, { ...request, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
			const location = response.status >= 300 && response.status < 400 ? response.headers.get('Location') : null;
			if (location !== null) {
				await response.body?.cancel();
				const target = parseHttpsUrl(new URL(location, next).href);
				if (!target.ok) return err('unreachable');
				next = target.value;
				continue;
			}
			if (!response.ok || response.body === null) return err('unreachable');
			const bytes = await readLimited(response.body, MAX_IMPORT_SOURCE_BYTES);
			return bytes.ok ? ok({ bytes: bytes.value, contentType: response.headers.get('Content-Type') ?? '' }) : err('unreachable');
		}
		return err('unreachable');
	} catch {
		// fetch throws for whatever keeps it from an answer, and URL for a Location that is none.
		return err('unreachable');
	}
};
