/** Every endpoint at every place, asked as each client asks, held against what the record says. */

import type { EmailAddress } from '../../model/names.ts';
import { answer, type Found } from '../../protocols/answer.ts';
import type { Endpoint, Place, Rendition, WireRequest } from '../../protocols/protocol.ts';
import { READERS, readerOf } from '../../protocols/readers.ts';
import { PROTOCOLS } from '../../protocols/registry.ts';
import type { Network } from '../network.ts';
import { inParallel } from '../parallel.ts';
import { ask, type HttpAnswer, type HttpFailure } from '../probe/http.ts';
import type { AreaReport, Finding } from './finding.ts';
import { judgeAnswer, judgeFailure, judgeHost, judgePlain } from './http-judge.ts';

/** One request, and what the record says should come back. */
export interface Asked {
	readonly endpoint: Endpoint;
	readonly place: Place;
	readonly request: WireRequest;
	/** As a URL, for messages. */
	readonly url: string;
	/** Whose way of asking it is; null for everybody's. */
	readonly reader: string | null;
	readonly expected: Rendition;
}

/** Requests under way at once: they all go to the same service. */
const AT_ONCE = 6;

/** How the clients that get a trimmed answer are told apart (src/protocols/readers.ts). */
const READER_REQUESTS: Readonly<Record<(typeof READERS)[number]['id'], Partial<WireRequest>>> = {
	evolution: { userAgent: 'Evolution/3.56.0' },
	aerc: { userAgent: 'Go-http-client/2.0' },
	fairemail: { contentType: 'application/x-www-form-urlencoded' },
};

export async function checkHttp(found: Found, address: EmailAddress, network: Network, now: number): Promise<AreaReport> {
	const questions = questionsFor(found, address, now);
	const answers = await inParallel(questions, AT_ONCE, ({ request }) => ask(network, over('https', request)));
	const findings: Finding[] = [];
	const hosts = new Map<string, HttpAnswer | HttpFailure>();
	for (const [at, asked] of questions.entries()) {
		const got = answers[at];
		if (got === undefined) continue;
		const first = !hosts.has(asked.request.host);
		if (first || got.ok) hosts.set(asked.request.host, got);
		// A host that is not there is one finding, not one for each of its paths.
		findings.push(...(got.ok ? judgeAnswer(asked, got) : judgeFailure(asked, got, first)));
	}
	// A host that the record needs for nothing may be there with whatever certificate.
	const needed = new Set(questions.filter(({ expected }) => (expected.status ?? 200) < 400).map(({ request }) => request.host));
	for (const [host, got] of hosts)
		if (got.tls !== null && needed.has(host)) findings.push(...judgeHost(host, host === address.domain, got.tls, now));
	const plain = await inParallel(questions.filter(isAlsoPlain), AT_ONCE, async (asked) =>
		judgePlain(asked, await ask(network, over('http', asked.request))),
	);
	return { area: 'http', looked: questions.length + plain.length, findings: gathered([...findings, ...plain.flat()]) };
}

/** The same finding at several paths of a host is one: a service that does not know the domain says so at each. */
function gathered(findings: readonly Finding[]): readonly Finding[] {
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
function isAlsoPlain({ endpoint, place, reader }: Asked): boolean {
	return endpoint.id === 'autoconfig' && place.label === 'autoconfig' && place.path === '/mail/config-v1.1.xml' && reader === null;
}

function over(scheme: 'https' | 'http', { method, host, path, query, userAgent, contentType, body }: WireRequest) {
	const headers: Record<string, string> = {};
	if (userAgent !== '') headers['User-Agent'] = userAgent;
	if (contentType !== '') headers['Content-Type'] = contentType;
	return { scheme, host, method, target: query === '' ? path : `${path}?${query}`, headers, body };
}

export function questionsFor(found: Found, address: EmailAddress, now: number): readonly Asked[] {
	return PROTOCOLS.flatMap(({ id, endpoints }) =>
		endpoints.flatMap((endpoint) =>
			endpoint.at.flatMap((place, at) => {
				const plain = asClientsAsk(endpoint, endpoint.ask(address, place));
				const readers = at === 0 && endpoint.id === id ? READERS.filter(({ protocol }) => protocol === id) : [];
				return [
					asked(id, endpoint, place, plain, null, found, now),
					...readers.map((reader) => asked(id, endpoint, place, { ...plain, ...READER_REQUESTS[reader.id] }, reader.id, found, now)),
				];
			}),
		),
	);
}

// Thunderbird opens CalDAV and CardDAV with PROPFIND; a redirect for GET alone does not help it.
function asClientsAsk(endpoint: Endpoint, request: WireRequest): WireRequest {
	return endpoint.id === 'caldav' || endpoint.id === 'carddav' ? { ...request, method: 'PROPFIND' } : request;
}

function asked(
	protocol: string,
	endpoint: Endpoint,
	place: Place,
	request: WireRequest,
	reader: string | null,
	found: Found,
	now: number,
): Asked {
	const question = endpoint.hear(request);
	const answered = question.ok ? answer(question.value, found, readerOf(protocol, request), now) : question;
	const url = `https://${request.host}${request.path}${request.query === '' ? '' : `?${request.query}`}`;
	return {
		endpoint,
		place,
		request,
		url: request.method === 'GET' ? url : `${request.method} ${url}`,
		reader,
		expected: answered.ok ? answered.value : endpoint.refuse(answered.error),
	};
}
