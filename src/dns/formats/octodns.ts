/** The format of octoDNS: the YAML of a zone. octoDNS compares by itself, so a change is printed as the YAML of the changed names. */
import type { DnsRecord } from '../../model/dns-record.ts';
import { allRecords, asciiJsonString, keptRecords, relativeName, toRrsets, type ZoneFormat } from './zone-format.ts';

// A JSON string is a valid YAML string (YAML 1.2 §1.3). octoDNS requires escaped semicolons in TXT.
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
	// octoDNS requires sorted names (its option enforce_order).
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
		// The YAML contains whole sets, so the records that stay are printed beside the new ones.
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
