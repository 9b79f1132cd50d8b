/** What DNS has of what a record needs, asked now. */

import type { DnsView } from '../contract/views.ts';
import { type LiveRecord, questionsAbout } from '../dns/compare.ts';
import { zoneState } from '../dns/state.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { DnsRecord } from '../model/dns-record.ts';
import { type Domain, parseDomain, parseEmailAddress } from '../model/names.ts';
import type { RecordName } from '../model/record-name.ts';
import { candidateKeys, recordKey } from '../store/keys.ts';
import type { Handler } from './ask.ts';
import { inTurn } from './in-turn.ts';
import type { AdminParts } from './parts.ts';
import { expectedZone, keptRecord, sampleAddress, sideOf } from './show.ts';

export const readDns: Handler = async ({ name, url, parts }) => {
	const domain = domainServed(name, url.searchParams.get('for'));
	if (domain === null) return err({ code: 'invalid', errors: [{ path: 'for', reason: 'must be a domain that the wildcard serves' }] });
	const { latest } = await parts.keepers(name).head(name);
	const side = await sideOf(keptRecord(latest?.record ?? null), name, domain, parts);
	const address = parseEmailAddress(`sample@${domain}`) ?? sampleAddress(name);
	const groups = await expectedZone(side, address, latest, name, parts);
	const seen = await look(
		domain,
		groups.flatMap(({ records }) => records),
		parts,
	);
	if (!seen.ok) return err({ code: 'source-unreachable' });
	const view: DnsView = { domain, site: parts.serviceHost, ...zoneState(groups, seen.value, parts.serviceHost !== null) };
	return ok({ body: view });
};

/** A wildcard stands for many domains: which of them is to be looked at must be said. */
function domainServed(name: RecordName, asked: string | null): Domain | null {
	const own = parseDomain(name);
	if (own !== null) return own;
	const domain = parseDomain(asked ?? '');
	return domain !== null && candidateKeys(domain).includes(recordKey(name)) ? domain : null;
}

/** Some forty questions, of which a Worker on the free plan may ask fifty, a few at a time. Fails where none was answered. */
async function look(
	domain: Domain,
	expected: readonly DnsRecord[],
	{ dns }: AdminParts,
): Promise<Result<Parameters<typeof zoneState>[1], 'unreachable'>> {
	const live = new Map<string, LiveRecord>();
	const unanswered = new Set<string>();
	const questions = questionsAbout(domain, expected);
	let answers = 0;
	for await (const { name, found } of inTurn(questions, async ({ name, type }) => ({ name, found: await dns(name, type) }))) {
		if (!found.ok) {
			unanswered.add(name);
			continue;
		}
		answers += 1;
		// Behind a CNAME the answer goes on with the records of other names.
		for (const record of found.value) if (record.name === name) live.set(`${record.type} ${record.data}@${name}`, record);
	}
	return answers === 0 ? err('unreachable') : ok({ live: [...live.values()], unanswered });
}
