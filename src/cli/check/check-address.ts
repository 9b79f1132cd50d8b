/** The whole check of one address: the world against its record. */
import { expectedRecords } from '../../dns/expected.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { resolveConfig } from '../../model/config.ts';
import { type DnsTarget, UNKNOWN_DNS_TARGET } from '../../model/dns-record.ts';
import type { EmailAddress } from '../../model/names.ts';
import type { Network } from '../probe/network.ts';
import type { Failure } from '../terminal.ts';
import type { RecordSource } from '../workspace/record-source.ts';
import { checkDns } from './check-dns.ts';
import { checkHttp } from './check-http.ts';
import { checkMail } from './check-mail.ts';
import { checkMtaSts } from './check-mta-sts.ts';
import { type AreaReport, CHECK_AREAS, type CheckReport, gradedReport } from './finding.ts';
import type { CheckArea } from './finding-codes.ts';

export interface CheckOptions {
	readonly records: RecordSource;
	readonly network: Network;
	/** Null where the service's host name is not known. */
	readonly site: DnsTarget | null;
	readonly areas: readonly CheckArea[];
	/** Whether to connect to the MX hosts too. */
	readonly mx: boolean;
}

export async function checkAddress(address: EmailAddress, options: CheckOptions, now: number): Promise<Result<CheckReport, Failure>> {
	const { records, network, site } = options;
	const found = await records.find(address.domain);
	if (!found.ok) return found;
	const config = resolveConfig(found.value.record, address.domain, { kind: 'domain', domain: address.domain }, now);
	if (!config.ok) return err({ message: `the record's ${config.error.path} ${config.error.reason}` });
	const expected = await expectedRecords(config.value, site ?? UNKNOWN_DNS_TARGET, []);
	const checks: Record<CheckArea, () => Promise<Result<AreaReport, Failure>>> = {
		dns: () => checkDns(config.value, expected, site !== null, network.resolver),
		http: async () => ok(await checkHttp(found.value, address, network, now)),
		mail: async () => ok(await checkMail(config.value, network, now)),
		'mta-sts': () => checkMtaSts(config.value, network, options.mx, now),
	};
	const areas = await Promise.all(CHECK_AREAS.filter((area) => options.areas.includes(area)).map((area) => checks[area]()));
	const done: AreaReport[] = [];
	for (const area of areas) {
		if (!area.ok) return area;
		done.push(area.value);
	}
	return ok(gradedReport(address.text, address.domain, new Date(now).toISOString(), done));
}
