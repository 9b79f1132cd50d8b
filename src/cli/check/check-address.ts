/** Checks one address: compares what DNS, the service and the mail servers say with the record of its domain. */
import { CHECK_AREAS, type CheckArea } from '../../contract/checks/check-grades.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { resolveConfig } from '../../model/config.ts';
import type { Domain, EmailAddress } from '../../model/names.ts';
import { SERVICE_LABELS, type ServiceLabel } from '../../model/service-labels.ts';
import { readWantedDns, type WantedDns } from '../dns/wanted-dns.ts';
import type { SiteOptions } from '../options.ts';
import type { Network } from '../probe/network.ts';
import type { Failure } from '../terminal.ts';
import type { RecordSource } from '../workspace/record-source.ts';
import { checkDns } from './check-dns.ts';
import { checkHttp } from './check-http.ts';
import { checkMail } from './check-mail.ts';
import { checkMtaSts, createMxChecker, type MxChecker } from './check-mta-sts.ts';
import { createPortChecker, type PortChecker } from './check-port.ts';
import { type AreaReport, type CheckReport, gradedReport } from './finding.ts';

export interface CheckOptions extends CheckSettings {
	/** What the checks of one run have in common. */
	readonly run: CheckRun;
}

/** Mail hosts that several domains have in common are examined once in a run. */
export interface CheckRun {
	readonly checkPort: PortChecker;
	readonly checkMx: MxChecker;
}

export function startCheckRun(network: Network): CheckRun {
	return { checkPort: createPortChecker(network), checkMx: createMxChecker() };
}

export interface CheckSettings {
	readonly records: RecordSource;
	readonly network: Network;
	/** The service's own host and the names that lead to it, as far as the command line says. */
	readonly site: SiteOptions;
	readonly areas: readonly CheckArea[];
	/** Whether to connect to the MX hosts as well. */
	readonly mx: boolean;
}

export async function checkAddress(address: EmailAddress, options: CheckOptions, now: number): Promise<Result<CheckReport, Failure>> {
	const { records, network, site, run } = options;
	const found = await records.find(address.domain);
	if (!found.ok) return found;
	const config = resolveConfig(found.value.record, address.domain, { kind: 'domain', domain: address.domain }, now);
	if (!config.ok) return err({ message: `the record's ${config.error.path} ${config.error.reason}` });
	const wanted = await readWantedDns(records, found.value, config.value, site, now);
	if (!wanted.ok) return wanted;
	const checks: Record<CheckArea, () => Promise<Result<AreaReport, Failure>>> = {
		dns: () => checkDns(config.value, wanted.value, found.value, network, now),
		http: async () => ok(await checkHttp(found.value, address, labelsInUse(address.domain, wanted.value), network, now)),
		mail: async () => ok(await checkMail(config.value, network, run.checkPort, now)),
		'mta-sts': () => checkMtaSts(config.value, network, options.mx ? run.checkMx : null, now),
	};
	const areas = await Promise.all(CHECK_AREAS.filter((area) => options.areas.includes(area)).map((area) => checks[area]()));
	const done: AreaReport[] = [];
	for (const area of areas) {
		if (!area.ok) return area;
		done.push(area.value);
	}
	const about = { address: address.text, domain: address.domain, recordDigest: found.value.digest, at: new Date(now).toISOString() };
	return ok(gradedReport(about, done));
}

/**
 * The labels under which clients find this service, by the record. The service's own host may be one of these names; no alias is wanted
 * there.
 */
function labelsInUse(domain: Domain, { expected, site }: WantedDns): readonly ServiceLabel[] {
	const aliases = new Set(expected.flatMap(({ records }) => records.filter(({ type }) => type === 'CNAME').map(({ name }) => name)));
	return SERVICE_LABELS.filter((label) => aliases.has(`${label}.${domain}`) || site === `${label}.${domain}`);
}
