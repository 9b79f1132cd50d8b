/** A resolver that knows a zone from the records that its provider's API returns. */
import { indexKeptZone } from '../../dns/publish/kept-zone.ts';
import type { KeptZone } from '../../dns/publish/zone-editor.ts';
import { ok } from '../../lib/result.ts';
import type { Resolver } from '../dns/resolver.ts';

/** @param outside asked about what the zone's records do not tell */
export function createKeptZoneResolver(zone: string, kept: KeptZone, outside: Resolver): Resolver {
	const index = indexKeptZone(zone, kept);
	return {
		server: outside.server,
		async query(name, type) {
			const answer = index.answer(name, type);
			if (answer === null) return outside.query(name, type);
			return ok({ rcode: answer.exists ? 'NOERROR' : 'NXDOMAIN', authenticated: false, records: answer.records });
		},
	};
}
