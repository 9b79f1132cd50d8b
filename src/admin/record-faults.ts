/** What is wrong with a record that the schema allows: warnings, and fields that are invalid once the domain is filled in. */
import { utcDay } from '../lib/time.ts';
import { resolveConfig } from '../model/config.ts';
import { type LookupResult, recordOfAlias } from '../model/lookup.ts';
import { parseDomain } from '../model/names.ts';
import type { DomainRecord, ServiceRecord } from '../model/record.ts';
import { type RecordName, sampleDomain } from '../model/record-name.ts';
import { domainWarnings, inheritedPolicyWarnings, type RecordWarning, recordWarnings } from '../model/warnings.ts';

/** Warnings about a record: what is allowed and will not work for some clients, an alias without a target included. */
export function warningsFor(record: ServiceRecord, lookup: LookupResult, now: number): readonly RecordWarning[] {
	const served = lookup.ok ? lookup.value : null;
	const warnings = [
		...recordWarnings(record, utcDay(now)),
		...(served === null ? [] : [...domainWarnings(served.record, served.domain), ...inheritedPolicyWarnings(record, served.record)]),
	];
	if (lookup.ok || lookup.error.code !== 'bad-record') return warnings;
	return [...warnings, { code: 'alias-target', path: lookup.error.path, text: `The alias ${lookup.error.reason}: nobody is answered.` }];
}

/** A field that is invalid once the domain is filled in, with the reason that the schema gives. */
export function resolveFault(
	record: ServiceRecord,
	name: RecordName,
	now: number,
): { readonly path: string; readonly reason: string } | null {
	if (record.kind === 'alias' && parseDomain(record.of) === name) return { path: 'record.of', reason: 'names the domain itself' };
	const domain = sampleDomain(name);
	// The alias's own fields are judged without the target, which may be saved later.
	const settings = record.kind === 'alias' ? recordOfAlias(record, NO_SETTINGS) : record;
	const config = resolveConfig(settings, domain, { kind: 'domain', domain }, now);
	return config.ok ? null : { path: `record.${config.error.path}`, reason: config.error.reason };
}

const NO_SETTINGS: DomainRecord = { kind: 'domain', provider: { name: '-' }, services: {} };
