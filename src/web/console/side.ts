/** The record that answers for a domain: an alias is followed to its target, as the service does it. */
import { useMemo } from 'preact/hooks';
import type { Side } from '../../dns/effects.ts';
import { err, ok } from '../../lib/result.ts';
import type { Domain, EmailAddress } from '../../model/names.ts';
import { parseEmailAddress } from '../../model/names.ts';
import type { ServiceRecord } from '../../model/record.ts';
import { type RecordName, sampleDomain } from '../../model/record-name.ts';
import { type Answer, ask } from './api.ts';
import { useLoad } from './load.ts';

/** For whom answers are shown until somebody else is named. */
export function sampleAddress(name: RecordName): EmailAddress {
	const domain = sampleDomain(name);
	return { local: 'sample', domain, text: `sample@${domain}` };
}

/** What was typed, where it is an address that this record serves; otherwise null. */
export function addressFor(name: RecordName, typed: string): EmailAddress | null {
	const address = parseEmailAddress(typed);
	if (address === null) return null;
	if (name === '*') return address;
	return name.startsWith('*.') ? (address.domain.endsWith(name.slice(1)) ? address : null) : address.domain === name ? address : null;
}

/** @param domain the asking domain; it replaces %EMAILDOMAIN% */
export function useSide(record: ServiceRecord | null, name: RecordName, domain: Domain): Side {
	const target = record?.kind === 'alias' ? record.of : null;
	const { result } = useLoad(`alias ${target}`, () =>
		target === null ? Promise.resolve(ok(null)) : ask('readDomain', { path: { domain: target } }),
	);
	return useMemo((): Side => {
		const key = `record:${name}`;
		if (record === null) return err({ code: 'unknown-domain' });
		if (record.kind === 'domain') return ok({ domain, key, record });
		return throughAlias(record.of, domain, result?.ok ? result.value : null);
	}, [record, name, domain, result]);
}

function throughAlias(target: string, domain: Domain, found: Answer<'readDomain'> | null): Side {
	const key = `record:${target}`;
	const { record = null } = found ?? {};
	if (record === null) return err({ code: 'bad-record', key, path: 'of', reason: 'names a domain that has no record' });
	if (record.kind === 'alias') return err({ code: 'bad-record', key, path: 'of', reason: 'names another alias' });
	return ok({ domain, key, record });
}
