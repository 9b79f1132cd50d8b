/** What the admin asks of others: name servers over HTTPS, and web servers for an autoconfig document. */
import * as v from 'valibot';
import { SOURCE_LIMIT } from '../contract/limits.ts';
import { err, ok } from '../lib/result.ts';
import type { AdminParts, DnsLookup } from './parts.ts';

/** Milliseconds for an answer. */
const PATIENCE = 5000;

const DnsJson = v.object({
	Status: v.number(),
	Answer: v.optional(v.array(v.object({ type: v.number(), data: v.string() })), []),
});

/** RFC 1035 §3.2.2, RFC 2782. */
const TYPES = { TXT: 16, SRV: 33 } as const;
/** RFC 1035 §4.1.1: the name does not exist. */
const NXDOMAIN = 3;

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
			if (Status === NXDOMAIN) return ok([]);
			// A CNAME on the way stands in the answer too.
			return Status === 0 ? ok(Answer.filter((record) => record.type === TYPES[type]).map(({ data }) => data)) : err('unreachable');
		} catch {
			// fetch throws for whatever keeps it from an answer; the caller says so.
			return err('unreachable');
		}
	};
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
