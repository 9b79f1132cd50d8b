/** The format of PowerDNS: the rrsets of its REST API. */
import { allRecords, type Rrset, replacementRrset, toRrsets, type ZoneFormat } from './zone-format.ts';

function powerdnsRrset({ name, type, ttl, values }: Rrset) {
	if (values.length === 0) return { name: `${name}.`, type, changetype: 'DELETE' };
	return { name: `${name}.`, type, ttl, changetype: 'REPLACE', records: values.map((content) => ({ content, disabled: false })) };
}

function renderPatch(sets: readonly Rrset[]): string {
	return `${JSON.stringify({ rrsets: sets.map(powerdnsRrset) }, null, 2)}\n`;
}

// An address goes before the CNAME that takes its place: PowerDNS applies a patch in order and refuses the two side by side.
function deletionsFirst(sets: readonly Rrset[]): readonly Rrset[] {
	return [...sets].sort((a, b) => Math.min(a.values.length, 1) - Math.min(b.values.length, 1));
}

export const powerdns: ZoneFormat = {
	commentPrefix: null,
	isOneDocument: true,
	title: 'PowerDNS API, a patch of rrsets',
	instructions: 'curl -X PATCH -H "X-API-Key: $KEY" --json @FILE http://127.0.0.1:8081/api/v1/servers/localhost/zones/ZONE.',
	renderZone: (_, expected) => renderPatch(toRrsets(allRecords(expected))),
	renderChange: (_, changes) => ({
		text: changes.length === 0 ? '' : renderPatch(deletionsFirst(changes.map(replacementRrset))),
		notes: [],
	}),
};
