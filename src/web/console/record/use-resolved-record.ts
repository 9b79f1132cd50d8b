/** The record that answers for a domain: an alias is followed to its target, as the service does. */
import { useMemo } from 'preact/hooks';
import { err, ok, type Result } from '../../../lib/result.ts';
import { aliasTargetKey, type FoundRecord, type LookupResult, resolveAlias } from '../../../model/lookup.ts';
import type { Domain, EmailAddress } from '../../../model/names.ts';
import { parseEmailAddress } from '../../../model/names.ts';
import type { ServiceRecord } from '../../../model/record.ts';
import { recordKey } from '../../../model/record-key.ts';
import { type RecordName, sampleDomain } from '../../../model/record-name.ts';
import { type ApiError, callApi, type OperationOutput } from '../api-client.ts';
import { type ApiQuery, useApiQuery } from '../use-api-query.ts';

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

/**
 * Follows an alias, loading its target: the query has not succeeded while that is loading, nor where this session may not read it.
 * @param domain the domain of the address, which fills %EMAILDOMAIN%
 */
export function useResolvedRecord(record: ServiceRecord | null, name: RecordName, domain: Domain): ApiQuery<LookupResult> {
	const target = record?.kind === 'alias' ? record.of : null;
	const { result: loaded, refetch } = useApiQuery(`alias ${target}`, () =>
		target === null ? Promise.resolve(ok(null)) : callApi('readDomain', { path: { domain: target } }),
	);
	const result = useMemo((): Result<LookupResult, ApiError> | null => {
		if (record === null) return ok(err({ code: 'unknown-domain' }));
		if (target !== null && loaded === null) return null;
		if (target !== null && loaded?.ok === false) {
			const title = `What this alias gives is not known here: the record of ${target} could not be read. ${loaded.error.title}`;
			return err({ ...loaded.error, title });
		}
		const found = foundTarget(record, loaded?.ok ? loaded.value : null);
		return ok(resolveAlias(domain, { key: recordKey(name), record }, found));
	}, [record, name, domain, target, loaded]);
	return { result, refetch };
}

/** The alias's target as the API has it; null where there is no alias, or no record. */
function foundTarget(alias: ServiceRecord, view: OperationOutput<'readDomain'> | null): FoundRecord | null {
	const key = aliasTargetKey(alias);
	const record = view?.record ?? null;
	return key === null || record === null ? null : { key, record };
}
