/** Requests every endpoint at every place as each client would, and compares the answers with what the record says. */

import { mapConcurrently } from '../../lib/concurrency.ts';
import type { ResolvedRecord } from '../../model/lookup.ts';
import type { EmailAddress } from '../../model/names.ts';
import type { ServiceLabel } from '../../model/service-labels.ts';
import type { HttpFailure, HttpResponse } from '../probe/http-request.ts';
import type { Network } from '../probe/network.ts';
import { checkWebPolicies } from './check-web-policies.ts';
import { type AreaReport, emptyArea, type Finding } from './finding.ts';
import { type HttpExpectation, httpExpectations, sendExpectation } from './http-expectations.ts';
import { judgeHostCertificate, judgePlainHttp, judgeRequestFailure, judgeResponse } from './http-findings.ts';

/** How many requests are sent at the same time; all of them go to the same service. */
const CONCURRENCY = 12;

/** @param labels the names that lead to this service by the record; another service may answer at the others, and is not judged */
export async function checkHttp(
	found: ResolvedRecord,
	address: EmailAddress,
	labels: readonly ServiceLabel[],
	network: Network,
	now: number,
): Promise<AreaReport> {
	const questions = httpExpectations(found, address, now).filter(({ place }) => place.label === '' || labels.includes(place.label));
	const answers = await mapConcurrently(questions, CONCURRENCY, (asked) => sendExpectation(network, asked));
	const findings: Finding[] = [];
	const hosts = new Map<string, HttpResponse | HttpFailure>();
	for (const [at, asked] of questions.entries()) {
		const got = answers[at];
		if (got === undefined) continue;
		const first = !hosts.has(asked.request.host);
		if (first || got.ok) hosts.set(asked.request.host, got);
		// An unreachable host is one finding, not one for each of its paths.
		findings.push(...(got.ok ? judgeResponse(asked, got) : judgeRequestFailure(asked, got, first)));
	}
	// The certificate of a host matters only where the record needs the host.
	const needed = new Set(questions.filter(({ expected }) => (expected.status ?? 200) < 400).map(({ request }) => request.host));
	for (const [host, got] of hosts)
		if (got.tls !== null && needed.has(host)) findings.push(...judgeHostCertificate(host, host === address.domain, got.tls, now));
	const plain = await mapConcurrently(questions.filter(isAlsoOverPlainHttp), CONCURRENCY, async (asked) =>
		judgePlainHttp(asked, await sendExpectation(network, asked, 'http')),
	);
	return {
		...emptyArea('http'),
		looked: questions.length + plain.length,
		findings: [...mergeByHost([...findings, ...plain.flat()]), ...(await checkWebPolicies(address.domain, network))],
		unlooked: unreachedHosts(questions, answers),
		uncovered: HTTP_UNCOVERED,
	};
}

const HTTP_UNCOVERED = [
	{ place: 'every host', reason: 'cipher suites and key sizes, and every address but the first; testssl.sh HOST does that' },
] as const;

/** Hosts that could not be looked at, because of a time-out or because this machine has no route to them. */
function unreachedHosts(questions: readonly HttpExpectation[], answers: readonly (HttpResponse | HttpFailure)[]): AreaReport['unlooked'] {
	const reasons = new Map<string, string>();
	for (const [at, { request, place }] of questions.entries()) {
		const got = answers[at];
		if (got !== undefined && !got.ok && place.label === '' && (got.kind === 'deadline' || got.kind === 'failed'))
			reasons.set(`https://${request.host}`, got.reason);
	}
	return [...reasons].map(([place, reason]) => ({ place, reason }));
}

/** Merges equal findings about several paths of a host into one: a service that does not know the domain says so at each path. */
function mergeByHost(findings: readonly Finding[]): readonly Finding[] {
	const groups = new Map<string, Finding[]>();
	for (const each of findings) {
		const host = /https?:\/\/([^/ ]+)/.exec(each.place)?.[1] ?? each.place;
		const key = `${each.code} ${host} ${each.found}`;
		groups.set(key, [...(groups.get(key) ?? []), each]);
	}
	return [...groups.values()].flatMap(([first, ...others]) => {
		if (first === undefined) return [];
		return [others.length === 0 ? first : { ...first, place: `${first.place} and ${others.length} more there` }];
	});
}

/**
 * Whether clients also request this over plain http: Thunderbird, Evolution and others do for autoconfig; MTA-STS and PACC are https only.
 */
function isAlsoOverPlainHttp({ endpoint, place, client }: HttpExpectation): boolean {
	return endpoint.id === 'autoconfig' && place.label === 'autoconfig' && place.path === '/mail/config-v1.1.xml' && client === null;
}
