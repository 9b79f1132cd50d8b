/** Converts records from the form of the library dns-packet. */
import type { Answer } from 'dns-packet';
import type { LiveRecord } from '../../dns/live-zone.ts';
import { renderRdata } from '../../dns/zone-file.ts';

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
		case 'DNAME':
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
