/** Separates the changes that can be made in a zone from those that would have no effect there. Pure. */
import type { Remark } from '../../lib/result.ts';
import { ADDRESS_TYPES } from '../service-names.ts';
import type { RrsetChange, ZoneComparison } from '../zone-comparison.ts';
import { indexKeptZone } from './kept-zone.ts';
import type { KeptZone } from './zone-editor.ts';

/**
 * The comparison without the changes that cannot be made, which it names in `blocked` with the others.
 * @param kept what the provider keeps; null where the zone was read by DNS queries
 */
export function withoutImpossibleChanges(zone: string, comparison: ZoneComparison, kept: KeptZone | null): ZoneComparison {
	if (kept === null) return comparison;
	const { isDelegated } = indexKeptZone(zone, kept);
	const possible: RrsetChange[] = [];
	const remarks: Remark[] = [];
	for (const change of comparison.changes) {
		const place = `${change.name} ${change.type}`;
		if (kept.opaqueNames.has(change.name)) {
			const made = `${ADDRESS_TYPES.join(' and ')} that the provider makes up (a proxied or computed record)`;
			remarks.push({ place, reason: `DNS answers ${made}: change it there` });
		} else if (isDelegated(change.name))
			remarks.push({ place, reason: `the name is in another zone, to which ${zone} delegates it: change it there` });
		else possible.push(change);
	}
	return { ...comparison, changes: possible, blocked: [...comparison.blocked, ...remarks] };
}
