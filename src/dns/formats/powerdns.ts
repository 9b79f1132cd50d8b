/** PowerDNS: the rrsets of its REST API. */
import { allRecords, type Format, type RrSet, rrSets, wholeSet } from './format.ts';

function rrset({ name, type, ttl, values }: RrSet) {
	if (values.length === 0) return { name: `${name}.`, type, changetype: 'DELETE' };
	return { name: `${name}.`, type, ttl, changetype: 'REPLACE', records: values.map((content) => ({ content, disabled: false })) };
}

function patch(sets: readonly RrSet[]): string {
	return `${JSON.stringify({ rrsets: sets.map(rrset) }, null, 2)}\n`;
}

// An address goes before the CNAME that takes its place: PowerDNS applies a patch in order and refuses the two side by side.
function deletionsFirst(sets: readonly RrSet[]): readonly RrSet[] {
	return [...sets].sort((a, b) => Math.min(a.values.length, 1) - Math.min(b.values.length, 1));
}

export const powerdns: Format = {
	title: 'PowerDNS API, a patch of rrsets',
	use: 'curl -X PATCH -H "X-API-Key: $KEY" --json @FILE http://127.0.0.1:8081/api/v1/servers/localhost/zones/ZONE.',
	zone: (_, expected) => patch(rrSets(allRecords(expected))),
	change: (_, changes) => ({ text: changes.length === 0 ? '' : patch(deletionsFirst(changes.map(wholeSet))), notes: [] }),
};
