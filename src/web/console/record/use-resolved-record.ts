/** The record that answers for a domain: an alias is followed to its target, as the service does. */
import { useMemo } from 'preact/hooks';
import { err, ok } from '../../../lib/result.ts';
import { aliasTargetKey, type FoundRecord, type LookupResult, resolveAlias } from '../../../model/lookup.ts';
import type { Domain, EmailAddress } from '../../../model/names.ts';
import { parseEmailAddress } from '../../../model/names.ts';
import type { ServiceRecord } from '../../../model/record.ts';
import { recordKey } from '../../../model/record-key.ts';
import { type RecordName, sampleDomain } from '../../../model/record-name.ts';
import { type ApiError, callApi, type OperationOutput } from '../api-client.ts';
import { useApiQuery } from '../use-api-query.ts';

/** The address that previews are made for until another one is typed. */
export function sampleAddress(name: RecordName): EmailAddress {
	const domain = sampleDomain(name);
	return { local: 'sample', domain, text: `sample@${domain}` };
}

/** The typed address; null where it is no address, or not one that this record serves. */
export function parseServedAddress(name: RecordName, typed: string): EmailAddress | null {
	const address = parseEmailAddress(typed);
	if (address === null) return null;
	if (name === '*') return address;
	return name.startsWith('*.') ? (address.domain.endsWith(name.slice(1)) ? address : null) : address.domain === name ? address : null;
}

/** What answers for a domain, as far as it is known: the record that an alias shares may still be loading, or be one that this session may not read. */
export type ResolvedRecordQuery =
	| { readonly kind: 'resolved'; readonly lookup: LookupResult }
	| { readonly kind: 'loading' }
	| { readonly kind: 'failed'; readonly error: ApiError; readonly retry: () => void };

/** Follows an alias, loading its target. @param domain the domain of the address, which fills %EMAILDOMAIN% */
export function useResolvedRecord(record: ServiceRecord | null, name: RecordName, domain: Domain): ResolvedRecordQuery {
	const target = record?.kind === 'alias' ? record.of : null;
	const { result, refetch } = useApiQuery(`alias ${target}`, () =>
		target === null ? Promise.resolve(ok(null)) : callApi('readDomain', { path: { domain: target } }),
	);
	return useMemo((): ResolvedRecordQuery => {
		if (record === null) return { kind: 'resolved', lookup: err({ code: 'unknown-domain' }) };
		if (target !== null && result === null) return { kind: 'loading' };
		if (target !== null && result?.ok === false) {
			const title = `What this alias gives is not known here: the record of ${target} could not be read. ${result.error.title}`;
			return { kind: 'failed', error: { ...result.error, title }, retry: refetch };
		}
		const found = foundTarget(record, result?.ok ? result.value : null);
		return { kind: 'resolved', lookup: resolveAlias(domain, { key: recordKey(name), record }, found) };
	}, [record, name, domain, target, result, refetch]);
}

/** The alias's target as the API has it; null where there is no alias, or no record. */
function foundTarget(alias: ServiceRecord, view: OperationOutput<'readDomain'> | null): FoundRecord | null {
	const key = aliasTargetKey(alias);
	const record = view?.record ?? null;
	return key === null || record === null ? null : { key, record };
}
