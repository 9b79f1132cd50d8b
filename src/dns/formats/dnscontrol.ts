/** DNSControl: a D_EXTEND, so that the domain's other records, which stand in its own D(), stay. DNSControl compares by itself. */
import type { DnsRecord } from '../../model/dns-record.ts';
import { TTL } from '../zone.ts';
import { allRecords, type Format, relativeName, removalNotes } from './format.ts';

function line(record: DnsRecord, origin: string): string {
	const name = JSON.stringify(relativeName(record.name, origin));
	switch (record.type) {
		case 'CNAME':
			return `CNAME(${name}, ${JSON.stringify(`${record.target}.`)}, TTL(${TTL}))`;
		case 'TXT':
			return `TXT(${name}, ${JSON.stringify(record.text)}, TTL(${TTL}))`;
		case 'SRV': {
			const target = JSON.stringify(record.target === '.' ? '.' : `${record.target}.`);
			return `SRV(${name}, ${record.priority}, ${record.weight}, ${record.port}, ${target}, TTL(${TTL}))`;
		}
	}
}

function extend(origin: string, records: readonly DnsRecord[]): string {
	return `D_EXTEND(${JSON.stringify(origin)},\n${records.map((record) => `  ${line(record, origin)},\n`).join('')});\n`;
}

export const dnscontrol: Format = {
	title: 'DNSControl, JavaScript',
	use: 'put into dnsconfig.js behind the domain’s D(), then dnscontrol preview',
	zone: ({ origin }, expected) => extend(origin, allRecords(expected)),
	change({ origin }, changes) {
		const added = changes.flatMap(({ add }) => add);
		return { text: added.length === 0 ? '' : extend(origin, added), notes: removalNotes(changes) };
	},
};
