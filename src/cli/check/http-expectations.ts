/** The requests that clients make, each with the answer that the record asks for. */

import type { ResolvedRecord } from '../../model/lookup.ts';
import type { EmailAddress } from '../../model/names.ts';
import { answerQuery } from '../../protocols/answer-query.ts';
import { LAST_ENTRY_CLIENTS, lastEntryClientOf } from '../../protocols/last-entry-clients.ts';
import type { Endpoint, Location, WireRequest, WireResponse } from '../../protocols/protocol.ts';
import { PROTOCOLS } from '../../protocols/registry.ts';
import { type HttpFailure, type HttpResponse, sendHttpRequest } from '../probe/http-request.ts';
import type { Network } from '../probe/network.ts';

/** One request, with the answer that the record asks for. */
export interface HttpExpectation {
	readonly endpoint: Endpoint;
	readonly place: Location;
	readonly request: WireRequest;
	/** The request as a URL, for messages. */
	readonly url: string;
	/** The client that sends exactly this request; null where all clients do. */
	readonly client: string | null;
	readonly expected: WireResponse;
}

/** Headers and queries by which the service recognises the clients that get a shortened answer (src/protocols/last-entry-clients.ts). */
const LAST_ENTRY_CLIENT_REQUESTS: Readonly<Record<(typeof LAST_ENTRY_CLIENTS)[number]['id'], Partial<WireRequest>>> = {
	evolution: { userAgent: 'Evolution/3.56.0' },
	aerc: { userAgent: 'Go-http-client/2.0' },
	kmail: { userAgent: 'Mozilla/5.0', query: '' },
	fairemail: { contentType: 'application/x-www-form-urlencoded' },
};

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

export function sendExpectation(
	network: Network,
	{ request }: HttpExpectation,
	scheme: 'https' | 'http' = 'https',
): Promise<HttpResponse | HttpFailure> {
	return sendHttpRequest(network, toHttpRequest(scheme, request));
}

function toHttpRequest(scheme: 'https' | 'http', { method, host, path, query, userAgent, contentType, body }: WireRequest) {
	const headers: Record<string, string> = {};
	if (userAgent !== '') headers['User-Agent'] = userAgent;
	if (contentType !== '') headers['Content-Type'] = contentType;
	return { scheme, host, method, target: query === '' ? path : `${path}?${query}`, headers, body };
}
