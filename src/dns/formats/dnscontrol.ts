/** The format of DNSControl: a D_EXTEND, which leaves the domain's other records in its D() alone. DNSControl compares by itself. */
import type { DnsRecord } from '../../model/dns-record.ts';
import { RECORD_TTL } from '../zone-file.ts';
import { allRecords, asciiJsonString, relativeName, removalNotes, type ZoneFormat } from './zone-format.ts';

function renderRecordCall(record: DnsRecord, origin: string): string {
	const name = asciiJsonString(relativeName(record.name, origin));
	switch (record.type) {
		case 'CNAME':
			return `CNAME(${name}, ${asciiJsonString(`${record.target}.`)}, TTL(${RECORD_TTL}))`;
		case 'TXT':
			return `TXT(${name}, ${asciiJsonString(record.text)}, TTL(${RECORD_TTL}))`;
		case 'SRV': {
			const target = asciiJsonString(record.target === '.' ? '.' : `${record.target}.`);
			return `SRV(${name}, ${record.priority}, ${record.weight}, ${record.port}, ${target}, TTL(${RECORD_TTL}))`;
		}
	}
}

function renderDomainExtension(origin: string, records: readonly DnsRecord[]): string {
	return `D_EXTEND(${asciiJsonString(origin)},\n${records.map((record) => `  ${renderRecordCall(record, origin)},\n`).join('')});\n`;
}

export const dnscontrol: ZoneFormat = {
	commentPrefix: '//',
	isOneDocument: false,
	title: 'DNSControl, JavaScript',
	instructions: 'put into dnsconfig.js behind the domain’s D(), then dnscontrol preview',
	renderZone: ({ origin }, expected) => renderDomainExtension(origin, allRecords(expected)),
	renderChange({ origin }, changes) {
		const added = changes.flatMap(({ add }) => add);
		return { text: added.length === 0 ? '' : renderDomainExtension(origin, added), notes: removalNotes(changes) };
	},
};
