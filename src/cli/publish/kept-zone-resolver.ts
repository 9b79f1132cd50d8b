/** Answers DNS queries about a zone from the records that its provider's API returns, without the delay of caches. */
import type { LiveRecord } from '../../dns/live-zone.ts';
import type { KeptZone } from '../../dns/publish/zone-editor.ts';
import { ok } from '../../lib/result.ts';
import type { Resolver } from '../dns/resolver.ts';

/** @param outside asked about names that are not in the zone, are delegated, or of which DNS answers something else than what is kept */
export function createKeptZoneResolver(zone: string, { records, opaqueNames }: KeptZone, outside: Resolver): Resolver {
	const byName = new Map<string, LiveRecord[]>();
	const existing = new Set<string>([zone]);
	for (const record of records) {
		byName.set(record.name, [...(byName.get(record.name) ?? []), record]);
		// A name above one that exists exists too (RFC 8020).
		for (let name = record.name; name.endsWith(`.${zone}`); name = parentOf(name)) existing.add(name);
	}
	const isDelegated = (name: string): boolean => {
		for (let each = name; each.endsWith(`.${zone}`); each = parentOf(each))
			if (byName.get(each)?.some(({ type }) => type === 'NS' || type === 'DNAME') === true) return true;
		return false;
	};

	/** RFC 4592: a name that does not exist has what stands at the wildcard below the longest name above it that does. */
	function recordsAt(name: string): readonly LiveRecord[] {
		if (existing.has(name)) return byName.get(name) ?? [];
		let encloser = parentOf(name);
		while (!existing.has(encloser)) encloser = parentOf(encloser);
		return (byName.get(`*.${encloser}`) ?? []).map((record) => ({ ...record, name }));
	}

	return {
		server: outside.server,
		async query(name, type) {
			const isInside = name === zone || name.endsWith(`.${zone}`);
			if (!isInside || opaqueNames.has(name) || isDelegated(name)) return outside.query(name, type);
			const here = recordsAt(name);
			const found = here.filter((record) => record.type === type || record.type === 'CNAME');
			const rcode = here.length > 0 || existing.has(name) ? 'NOERROR' : 'NXDOMAIN';
			return ok({ rcode, authenticated: false, records: found });
		},
	};
}

function parentOf(name: string): string {
	return name.slice(name.indexOf('.') + 1);
}
