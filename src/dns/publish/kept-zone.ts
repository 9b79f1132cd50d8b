/** Answers DNS queries about a zone from the records that its provider keeps, without the delay of caches. Pure. */
import type { LiveRecord } from '../live-zone.ts';
import type { KeptZone } from './zone-editor.ts';

export interface KeptZoneAnswer {
	readonly records: readonly LiveRecord[];
	/** Whether the name exists, be it without records of the queried type. */
	readonly exists: boolean;
}

export interface KeptZoneIndex {
	/** Null where DNS has to be asked: about names that are not in the zone, are delegated, or of which DNS answers something else. */
	answer(name: string, type: string): KeptZoneAnswer | null;
	/** Whether the records of a name are in another zone: below an NS record or a DNAME. What is added there is never answered. */
	isDelegated(name: string): boolean;
}

export function indexKeptZone(zone: string, { records, opaqueNames }: KeptZone): KeptZoneIndex {
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
		isDelegated,
		answer(name, type) {
			const isInside = name === zone || name.endsWith(`.${zone}`);
			if (!isInside || opaqueNames.has(name) || isDelegated(name)) return null;
			const here = recordsAt(name);
			const found = here.filter((record) => record.type === type || record.type === 'CNAME');
			return { records: found, exists: here.length > 0 || existing.has(name) };
		},
	};
}

function parentOf(name: string): string {
	return name.slice(name.indexOf('.') + 1);
}
