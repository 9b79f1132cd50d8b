/** Zone file (RFC 1035 §5); the change is a script for nsupdate (RFC 2136). */
import { RECORD_TTL, renderRdata, renderZoneFile } from '../zone-file.ts';
import type { ZoneFormat } from './zone-format.ts';

export const bind: ZoneFormat = {
	commentPrefix: ';',
	isOneDocument: false,
	title: 'zone file, as BIND and NSD read it',
	instructions: 'append to the zone file; with --diff: nsupdate -k KEY < FILE',
	renderZone: ({ domain }, expected) => renderZoneFile(domain, expected),
	renderChange({ origin }, changes) {
		const lines = changes.flatMap(({ name, type, remove, removeIfPresent, add }) => [
			// RFC 2136 §2.5.4: to delete what is not there does nothing.
			...[...remove, ...removeIfPresent].map(({ data }) => `update delete ${name}. ${type} ${data}`),
			...add.map((record) => `update add ${name}. ${RECORD_TTL} ${type} ${renderRdata(record)}`),
		]);
		// A CNAME replaces an address: within one message nsupdate applies lines in order (RFC 2136 §3.4.2), so removals come first.
		lines.sort((a, b) => Number(a.startsWith('update add')) - Number(b.startsWith('update add')));
		return { text: lines.length === 0 ? '' : `zone ${origin}.\n${lines.join('\n')}\nsend\n`, notes: [] };
	},
};
