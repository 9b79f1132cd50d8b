/** Zone file (RFC 1035 §5); the change is a script for nsupdate (RFC 2136). */
import { renderData, renderZone, TTL } from '../zone.ts';
import type { Format } from './format.ts';

export const bind: Format = {
	title: 'zone file, as BIND and NSD read it',
	use: 'append to the zone file; with --diff: nsupdate -k KEY < FILE',
	zone: ({ domain }, expected) => renderZone(domain, expected),
	change({ origin }, changes) {
		const lines = changes.flatMap(({ name, type, remove, add }) => [
			...remove.map(({ data }) => `update delete ${name}. ${type} ${data}`),
			...add.map((record) => `update add ${name}. ${TTL} ${type} ${renderData(record)}`),
		]);
		// A CNAME replaces an address: within one message nsupdate applies lines in order (RFC 2136 §3.4.2), so removals come first.
		lines.sort((a, b) => Number(a.startsWith('update add')) - Number(b.startsWith('update add')));
		return { text: lines.length === 0 ? '' : `zone ${origin}.\n${lines.join('\n')}\nsend\n`, notes: [] };
	},
};
