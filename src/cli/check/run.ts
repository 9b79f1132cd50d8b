/** The whole check of one address: the world against its record. */
import { expectedRecords } from '../../dns/expected.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { resolve } from '../../model/config.ts';
import type { Site } from '../../model/dns-record.ts';
import type { Domain, EmailAddress } from '../../model/names.ts';
import type { Network } from '../network.ts';
import type { RecordSource } from '../source.ts';
import type { Trouble } from '../terminal.ts';
import type { Area } from './codes.ts';
import { checkDns } from './dns.ts';
import { AREAS, type AreaReport, type Report, report } from './finding.ts';
import { checkHttp } from './http.ts';
import { checkMail } from './mail.ts';
import { checkMtaSts } from './mta-sts.ts';

export interface CheckOptions {
	readonly records: RecordSource;
	readonly network: Network;
	/** Null where the service's host name is not known. */
	readonly site: Site | null;
	readonly areas: readonly Area[];
	/** Whether to connect to the MX hosts too. */
	readonly mx: boolean;
}

/** Stands for the service's name where it is not known; checkDns leaves what hangs on it out. */
const UNKNOWN_SITE: Site = { host: 'signpost.invalid' as Domain };

export async function check(address: EmailAddress, options: CheckOptions, now: number): Promise<Result<Report, Trouble>> {
	const { records, network, site } = options;
	const found = await records.find(address.domain);
	if (!found.ok) return found;
	const config = resolve(found.value.record, address.domain, { kind: 'domain', domain: address.domain }, now);
	if (!config.ok) return err({ what: `the record's ${config.error.path} ${config.error.reason}` });
	const expected = await expectedRecords(config.value, site ?? UNKNOWN_SITE);
	const checks: Record<Area, () => Promise<Result<AreaReport, Trouble>>> = {
		dns: () => checkDns(config.value, expected, site !== null, network.resolver),
		http: async () => ok(await checkHttp(found.value, address, network, now)),
		mail: async () => ok(await checkMail(config.value, network, now)),
		'mta-sts': () => checkMtaSts(config.value, network, options.mx, now),
	};
	const areas = await Promise.all(AREAS.filter((area) => options.areas.includes(area)).map((area) => checks[area]()));
	const done: AreaReport[] = [];
	for (const area of areas) {
		if (!area.ok) return area;
		done.push(area.value);
	}
	return ok(report(address.text, address.domain, new Date(now).toISOString(), done));
}
