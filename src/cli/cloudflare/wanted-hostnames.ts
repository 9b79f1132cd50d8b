/** Reads which hostnames the service's records ask for, and the records of which domains were deleted. */
import { serviceHostnames } from '../../dns/service-hostnames.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { resolveConfig } from '../../model/config.ts';
import type { DnsTarget } from '../../model/dns-record.ts';
import { aliasTargetKey, resolveAlias } from '../../model/lookup.ts';
import { parseDomain } from '../../model/names.ts';
import type { ServiceRecord } from '../../model/record.ts';
import { recordKey } from '../../model/record-key.ts';
import type { Failure } from '../terminal.ts';
import type { AdminApiClient } from '../workspace/admin-api-client.ts';
import { fetchAllRecords } from '../workspace/record-export.ts';
import { validateRecord } from '../workspace/record-files.ts';

export interface WantedHostnames {
	readonly wanted: ReadonlySet<string>;
	/** Unix time in milliseconds, by domain. */
	readonly deletedAt: ReadonlyMap<string, number>;
	/** Records that could not be evaluated; none of their hostnames is removed. */
	readonly unclear: readonly string[];
}

/**
 * Fails where the records could not be read to the end: half a list would look like deletions. Wildcard records ask for no certain name.
 * @param now Unix time in milliseconds
 */
export async function readWantedHostnames(api: AdminApiClient, target: DnsTarget, now: number): Promise<Result<WantedHostnames, Failure>> {
	const records = new Map<string, ServiceRecord>();
	const unclear: string[] = [];
	const read = await fetchAllRecords(api, '', ({ domain, record }) => {
		const valid = validateRecord(domain, record);
		if (valid.ok) records.set(recordKeyOf(domain), valid.value);
		else unclear.push(domain);
	});
	if (!read.ok) return read;
	const wanted = new Set<string>();
	for (const [key, record] of records) {
		const domain = parseDomain(key.slice(recordKeyOf('').length));
		if (domain === null) continue;
		const targetKey = aliasTargetKey(record);
		const other = targetKey === null ? undefined : records.get(targetKey);
		const resolved = resolveAlias(
			domain,
			{ key, record },
			targetKey === null || other === undefined ? null : { key: targetKey, record: other },
		);
		const config = resolved.ok ? resolveConfig(resolved.value.record, domain, { kind: 'domain', domain }, now) : resolved;
		if (!config.ok) {
			unclear.push(domain);
			continue;
		}
		for (const name of await serviceHostnames(config.value, target)) wanted.add(name);
	}
	const deletedAt = new Map<string, number>();
	for await (const page of api.pages('listDomains', { query: { state: 'deleted' } })) {
		if (!page.ok) return page;
		for (const { domain, at } of page.value.domains) {
			const time = Date.parse(at);
			if (Number.isNaN(time)) return err({ message: `${api.origin} says when ${domain} was deleted in an unknown form` });
			if (!records.has(recordKeyOf(domain))) deletedAt.set(domain, time);
		}
	}
	return ok({ wanted, deletedAt, unclear });
}

function recordKeyOf(name: string): string {
	const empty = recordKey('*').slice(0, -1);
	return `${empty}${name}`;
}
