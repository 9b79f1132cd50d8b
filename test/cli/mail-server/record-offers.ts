/** The offers of fixture records, for the tests of mail servers. */
import { isSocketOffer, resolveConfig, type SocketOffer } from '../../../src/model/config.ts';
import type { Domain } from '../../../src/model/names.ts';
import { parseRecord } from '../../../src/model/record.ts';

export const DOMAIN = 'example.com' as Domain;

export function offersOf(services: object, more: object = {}): readonly SocketOffer[] {
	const parsed = parseRecord({ kind: 'domain', provider: { name: 'X' }, services, ...more });
	if (!parsed.ok || parsed.value.kind !== 'domain') throw new Error('no record');
	const config = resolveConfig(parsed.value, DOMAIN, { kind: 'domain', domain: DOMAIN }, 0);
	if (!config.ok) throw new Error(config.error.path);
	return config.value.offers.filter(isSocketOffer);
}
