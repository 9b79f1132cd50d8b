/** The DNS records that the revisions of a record have asked for. Such a record in a zone may be removed again; others may not. */
import { resolveConfig } from '../model/config.ts';
import type { DnsRecord, DnsTarget } from '../model/dns-record.ts';
import type { Domain } from '../model/names.ts';
import type { DomainRecord } from '../model/record.ts';
import { expectedRecords } from './expected.ts';
import { renderRdata } from './zone-file.ts';

/**
 * Every DNS record that these records give for the domain now or gave before a fallback of theirs ended, each once.
 * @param now Unix time in milliseconds
 */
export async function givenRecords(
	records: readonly DomainRecord[],
	domain: Domain,
	site: DnsTarget,
	now: number,
): Promise<readonly DnsRecord[]> {
	const given = new Map<string, DnsRecord>();
	// The records are also resolved for Unix time 0, when no fallback had ended yet.
	for (const record of records)
		for (const time of [0, now]) {
			const config = resolveConfig(record, domain, { kind: 'domain', domain }, time);
			if (!config.ok) continue;
			// Where the record does not say which names it uses, the service's setting may have been another one then, so all names count.
			for (const { records: each } of await expectedRecords(config.value, { ...site, names: 'all' }, []))
				for (const one of each) given.set(`${one.type} ${one.name} ${renderRdata(one)}`, one);
		}
	return [...given.values()];
}
