/** The format of zone files (RFC 1035 §5). A change is printed as a script for nsupdate (RFC 2136). */
import type { DnsRecord } from '../../model/dns-record.ts';
import type { RrsetChange } from '../zone-comparison.ts';
import { RECORD_TTL, renderRdata, renderZoneFile } from '../zone-file.ts';
import type { ZoneFormat } from './zone-format.ts';

export const bind: ZoneFormat = {
	commentPrefix: ';',
	isOneDocument: false,
	title: 'zone file for BIND and NSD',
	instructions: 'append to the zone file; with --diff: nsupdate -k KEY < FILE',
	renderZone: ({ domain }, expected) => renderZoneFile(domain, expected),
	renderChange({ origin }, changes) {
		if (changes.length === 0) return { text: '', notes: [] };
		const lines = changes.flatMap(({ name, type, remove, removeIfPresent, add }) => [
			// RFC 2136 §3.4.2.2: an alias that is added takes the place of the one before, so that the name is never without one.
			...(type === 'CNAME' && add.length > 0
				? []
				: // RFC 2136 §2.5.4: to delete what is not there does nothing.
					[...remove, ...removeIfPresent].map(({ data }) => `update delete ${name}. ${type} ${data}`)),
			...add.map((record) => addLine(name, type, record)),
		]);
		// A CNAME replaces an address: within one message nsupdate applies lines in order (RFC 2136 §3.4.2), so removals come first.
		lines.sort((a, b) => Number(a.startsWith('update add')) - Number(b.startsWith('update add')));
		const again = aliasesInPlaceOfOthers(changes);
		const message = (updates: readonly string[]) => `zone ${origin}.\n${updates.join('\n')}\nsend\n`;
		return { text: message(lines) + (again.length === 0 ? '' : AGAIN_COMMENT + message(again)), notes: [] };
	},
};

const AGAIN_COMMENT = '; once more: in a signed zone Knot passes over an alias that takes the place of an address in one message\n';

function addLine(name: string, type: string, record: DnsRecord): string {
	return `update add ${name}. ${RECORD_TTL} ${type} ${renderRdata(record)}`;
}

/**
 * Lines that add the aliases again that took the place of other records. Elsewhere they do nothing; Knot 3.2.6 takes the NSEC record, which
 * goes with the last address, for one that stays at the name, and adds no alias beside it.
 */
function aliasesInPlaceOfOthers(changes: readonly RrsetChange[]): readonly string[] {
	const emptied = new Set(
		changes
			.filter(({ type, remove, removeIfPresent }) => type !== 'CNAME' && remove.length + removeIfPresent.length > 0)
			.map(({ name }) => name),
	);
	return changes
		.filter(({ name, type }) => type === 'CNAME' && emptied.has(name))
		.flatMap(({ name, type, add }) => add.map((record) => addLine(name, type, record)));
}
