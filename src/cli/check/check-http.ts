/** Every endpoint at every place, asked as each client asks, held against what the record says. */

import { mapConcurrently } from '../../lib/concurrency.ts';
import type { ResolvedRecord } from '../../model/lookup.ts';
import type { EmailAddress } from '../../model/names.ts';
import { answerQuery } from '../../protocols/answer-query.ts';
import { LAST_ENTRY_CLIENTS, lastEntryClientOf } from '../../protocols/last-entry-clients.ts';
import type { Endpoint, Location, WireRequest, WireResponse } from '../../protocols/protocol.ts';
import { PROTOCOLS } from '../../protocols/registry.ts';
import { type HttpFailure, type HttpResponse, sendHttpRequest } from '../probe/http-request.ts';
import type { Network } from '../probe/network.ts';
import type { AreaReport, Finding } from './finding.ts';
import { judgeHostCertificate, judgePlainHttp, judgeRequestFailure, judgeResponse } from './http-findings.ts';

/** One request, and what the record says should come back. */
export interface HttpExpectation {
	readonly endpoint: Endpoint;
	readonly place: Location;
	readonly request: WireRequest;
	/** As a URL, for messages. */
	readonly url: string;
	/** Whose way of asking it is; null for everybody's. */
	readonly client: string | null;
	readonly expected: WireResponse;
}

/** Requests under way at once: they all go to the same service. */
const CONCURRENCY = 6;

/** How the clients that get a trimmed answer are told apart (src/protocols/readers.ts). */
const LAST_ENTRY_CLIENT_REQUESTS: Readonly<Record<(typeof LAST_ENTRY_CLIENTS)[number]['id'], Partial<WireRequest>>> = {
	evolution: { userAgent: 'Evolution/3.56.0' },
	aerc: { userAgent: 'Go-http-client/2.0' },
	fairemail: { contentType: 'application/x-www-form-urlencoded' },
};

export async function checkHttp(found: ResolvedRecord, address: EmailAddress, network: Network, now: number): Promise<AreaReport> {
	const questions = httpExpectations(found, address, now);
	const answers = await mapConcurrently(questions, CONCURRENCY, ({ request }) => sendHttpRequest(network, toHttpRequest('https', request)));
	const findings: Finding[] = [];
	const hosts = new Map<string, HttpResponse | HttpFailure>();
	for (const [at, asked] of questions.entries()) {
		const got = answers[at];
		if (got === undefined) continue;
		const first = !hosts.has(asked.request.host);
		if (first || got.ok) hosts.set(asked.request.host, got);
		// A host that is not there is one finding, not one for each of its paths.
		findings.push(...(got.ok ? judgeResponse(asked, got) : judgeRequestFailure(asked, got, first)));
	}
	// A host that the record needs for nothing may be there with whatever certificate.
	const needed = new Set(questions.filter(({ expected }) => (expected.status ?? 200) < 400).map(({ request }) => request.host));
	for (const [host, got] of hosts)
		if (got.tls !== null && needed.has(host)) findings.push(...judgeHostCertificate(host, host === address.domain, got.tls, now));
	const plain = await mapConcurrently(questions.filter(isAlsoOverPlainHttp), CONCURRENCY, async (asked) =>
		judgePlainHttp(asked, await sendHttpRequest(network, toHttpRequest('http', asked.request))),
	);
	return { area: 'http', looked: questions.length + plain.length, findings: mergeByHost([...findings, ...plain.flat()]) };
}

/** The same finding at several paths of a host is one: a service that does not know the domain says so at each. */
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

/** Thunderbird, Evolution and others ask autoconfig over http too; MTA-STS and PACC live on https alone. */
function isAlsoOverPlainHttp({ endpoint, place, client }: HttpExpectation): boolean {
	return endpoint.id === 'autoconfig' && place.label === 'autoconfig' && place.path === '/mail/config-v1.1.xml' && client === null;
}

function toHttpRequest(scheme: 'https' | 'http', { method, host, path, query, userAgent, contentType, body }: WireRequest) {
	const headers: Record<string, string> = {};
	if (userAgent !== '') headers['User-Agent'] = userAgent;
	if (contentType !== '') headers['Content-Type'] = contentType;
	return { scheme, host, method, target: query === '' ? path : `${path}?${query}`, headers, body };
}

export function httpExpectations(found: ResolvedRecord, address: EmailAddress, now: number): readonly HttpExpectation[] {
	return PROTOCOLS.flatMap(({ id, endpoints }) =>
		endpoints.flatMap((endpoint) =>
			endpoint.locations.flatMap((place, at) => {
				const plain = withClientMethod(endpoint, endpoint.sampleRequest(address, place));
				const readers = at === 0 && endpoint.id === id ? LAST_ENTRY_CLIENTS.filter(({ protocol }) => protocol === id) : [];
				return [
					expectationOf(id, endpoint, place, plain, null, found, now),
					...readers.map((reader) =>
						expectationOf(id, endpoint, place, { ...plain, ...LAST_ENTRY_CLIENT_REQUESTS[reader.id] }, reader.id, found, now),
					),
				];
			}),
		),
	);
}

// Thunderbird opens CalDAV and CardDAV with PROPFIND; a redirect for GET alone does not help it.
function withClientMethod(endpoint: Endpoint, request: WireRequest): WireRequest {
	return endpoint.id === 'caldav' || endpoint.id === 'carddav' ? { ...request, method: 'PROPFIND' } : request;
}

function expectationOf(
	protocol: string,
	endpoint: Endpoint,
	place: Location,
	request: WireRequest,
	reader: string | null,
	found: ResolvedRecord,
	now: number,
): HttpExpectation {
	const question = endpoint.parseRequest(request);
	const answered = question.ok ? answerQuery(question.value, found, lastEntryClientOf(protocol, request), now) : question;
	const url = `https://${request.host}${request.path}${request.query === '' ? '' : `?${request.query}`}`;
	return {
		endpoint,
		place,
		request,
		url: request.method === 'GET' ? url : `${request.method} ${url}`,
		client: reader,
		expected: answered.ok ? answered.value : endpoint.renderProblem(answered.error),
	};
}
