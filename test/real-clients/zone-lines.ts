/** The zone file that the service prints, as records that a name server of the tests can answer with. */
import type { Answer } from 'dns-packet';

/** One line of the product's zone files: absolute name, TTL, IN, type, data. Comments and empty lines give nothing. */
export function parseZoneLine(line: string): readonly Answer[] {
	const match = /^(\S+)\s+(\d+)\s+IN\s+([A-Z]+)\s+(.+)$/.exec(line.trim());
	if (match === null || line.trimStart().startsWith(';')) return [];
	const [, owner = '', ttl = '', type = '', data = ''] = match;
	const common = { name: withoutDot(owner.toLowerCase()), ttl: Number(ttl), class: 'IN' } as const;
	const fields = data.split(/\s+/);
	switch (type) {
		case 'CNAME':
			return [{ ...common, type, data: withoutDot(data) }];
		case 'MX':
			return [{ ...common, type, data: { preference: Number(fields[0]), exchange: withoutDot(fields[1] ?? '') } }];
		case 'SRV': {
			const [priority, weight, port] = fields.map(Number);
			return [
				{ ...common, type, data: { priority: priority ?? 0, weight: weight ?? 0, port: port ?? 0, target: withoutDot(fields[3] ?? '') } },
			];
		}
		case 'TXT':
			return [{ ...common, type, data: [...data.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text.replace(/\\(.)/g, '$1')) }];
		default:
			throw new Error(`a zone of the product has no ${type}: ${line}`);
	}
}

function withoutDot(name: string): string {
	return name === '.' ? '.' : name.replace(/\.$/, '');
}
