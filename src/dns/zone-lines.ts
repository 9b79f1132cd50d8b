/** Groups the lines of a zone, as the admin API returns them, by the protocols to which they belong. */
import { PROTOCOLS } from '../protocols/registry.ts';
import type { ProtocolDnsRecords } from './expected.ts';
import { parseZoneLine, type ZoneLine } from './zone-file.ts';

/** The groups in the registry's order; lines that are not records of this service are left out. */
export function toProtocolRecords(lines: readonly ZoneLine[]): readonly ProtocolDnsRecords[] {
	return PROTOCOLS.map(({ id, title, spec }) => ({
		protocol: id,
		title,
		spec,
		records: lines.filter(({ protocol }) => protocol === id).flatMap((line) => parseZoneLine(line) ?? []),
	})).filter(({ records }) => records.length > 0);
}
