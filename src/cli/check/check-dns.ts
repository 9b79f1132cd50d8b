/** Compares the domain's DNS with what its record asks for. */

import type { ProtocolDnsRecords } from '../../dns/expected.ts';
import type { LiveZone } from '../../dns/live-zone.ts';
import { txtProtocolOf } from '../../dns/txt-record.ts';
import type { ZoneComparison, ZoneLineState } from '../../dns/zone-comparison.ts';
import { mapConcurrently } from '../../lib/concurrency.ts';
import { ok, type Result } from '../../lib/result.ts';
import type { ClientConfig } from '../../model/config.ts';
import type { ResolvedRecord } from '../../model/lookup.ts';
import { compareLiveZone } from '../dns/compare-live-zone.ts';
import { isConclusive, type Resolver } from '../dns/resolver.ts';
import type { WantedDns } from '../dns/wanted-dns.ts';
import type { Network } from '../probe/network.ts';
import { type Failure, sanitizeText } from '../terminal.ts';
import { checkCaa } from './check-caa.ts';
import { checkDnssec } from './check-dnssec.ts';
import { checkMailPolicies } from './check-mail-policies.ts';
import {
	type AreaReport,
	emptyArea,
	type Finding,
	finding,
	joinParts,
	type PartialReport,
	partWith,
	unclearPart,
	unlookedPart,
} from './finding.ts';
import type { FindingCode } from './finding-codes.ts';

export async function checkDns(
	config: ClientConfig,
	wanted: WantedDns,
	found: ResolvedRecord,
	network: Network,
	now: number,
): Promise<Result<AreaReport, Failure>> {
	const { domain } = config;
	const { resolver } = network;
	const compared = await compareLiveZone(domain, wanted, found, network, false, now);
	if (!compared.ok) return compared;
	const { comparison, live } = compared.value;
	const order = srvOrderFinding(domain, live);
	const dnssec = checkDnssec(config, network);
	const parts = await Promise.all([
		checkSrvTargets(domain, live, resolver),
		checkServfail(domain, resolver),
		dnssec,
		checkCaa(config, comparison, network),
		checkMailPolicies(domain, resolver),
	]);
	const rest = joinParts(parts);
	return ok({
		...emptyArea('dns'),
		looked: comparison.records.length,
		findings: [...zoneFindings(comparison, wanted, order !== null), ...(order === null ? [] : [order]), ...rest.findings],
		unclear: rest.unclear,
		unlooked: [...comparison.unlooked, ...rest.unlooked],
		uncovered: [
			...(wanted.historyIsKnown
				? []
				: [{ place: domain, reason: 'what earlier revisions of the record put into DNS: with --api the service tells' }]),
			...(await dnssec).uncovered,
		],
	});
}

/** The findings of the comparison of the zone, in the order of the expected records. */
function zoneFindings({ records, leftover, theirs, blocked }: ZoneComparison, wanted: WantedDns, orderIsTold: boolean): readonly Finding[] {
	// Node 20, on which the tool runs too, has no Map.groupBy.
	const sets = new Map<string, (typeof records)[number][]>();
	for (const each of records) {
		const key = `${each.name} ${each.type}`;
		sets.set(key, [...(sets.get(key) ?? []), each]);
	}
	const findings = [...sets].flatMap(([place, lines]): readonly Finding[] => {
		const [name = ''] = place.split(' ');
		const wrong = lines.filter(({ state }) => state === 'missing' || state === 'different');
		const extra = leftover.filter((record) => `${record.name} ${record.type}` === place);
		if (wrong.length === 0) return [];
		const obstacle = blocked.find((remark) => remark.place === place);
		const about = obstacle === undefined ? '' : ` (${obstacle.reason})`;
		if (wrong.every(({ state }) => state === 'missing')) {
			const here = wrong.flatMap((line) => line.found);
			return [
				finding('dns-missing', place, wantedText(wrong, wanted), `${here.length === 0 ? 'none' : `${joined(here)} of a wildcard`}${about}`),
			];
		}
		if (orderIsTold && /^_submissions?\./.test(name)) return [];
		const here = joined([...new Set(wrong.flatMap((line) => line.found))]);
		if (extra.length > 0) return [finding(extraCode(name), place, 'no such record beside the right one', here)];
		return [finding(wrongCode(name, lines), place, wantedText(wrong, wanted), `${here}${about}`)];
	});
	const expectedPlaces = new Set(sets.keys());
	return [
		...findings.map((each) => withSpec(each, wanted.expected)),
		...leftover
			.filter(({ name, type }) => !expectedPlaces.has(`${name} ${type}`))
			.map(({ name, type, data }) => finding('dns-leftover', `${name} ${type}`, 'no such record', sanitizeText(data))),
		...theirs
			.filter(({ type, data }) => type !== 'TXT' || txtProtocolOf(data) !== null)
			.map(({ name, type, data }) => finding('dns-theirs', `${name} ${type}`, 'nothing, by the record', sanitizeText(data))),
	];
}

function joined(data: readonly string[]): string {
	return sanitizeText(data.join(' and '));
}

function wantedText(lines: readonly ZoneLineState[], { site }: WantedDns): string {
	if (site === null && lines.some(({ type, name }) => type === 'CNAME' || name.startsWith('_autodiscover.')))
		return 'a record to the service';
	return lines.map(({ data }) => data).join(' and ');
}

/** The code for a record that stands beside the right ones and should not be there. */
function extraCode(name: string): FindingCode {
	if (name.startsWith('_mta-sts.')) return 'mta-sts-twice';
	return name.startsWith('_smtp._tls.') ? 'tls-rpt-twice' : 'dns-leftover';
}

function wrongCode(name: string, lines: readonly ZoneLineState[]): FindingCode {
	if (name.startsWith('_ua-auto-config.')) return 'pacc-digest-stale';
	if (!name.startsWith('_mta-sts.')) return 'dns-wrong';
	return lines.some(({ found }) => found.length > 1) ? 'mta-sts-twice' : 'mta-sts-id-stale';
}

/** Adds to a finding about a missing or wrong record the specification that asks for the record. */
function withSpec(each: Finding, groups: readonly ProtocolDnsRecords[]): Finding {
	const name = each.place.split(' ')[0];
	const group = groups.find(({ records }) => records.some((record) => record.name === name));
	return group === undefined || (each.code !== 'dns-missing' && each.code !== 'dns-wrong') ? each : { ...each, clause: group.spec };
}

const SRV_DATA = /^(\d+) (\d+) (\d+) (\S+)\.$/;

/** The data of an SRV record that says that there is no such service (RFC 2782). */
const SRV_DENIAL = /^\d+ \d+ \d+ \.$/;

/** Reports SRV priorities that do not put 465 before 587. A port that is denied (target ".") takes no part in the order. */
function srvOrderFinding(domain: string, live: LiveZone): Finding | null {
	const priority = (label: string) =>
		(live.find(`${label}._tcp.${domain}`, 'SRV')?.end ?? []).flatMap(({ data }) =>
			SRV_DATA.test(data) ? [Number(data.split(' ')[0])] : [],
		);
	const [implicit, starttls] = [priority('_submissions'), priority('_submission')];
	if (implicit.length === 0 || starttls.length === 0 || Math.max(...implicit) < Math.min(...starttls)) return null;
	return finding(
		'srv-order',
		`_submissions._tcp.${domain}, _submission._tcp.${domain}`,
		'465 at a lower priority number than 587',
		`465 at ${Math.max(...implicit)}, 587 at ${Math.min(...starttls)}`,
	);
}

/** Labels whose targets clients connect to. */
const SRV_LABELS = [
	'_autodiscover',
	'_imaps',
	'_imap',
	'_pop3s',
	'_pop3',
	'_submissions',
	'_submission',
	'_smtps',
	'_sieve',
	'_caldavs',
	'_carddavs',
	'_jmap',
] as const;

async function checkSrvTargets(domain: string, live: LiveZone, resolver: Resolver): Promise<PartialReport> {
	const targets = new Map<string, string>();
	const strange: PartialReport[] = [];
	for (const label of SRV_LABELS) {
		const name = `${label}._tcp.${domain}`;
		const rrset = live.find(name, 'SRV');
		for (const { data } of rrset?.source === 'wildcard' ? [] : (rrset?.end ?? [])) {
			const target = SRV_DATA.exec(data)?.[4];
			if (target === undefined && !SRV_DENIAL.test(data))
				strange.push(unclearPart(`${name} SRV`, `"${sanitizeText(data)}" is no SRV record`));
			if (target !== undefined) targets.set(target, targets.get(target) ?? name);
		}
	}
	const parts = await mapConcurrently([...targets], 8, async ([target, owner]): Promise<PartialReport> => {
		const replies = [await resolver.query(target, 'A'), await resolver.query(target, 'AAAA')];
		const answered = replies.filter((reply) => reply.ok && isConclusive(reply.value));
		const records = replies.flatMap((reply) => (reply.ok ? reply.value.records : []));
		const alias = records.find(({ name, type }) => type === 'CNAME' && name === target);
		// _autodiscover may point to a CNAME: the service's own name is often one, and Outlook follows it.
		if (alias !== undefined && !owner.startsWith('_autodiscover.'))
			return partWith(finding('srv-target-cname', target, 'an address of its own', `CNAME ${alias.data}`));
		if (records.some(({ type }) => type === 'A' || type === 'AAAA')) return partWith();
		if (answered.length < replies.length) return unlookedPart(target, 'DNS did not answer for its addresses');
		return partWith(finding('srv-target-missing', target, 'an address', `none, though ${owner} points there`));
	});
	return joinParts([...parts, ...strange]);
}

/** Looks for broken DNSSEC signatures: a validating name server answers SERVFAIL for every name below one. */
async function checkServfail(domain: string, resolver: Resolver): Promise<PartialReport> {
	const reply = await resolver.query(domain, 'MX');
	if (!reply.ok) return unlookedPart(`${domain} MX`, 'DNS did not answer');
	return partWith(...(reply.value.rcode === 'SERVFAIL' ? [finding('dns-servfail', domain, 'an answer', 'SERVFAIL')] : []));
}
