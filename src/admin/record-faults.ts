/** What is wrong with a record that the schema allows: warnings, and fields that are invalid once the domain is filled in. */
import { utcDay } from '../lib/time.ts';
import { resolveConfig } from '../model/config.ts';
import { type LookupResult, recordOfAlias } from '../model/lookup.ts';
import { parseDomain } from '../model/names.ts';
import type { DomainRecord, ServiceRecord } from '../model/record.ts';
import { type RecordName, sampleDomain } from '../model/record-name.ts';
import { domainWarnings, type RecordWarning, recordWarnings } from '../model/warnings.ts';

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

/**
 * Warns of a policy that an alias takes over from its target: senders refuse to deliver to MX hosts that are not in it (RFC 8461 §5), and those of
 * another domain may be others.
 * @param served what the domain is served from
 */
function inheritedPolicyWarnings(record: ServiceRecord, served: DomainRecord): readonly RecordWarning[] {
	if (record.kind !== 'alias' || record.mtaSts !== undefined || served.mtaSts?.mode !== 'enforce') return [];
	const others = served.mtaSts.mx.filter((host) => !host.includes('%EMAILDOMAIN%'));
	if (others.length < served.mtaSts.mx.length) return [];
	return [
		{
			code: 'alias-enforces',
			path: 'of',
			text: `The MTA-STS policy of ${record.of} is enforced for this domain too: mail reaches it at ${others.join(', ')} alone. If its MX records name other hosts, give the alias an mtaSts of its own, or "without": ["mtaSts"]; signpost check compares them.`,
		},
	];
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
