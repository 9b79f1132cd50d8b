/** Lines of a zone, as the admin API tells them, put back under the protocols that they are for. */
import { PROTOCOLS } from '../protocols/registry.ts';
import type { ProtocolDnsRecords } from './expected.ts';
import { parseZoneLine, type ZoneLine } from './zone-file.ts';

/** In the registry's order; what is no record of ours is left out. */
export function toProtocolRecords(lines: readonly ZoneLine[]): readonly ProtocolDnsRecords[] {
	return PROTOCOLS.map(({ id, title, spec }) => ({
		protocol: id,
		title,
		spec,
		records: lines.filter(({ protocol }) => protocol === id).flatMap((line) => parseZoneLine(line) ?? []),
	})).filter(({ records }) => records.length > 0);
}
