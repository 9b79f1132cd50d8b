/** The DNS records that the kept revisions of a record asked for. */

import { givenRecords } from '../dns/given-records.ts';
import type { DnsRecord, DnsTarget } from '../model/dns-record.ts';
import type { LookupResult } from '../model/lookup.ts';
import { type Domain, parseDomain } from '../model/names.ts';
import type { ServiceRecord } from '../model/record.ts';
import { parseRecordKey } from '../model/record-key.ts';
import type { RecordName } from '../model/record-name.ts';
import type { AdminDependencies } from './admin-dependencies.ts';
import { storedRecord } from './domain-view.ts';

/** How many former alias targets of a record have their histories read too. */
const MAX_ALIAS_TARGETS = 4;

/**
 * The history of the record itself, of the record that answers in its place (an alias's target, a wildcard), and of what it was once an
 * alias of.
 */
export async function readGivenRecords(
	side: LookupResult,
	name: RecordName,
	domain: Domain,
	site: DnsTarget,
	parts: AdminDependencies,
): Promise<readonly DnsRecord[]> {
	const own = await readKeptRecords(name, parts);
	const targets = own.flatMap((record) => (record.kind === 'alias' ? (parseDomain(record.of) ?? []) : [])).slice(0, MAX_ALIAS_TARGETS);
	const source = side.ok ? parseRecordKey(side.value.key) : null;
	const others = [...new Set([...targets, ...(source === null ? [] : [source])])].filter((other) => other !== name);
	const theirs = await Promise.all(others.map((other) => readKeptRecords(other, parts)));
	const records = [...own, ...theirs.flat()].filter((record) => record.kind === 'domain');
	return givenRecords(records, domain, site, parts.now());
}

async function readKeptRecords(name: RecordName, { recordHistory }: AdminDependencies): Promise<readonly ServiceRecord[]> {
	return (await recordHistory(name).readKeptRecords()).flatMap((text) => storedRecord(text) ?? []);
}
