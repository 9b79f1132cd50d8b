/** A DNS record in the parts that the forms of DNS providers ask for. No I/O. */
import { parseZoneLine, type ZoneLine } from '../../../dns/zone-file.ts';

export interface FormPart {
	/** The label that providers give the field. */
	readonly label: 'Target' | 'Priority' | 'Weight' | 'Port' | 'Text';
	readonly value: string;
}

/** The name as most providers want it: without the domain, which they add themselves; `@` for the domain itself. */
export function relativeName(name: string, origin: string): string {
	if (name === origin) return '@';
	return name.endsWith(`.${origin}`) ? name.slice(0, -origin.length - 1) : name;
}

/** Targets without the dot at the end and texts without quotes: what a form wants, and not what a zone file has. */
export function formParts(line: ZoneLine): readonly FormPart[] {
	const record = parseZoneLine(line);
	switch (record?.type) {
		case 'CNAME':
			return [{ label: 'Target', value: record.target }];
		case 'SRV':
			return [
				{ label: 'Priority', value: String(record.priority) },
				{ label: 'Weight', value: String(record.weight) },
				{ label: 'Port', value: String(record.port) },
				{ label: 'Target', value: record.target },
			];
		case 'TXT':
			return [{ label: 'Text', value: record.text }];
		case undefined:
			return [{ label: 'Text', value: line.data }];
	}
}
