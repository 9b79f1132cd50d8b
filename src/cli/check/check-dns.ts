/** DNS against the record. */
import { compareZone, isFlattenedCname, type LiveRecord, type RrsetChange } from '../../dns/compare.ts';
import type { ProtocolDnsRecords } from '../../dns/expected.ts';
import { allRecords } from '../../dns/formats/zone-format.ts';
import { renderRdata } from '../../dns/zone-file.ts';
import { mapConcurrently } from '../../lib/concurrency.ts';
import { ok, type Result } from '../../lib/result.ts';
import type { ClientConfig, SocketOffer } from '../../model/config.ts';
import { isSocketOffer } from '../../model/config.ts';
import { parentDomain } from '../../model/names.ts';
import { readLiveRecords } from '../dns/live-records.ts';
import type { Resolver } from '../dns/resolver.ts';
import { type Failure, sanitizeText } from '../terminal.ts';
import { type AreaReport, type Finding, finding } from './finding.ts';
import type { FindingCode } from './finding-codes.ts';

/**
 * @param groups what the record asks for, by protocol
 * @param siteKnown whether the CNAME targets are known
 */
export async function checkDns(
	config: ClientConfig,
	groups: readonly ProtocolDnsRecords[],
	siteKnown: boolean,
	resolver: Resolver,
): Promise<Result<AreaReport, Failure>> {
	const expected = allRecords(groups);
	const live = await readLiveRecords(resolver, config.domain, expected);
	if (!live.ok) return live;
	// Where the target is not known, any address or CNAME will do: the HTTP part sees who answers.
	const hosts = expected.filter(({ type }) => type === 'CNAME').map(({ name }) => name);
	const depends = ({ name }: { readonly name: string }) => !siteKnown && (hosts.includes(name) || name.startsWith('_autodiscover.'));
	const told = expected.filter((record) => !depends(record));
	const has = live.value.filter((record) => !depends(record));
	const changes = compareZone(told, has).filter((change) => !isFlattenedCname(change, told, has));
	const order = srvOrderFinding(config.domain, live.value);
	const parts = await Promise.all([
		siteKnown
			? []
			: hosts
					.filter((host) => !live.value.some(({ name }) => name === host))
					.map((host) => finding('dns-missing', host, 'a CNAME to the service', 'none')),
		changes.flatMap((change) => changeFindings(change, order !== null)).map((each) => withSpec(each, groups)),
		order === null ? [] : [order],
		checkSrvTargets(live.value, resolver),
		checkServfail(config.domain, resolver),
		checkDnssec(config, resolver),
		checkCaa(config, resolver),
	]);
	return ok({ area: 'dns', looked: expected.length, findings: parts.flat() });
}

function changeFindings({ name, type, remove, add }: RrsetChange, orderIsTold: boolean): readonly Finding[] {
	const place = `${name} ${type}`;
	const wanted = add.map(renderRdata).join(' and ');
	const found = sanitizeText(remove.map(({ data }) => data).join(' and '));
	if (add.length === 0) return [finding('dns-leftover', place, 'no such record', found)];
	if (remove.length === 0) return [finding('dns-missing', place, wanted, 'none')];
	if (orderIsTold && /^_submissions?\./.test(name)) return [];
	const code: FindingCode = name.startsWith('_ua-auto-config.')
		? 'pacc-digest-stale'
		: name.startsWith('_mta-sts.')
			? 'mta-sts-id-stale'
			: 'dns-wrong';
	return [finding(code, place, wanted, found)];
}

/** A record that is missing or wrong is told with the text that asks for it. */
function withSpec(each: Finding, groups: readonly ProtocolDnsRecords[]): Finding {
	const name = each.place.split(' ')[0];
	const group = groups.find(({ records }) => records.some((record) => record.name === name));
	return group === undefined || (each.code !== 'dns-missing' && each.code !== 'dns-wrong') ? each : { ...each, clause: group.spec };
}

const SRV_DATA = /^(\d+) (\d+) (\d+) (\S+)\.$/;

/** 465 before 587, in the numbers that clients go by. A port that is denied (target ".") is no part of an order. */
function srvOrderFinding(domain: string, live: readonly LiveRecord[]): Finding | null {
	const priority = (label: string) => {
		const set = live.filter(({ name, type }) => type === 'SRV' && name === `${label}._tcp.${domain}`);
		return set.flatMap(({ data }) => (SRV_DATA.test(data) ? [Number(data.split(' ')[0])] : []));
	};
	const [implicit, starttls] = [priority('_submissions'), priority('_submission')];
	if (implicit.length === 0 || starttls.length === 0 || Math.max(...implicit) < Math.min(...starttls)) return null;
	return finding(
		'srv-order',
		`_submissions._tcp.${domain}, _submission._tcp.${domain}`,
		'465 at a lower priority number than 587',
		`465 at ${Math.max(...implicit)}, 587 at ${Math.min(...starttls)}`,
	);
}

async function checkSrvTargets(live: readonly LiveRecord[], resolver: Resolver): Promise<readonly Finding[]> {
	const targets = new Map<string, string>();
	for (const { name, type, data } of live) {
		const target = type === 'SRV' ? SRV_DATA.exec(data)?.[4] : undefined;
		if (target !== undefined && target !== '') targets.set(target, targets.get(target) ?? name);
	}
	const found = await mapConcurrently([...targets], 8, async ([target, owner]): Promise<readonly Finding[]> => {
		const replies = [await resolver.query(target, 'A'), await resolver.query(target, 'AAAA')];
		const records = replies.flatMap((reply) => (reply.ok ? reply.value.records : []));
		const alias = records.find(({ name, type }) => type === 'CNAME' && name === target);
		// The service's own name behind _autodiscover is often a CNAME of its platform; Outlook follows it.
		if (alias !== undefined && !owner.startsWith('_autodiscover.'))
			return [finding('srv-target-cname', target, 'an address of its own', `CNAME ${alias.data}`)];
		const reachable = records.some(({ type }) => type === 'A' || type === 'AAAA');
		return reachable ? [] : [finding('srv-target-missing', target, 'an address', `none, though ${owner} points there`)];
	});
	return found.flat();
}

/** A broken signature shows as SERVFAIL for every name below it. */
async function checkServfail(domain: string, resolver: Resolver): Promise<readonly Finding[]> {
	const reply = await resolver.query(domain, 'MX');
	return reply.ok && reply.value.rcode === 'SERVFAIL' ? [finding('dns-servfail', domain, 'an answer', 'SERVFAIL')] : [];
}

/** Only a validating resolver can tell; the signed root shows whether it is one. TLSA must not stand in an unsigned zone. */
async function checkDnssec({ domain, offers }: ClientConfig, resolver: Resolver): Promise<readonly Finding[]> {
	const root = await resolver.query('.', 'NS');
	if (!root.ok || !root.value.authenticated) return [];
	const own = await resolver.query(domain, 'MX');
	const findings: Finding[] =
		own.ok && !own.value.authenticated && own.value.rcode !== 'SERVFAIL'
			? [finding('dnssec-absent', domain, 'a signed zone', 'unsigned')]
			: [];
	const places = [...new Set(offers.filter(isSocketOffer).map(({ host, port }: SocketOffer) => `_${port}._tcp.${host}`))];
	for (const place of places) {
		const tlsa = await resolver.query(place, 'TLSA');
		if (tlsa.ok && !tlsa.value.authenticated && tlsa.value.records.some(({ type }) => type === 'TLSA'))
			findings.push(finding('tlsa-unsigned', place, 'a signed zone, or no TLSA', 'TLSA in an unsigned zone'));
	}
	return findings;
}

/** RFC 8659 §3: the closest name upwards that has CAA decides. */
async function checkCaa({ domain }: ClientConfig, resolver: Resolver): Promise<readonly Finding[]> {
	for (
		let name: string | null = `autoconfig.${domain}`;
		name !== null;
		name = name === `autoconfig.${domain}` ? domain : parentDomain(name as typeof domain)
	) {
		const reply = await resolver.query(name, 'CAA');
		const issue = (reply.ok ? reply.value.records : []).filter(({ type, data }) => type === 'CAA' && / issue /.test(data));
		if (issue.length === 0) continue;
		const allows = issue.some(({ data }) => /"\s*[^;\s"]/.test(data));
		return allows ? [] : [finding('caa-forbids', name, 'an authority that may issue', issue.map(({ data }) => data).join(', '))];
	}
	return [finding('caa-absent', domain, 'a CAA record', 'none')];
}
