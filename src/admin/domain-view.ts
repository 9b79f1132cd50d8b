/** What the admin API answers about a record (with its warnings, its DNS records, and the state of its copy in KV) and about a change to it. */
import { actorKind } from '../contract/acts.ts';
import type { DomainView, RevisionView } from '../contract/views.ts';
import { type ChangeImpact, computeImpact } from '../dns/impact.ts';
import { toZoneLines } from '../dns/zone-file.ts';
import { isoTime } from '../lib/time.ts';
import type { EmailAddress } from '../model/names.ts';
import type { ServiceRecord } from '../model/record.ts';
import type { RecordName } from '../model/record-name.ts';
import type { RecordHead, RevisionSummary } from '../store/ports/record-history.ts';
import type { AdminDependencies } from './admin-dependencies.ts';
import { readExpectedDns, serviceSite } from './domain-dns.ts';
import { warningsFor } from './record-faults.ts';
import { findResolvedRecord, sampleAddress, storedRecord } from './resolved-record.ts';

export async function readDomainView(head: RecordHead, name: RecordName, dependencies: AdminDependencies): Promise<DomainView> {
	const { latest, externalEdit, published } = head;
	const record = storedRecord(latest?.record ?? null);
	const address = sampleAddress(name);
	const lookup = await findResolvedRecord(record, name, address.domain, dependencies);
	const copy = externalEdit !== null ? 'edited-outside' : published < (latest?.revision ?? 0) ? 'propagating' : 'current';
	return {
		domain: name,
		revision: latest?.revision ?? 0,
		state: latest === null ? 'absent' : record === null ? 'deleted' : 'live',
		copy,
		record,
		latest: latest === null ? null : revisionView(latest),
		outside: externalEdit,
		warnings: record === null ? [] : warningsFor(record, lookup, dependencies.now()),
		dns: toZoneLines(await readExpectedDns(lookup, address, latest, name, serviceSite(dependencies), dependencies)),
	};
}

export function revisionView({ revision, at, author, token, act, note, tags }: RevisionSummary): RevisionView {
	return { revision, at: isoTime(at), author, kind: actorKind(author, token), token, act, note, tags };
}

/** What changes, for this address, between one record and another. */
export async function findChangeImpact(
	before: ServiceRecord | null,
	after: ServiceRecord | null,
	name: RecordName,
	address: EmailAddress,
	dependencies: AdminDependencies,
): Promise<ChangeImpact> {
	const sides = [
		await findResolvedRecord(before, name, address.domain, dependencies),
		await findResolvedRecord(after, name, address.domain, dependencies),
	] as const;
	return computeImpact(...sides, address, serviceSite(dependencies), dependencies.now());
}
