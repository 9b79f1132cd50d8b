/** The MTA-STS policy against the domain's MX records (RFC 8461 §4.1). */

import { mapConcurrently } from '../../lib/concurrency.ts';
import { ok, type Remark, type Result } from '../../lib/result.ts';
import type { ClientConfig } from '../../model/config.ts';
import type { Port } from '../../model/names.ts';
import { SMTP_PORT } from '../../model/service-ports.ts';
import { isConclusive } from '../dns/resolver.ts';
import { starttlsDialogue } from '../probe/dialogues.ts';
import { smtp } from '../probe/mail-protocols.ts';
import type { Network } from '../probe/network.ts';
import { runDialogue } from '../probe/run-dialogue.ts';
import { createSharedResults } from '../probe/shared-results.ts';
import { CLIENT_OFFER } from '../probe/tls-offer.ts';
import type { Failure } from '../terminal.ts';
import { checkTlsa, isValidating, MX_USAGES } from './check-dnssec.ts';
import { type AreaReport, emptyArea, type Finding, finding, joinParts, type PartialReport, partWith } from './finding.ts';
import { type CertificateCodes, judgeCertificate } from './tls/certificate-findings.ts';

/** Examines an MX host as senders meet it, on port 25. @param now Unix time in milliseconds */
export type MxChecker = (host: string, network: Network, now: number) => Promise<readonly Finding[]>;

/** Examines each MX host once, however many domains have it. */
export function createMxChecker(): MxChecker {
	const check = createSharedResults<readonly Finding[]>((findings) => findings.every(({ code }) => code !== 'mx-unreachable'));
	return (host, network, now) => check(host, () => checkMxHost(host, network, now));
}

/**
 * @param checkMx connects to an MX on port 25; null where only DNS is asked
 * @param now Unix time in milliseconds
 */
export async function checkMtaSts(
	{ domain, mtaSts }: ClientConfig,
	network: Network,
	checkMx: MxChecker | null,
	now: number,
): Promise<Result<AreaReport, Failure>> {
	const reply = await network.resolver.query(domain, 'MX');
	if (!reply.ok) return reply;
	if (!isConclusive(reply.value))
		return ok({ ...emptyArea('mta-sts'), unlooked: [{ place: `${domain} MX`, reason: `DNS says ${reply.value.rcode}` }] });
	// RFC 7505: a null MX is the root.
	const hosts = reply.value.records
		.filter(({ type }) => type === 'MX')
		.map(({ data }) => data.replace(/^\d+ /, '').replace(/\.$/, ''))
		.filter((host) => host !== '');
	const area = (
		findings: readonly Finding[],
		tlsa: PartialReport = partWith(),
		uncovered: readonly Remark[] = [],
	): Result<AreaReport, Failure> =>
		ok({
			...emptyArea('mta-sts'),
			// The MX record, and each host in it.
			looked: 1 + hosts.length,
			findings: [...findings, ...tlsa.findings.map((each) => ({ ...each, area: 'mta-sts' as const }))],
			unclear: tlsa.unclear,
			unlooked: [
				...findings
					.filter(({ code }) => code === 'mx-unreachable')
					.map(({ place, found }) => ({ place, reason: `no conversation: ${found}` })),
				...tlsa.unlooked,
			],
			uncovered,
		});
	if (mtaSts === null) return area(hosts.length === 0 ? [] : [finding('mta-sts-absent', domain, 'a policy', 'none')]);
	if (mtaSts.mode === 'none') return area([]);
	if (hosts.length === 0) return area([finding('mx-absent', domain, 'an MX record', 'none')]);
	const code = mtaSts.mode === 'enforce' ? 'mx-unlisted' : 'mx-unlisted-testing';
	const unlisted = hosts.filter((host) => !mtaSts.mx.some((pattern) => matchesMxPattern(pattern, host)));
	const unused = mtaSts.mx.filter((pattern) => !hosts.some((host) => matchesMxPattern(pattern, host)));
	const connects = checkMx !== null;
	const perHost = connects ? await mapConcurrently(hosts, CONCURRENCY, (host) => checkMx(host, network, now)) : [];
	const validates = connects && (await isValidating(network.resolver));
	const tlsa = validates
		? await mapConcurrently(hosts, CONCURRENCY, (host) =>
				checkTlsa({ host, port: SMTP_PORT as Port, kind: 'smtp', security: 'starttls' }, true, MX_USAGES, network),
			)
		: [];
	const uncovered = hosts.flatMap((host) => [
		...(connects ? [] : [{ place: `${host}:25`, reason: 'STARTTLS and certificate: --mx looks at them' }]),
		...(connects && !validates
			? [{ place: `_25._tcp.${host} TLSA`, reason: `the name server ${network.resolver.server} does not validate DNSSEC` }]
			: []),
	]);
	const findings = [
		...unlisted.map((host) => finding(code, host, mtaSts.mx.join(', '), 'not among them')),
		...perHost.flat(),
		...unused.map((pattern) => finding('mx-unused', pattern, hosts.join(', '), 'not among them')),
	];
	return area(findings, joinParts(tlsa), uncovered);
}

const CONCURRENCY = 4;

const MX_CODES: CertificateCodes = {
	untrusted: 'mx-certificate',
	chain: 'mx-certificate',
	chainExpired: 'mx-certificate',
	notYet: 'mx-certificate',
	expired: 'mx-certificate',
	expires: 'mx-certificate',
	name: 'mx-certificate',
};

// RFC 8461 §4.2: STARTTLS, a chain to a root the sender trusts, and the MX host's own name in the certificate.
async function checkMxHost(host: string, network: Network, now: number): Promise<readonly Finding[]> {
	const place = `${host}:25`;
	const route = await network.findSocketAddress(host, 25);
	if (typeof route === 'string')
		return [finding('mx-unreachable', place, 'an address', route === 'no-answer' ? 'DNS did not answer' : 'none')];
	const target = { host, address: route.address, port: route.port, ca: network.ca, timeoutMs: network.timeoutMs, tlsOffer: CLIENT_OFFER };
	const probe = await runDialogue(target, starttlsDialogue(smtp));
	if (!probe.ok || probe.value.greeting === null)
		return [finding('mx-unreachable', place, 'a greeting', probe.ok ? 'none' : probe.failure)];
	if (probe.value.tls === null) return [finding('mx-starttls', place, 'STARTTLS', probe.value.starttls.replace('-', ' '))];
	return judgeCertificate(place, host, probe.value.tls, now, MX_CODES);
}

// RFC 8461 §4.1: a wildcard stands for exactly one label, the leftmost.
function matchesMxPattern(pattern: string, host: string): boolean {
	if (!pattern.startsWith('*.')) return pattern === host;
	return host.slice(host.indexOf('.') + 1) === pattern.slice(2);
}
