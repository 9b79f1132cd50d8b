/** Converts the records of the library dns-packet, and reads every live record that concerns a domain. */
import type { Answer } from 'dns-packet';
import { dnsQueries, type LiveRecord } from '../../dns/compare.ts';
import { renderRdata } from '../../dns/zone-file.ts';
import { mapConcurrently } from '../../lib/concurrency.ts';
import { ok, type Result } from '../../lib/result.ts';
import type { DnsRecord } from '../../model/dns-record.ts';
import type { Failure } from '../terminal.ts';
import type { Resolver } from './resolver.ts';

/** Null for record types that are not used here. */
export function parseDnsAnswer(answer: Answer): LiveRecord | null {
	const data = presentationFormat(answer);
	if (data === null || !('ttl' in answer)) return null;
	return { name: withoutRootDot(answer.name), type: answer.type, data, ttl: answer.ttl ?? 0 };
}

function presentationFormat(answer: Answer): string | null {
	switch (answer.type) {
		case 'A':
		case 'AAAA':
			return answer.data;
		case 'CNAME':
		case 'NS':
			return withRootDot(answer.data);
		case 'MX':
			return `${answer.data.preference ?? 0} ${withRootDot(answer.data.exchange)}`;
		case 'SRV': {
			const { priority = 0, weight = 0, port, target } = answer.data;
			return `${priority} ${weight} ${port} ${withRootDot(target)}`;
		}
		case 'TXT': {
			// RFC 1035 §3.3.14: several character-strings are joined without a separator.
			const strings = [answer.data].flat().map((part) => (typeof part === 'string' ? Buffer.from(part) : part));
			return renderRdata({ type: 'TXT', name: '', text: Buffer.concat(strings).toString('utf8') });
		}
		case 'CAA':
			return `${answer.data.flags ?? 0} ${answer.data.tag} "${answer.data.value}"`;
		case 'TLSA': {
			const { usage, selector, matchingType, certificate } = answer.data;
			return `${usage} ${selector} ${matchingType} ${certificate.toString('hex')}`;
		}
		default:
			return null;
	}
}

function withoutRootDot(name: string): string {
	return (name.endsWith('.') ? name.slice(0, -1) : name).toLowerCase();
}

function withRootDot(name: string): string {
	return `${withoutRootDot(name)}.`;
}

/** DNS queries at the same time: many small name servers limit the rate of their clients. */
const CONCURRENT_QUERIES = 8;

/** What DNS has at every name that this service could own for the domain, and at the names that are expected. */
export async function readLiveRecords(
	resolver: Resolver,
	domain: string,
	expected: readonly DnsRecord[],
): Promise<Result<readonly LiveRecord[], Failure>> {
	const questions = dnsQueries(domain, expected);
	const replies = await mapConcurrently(questions, CONCURRENT_QUERIES, ({ name, type }) => resolver.query(name, type));
	const found = new Map<string, LiveRecord>();
	for (const [at, reply] of replies.entries()) {
		if (!reply.ok) return reply;
		const asked = questions[at];
		// After a CNAME, the answer continues with records of other names.
		for (const record of reply.value.records)
			if (record.name === asked?.name) found.set(`${record.name} ${record.type} ${record.data}`, record);
	}
	return ok([...found.values()]);
}
