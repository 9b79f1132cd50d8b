/** octoDNS: the YAML of a zone. octoDNS compares by itself, so the change is the same file with the names that change. */
import type { DnsRecord } from '../../model/dns-record.ts';
import { allRecords, asciiJsonString, keptRecords, relativeName, toRrsets, type ZoneFormat } from './zone-format.ts';

// JSON's strings are YAML's (YAML 1.2 §1.3). octoDNS wants semicolons escaped in TXT.
function yamlValue(record: DnsRecord): string {
	switch (record.type) {
		case 'CNAME':
			return asciiJsonString(`${record.target}.`);
		case 'TXT':
			return asciiJsonString(record.text.replaceAll('\\', '\\\\').replaceAll(';', '\\;'));
		case 'SRV':
			return `{port: ${record.port}, priority: ${record.priority}, target: ${asciiJsonString(record.target === '.' ? '.' : `${record.target}.`)}, weight: ${record.weight}}`;
	}
}

function renderYamlZone(origin: string, records: readonly DnsRecord[]): string {
	const names = new Map<string, string[]>();
	for (const { name, type, ttl, records: set } of toRrsets(records)) {
		const values =
			type === 'CNAME'
				? `    value: ${set.map(yamlValue).join('')}\n`
				: `    values:\n${set.map((record) => `      - ${yamlValue(record)}\n`).join('')}`;
		const relative = relativeName(name, origin);
		const key = relative === '@' ? "''" : relative;
		names.set(key, [...(names.get(key) ?? []), `  - ttl: ${ttl}\n    type: ${type}\n${values}`]);
	}
	// octoDNS insists on sorted names (its enforce_order).
	const sorted = [...names].sort(([a], [b]) => (a < b ? -1 : 1));
	return `---\n${sorted.map(([name, sets]) => `${name}:\n${sets.join('')}`).join('')}`;
}

export const octodns: ZoneFormat = {
	commentPrefix: '#',
	isOneDocument: true,
	title: 'octoDNS, a zone in YAML',
	instructions: 'merge into config/ZONE.yaml',
	renderZone: ({ origin }, expected) => renderYamlZone(origin, allRecords(expected)),
	renderChange({ origin }, changes) {
		// A set in the YAML is the whole set: what stays of it stands beside what comes.
		const sets = changes.map((change) => ({ ...change, records: [...keptRecords(change), ...change.add] }));
		const notes = sets
			.filter(({ records }) => records.length === 0)
			.map(
				({ name, type, remove }) =>
					`take out of the YAML${remove.length === 0 ? ', if it is there and no wildcard gives it' : ''}: ${relativeName(name, origin)} ${type}`,
			);
		const records = sets.flatMap((set) => set.records);
		return { text: records.length === 0 ? '' : renderYamlZone(origin, records), notes };
	},
};
