/** Answers the requests to one endpoint: parses them, finds the record, and renders the answer or fills in one that is prepared. */
import { writeLog } from '../lib/log.ts';
import { chain, type MaybePromise } from '../lib/maybe-promise.ts';
import { DAY_MS } from '../lib/time.ts';
import { encodeUtf8 } from '../lib/utf8.ts';
import type { ResolvedRecord } from '../model/lookup.ts';
import type { EmailAddress } from '../model/names.ts';
import type { Problem } from '../model/problem.ts';
import { answerQuery } from '../protocols/answer-query.ts';
import { type LastEntryClient, lastEntryClientOf, variesByUserAgent } from '../protocols/last-entry-clients.ts';
import type { Endpoint, Query, WireResponse } from '../protocols/protocol.ts';
import { fillTemplate, prepareTemplate, type ResponseTemplate } from '../protocols/template.ts';
import { type HttpDependencies, mayServeDomain } from './dependencies.ts';
import type { ResponseCache } from './response-cache.ts';
import {
	type PreparedResponse,
	prepareHead,
	prepareResponse,
	type ResponseHead,
	type ResponsePolicy,
	renderResponse,
	renderUncachedResponse,
} from './responses.ts';
import { type RouteHandler, type RouteRequest, type RouteResponse, routeResponse } from './route-handler.ts';
import { readBody, toWireRequest } from './wire-request.ts';

/** What is kept for one domain, day, client and kind of query. */
export type PreparedAnswer =
	/** The answer is the same for everybody. */
	| { readonly kind: 'whole'; readonly response: PreparedResponse }
	/** Each address has its own. */
	| { readonly kind: 'template'; readonly template: ResponseTemplate; readonly head: ResponseHead }
	/** Each address has its own, and no template could say it. */
	| { readonly kind: 'none' };

/**
 * @param dependencies live as long as the isolate
 * @param cache may be shared with other endpoints
 */
export function createEndpointHandler(
	protocol: string,
	endpoint: Endpoint,
	dependencies: HttpDependencies,
	cache: ResponseCache<PreparedAnswer>,
): RouteHandler {
	const extraHeaders: Readonly<Record<string, string>> =
		endpoint.method === 'GET' && variesByUserAgent(protocol) ? { Vary: 'User-Agent' } : {};
	const policy: ResponsePolicy = { cacheControl: endpoint.cacheControl, cors: endpoint.cors, extraHeaders };

	function answer(routeRequest: RouteRequest, body: string | null): MaybePromise<RouteResponse> {
		const wire = toWireRequest(routeRequest, body);
		const query = endpoint.parseRequest(wire);
		if (!query.ok) return problemResponse(endpoint, query.error);
		const candidates = servedCandidates(query.value.candidates, routeRequest.url.hostname);
		if (candidates === null) return problemResponse(endpoint, { code: 'unknown-domain' });
		return chain(dependencies.records.find(candidates), (found) =>
			found.ok
				? answerFromRecord(routeRequest, query.value, found.value, lastEntryClientOf(protocol, wire))
				: problemResponse(endpoint, found.error),
		);
	}

	/** The domains for which this host may answer; null where there is none. */
	function servedCandidates(candidates: Query['candidates'], hostname: string): Query['candidates'] | null {
		if (endpoint.servesOtherDomains) return candidates;
		const [first, ...rest] = candidates.filter((domain) => mayServeDomain(dependencies, hostname, domain));
		return first === undefined ? null : [first, ...rest];
	}

	function answerFromRecord(
		{ headers, time }: RouteRequest,
		query: Query,
		found: ResolvedRecord,
		client: LastEntryClient | null,
	): MaybePromise<RouteResponse> {
		const { address, cacheKey } = query;
		// The answer for an address of another domain than the record's is made of two domains, of which strangers may invent one.
		const isKept = cacheKey !== null && (address === null || address.domain === found.domain);
		if (!isKept) return renderAnswer(query, found, client, time);
		const key = preparedAnswerKey(endpoint.id, query, found, client, time);
		const prepared = cache.get(found.record, key);
		if (prepared?.kind === 'whole') return wholeResponse(prepared.response, headers);
		if (prepared?.kind === 'none') return renderAnswer(query, found, client, time);
		if (address === null) return prepareWhole(query, found, client, time, key, headers);
		if (prepared !== undefined) return filledResponse(prepared, found, address) ?? renderAnswer(query, found, client, time);
		const template = prepareTemplate(query, found, client, time);
		if (template === null) {
			cache.set(found.record, key, { kind: 'none' }, 0);
			return renderAnswer(query, found, client, time);
		}
		const fresh = { kind: 'template', template, head: prepareHead(template.head, policy) } as const;
		cache.set(found.record, key, fresh, totalLength(template.literals));
		return filledResponse(fresh, found, address) ?? renderAnswer(query, found, client, time);
	}

	/** Renders the answer that is the same for everybody, and keeps it. */
	function prepareWhole(
		query: Query,
		found: ResolvedRecord,
		client: LastEntryClient | null,
		now: number,
		key: string,
		headers: Headers,
	): MaybePromise<RouteResponse> {
		const answered = answerQuery(query, found, client, now);
		if (!answered.ok) return problemResponse(endpoint, answered.error);
		const { value } = answered;
		const send = async () => wholeResponse(await prepareResponse(value, policy), headers);
		// A signed answer also depends on the certificate, which may be renewed while the record stays the same: it is never kept.
		if (value.sign === true)
			return chain(dependencies.signer.sign(encodeUtf8(value.body), found.domain), (signed) =>
				signed === null ? send() : bodyResponse(signed, prepareHead(value, policy)),
			);
		return chain(prepareResponse(value, policy), (response) => {
			cache.set(found.record, key, { kind: 'whole', response }, response.body.length);
			return wholeResponse(response, headers);
		});
	}

	/** Fills in a template, and signs the result where it asks for it; null where the address needs an answer of its own. */
	function filledResponse(
		{ template, head }: PreparedAnswer & { readonly kind: 'template' },
		{ domain }: ResolvedRecord,
		address: EmailAddress,
	): MaybePromise<RouteResponse> | null {
		const filled = fillTemplate(template, address);
		return filled === null ? null : signedResponse(filled, template.head, head, domain);
	}

	/** Renders an answer that is not kept. */
	function renderAnswer(query: Query, found: ResolvedRecord, client: LastEntryClient | null, now: number): MaybePromise<RouteResponse> {
		const answered = answerQuery(query, found, client, now);
		if (!answered.ok) return problemResponse(endpoint, answered.error);
		const { value } = answered;
		return signedResponse(encodeUtf8(value.body), value, prepareHead(value, policy), found.domain);
	}

	/**
	 * The response with the body signed, where the answer asks for it.
	 * @param body may be written over once this has returned
	 */
	function signedResponse(
		body: Uint8Array<ArrayBuffer>,
		{ sign }: Pick<WireResponse, 'sign'>,
		head: ResponseHead,
		domain: ResolvedRecord['domain'],
	): MaybePromise<RouteResponse> {
		if (sign !== true) return bodyResponse(body, head);
		const signed = dependencies.signer.sign(body, domain);
		if (!(signed instanceof Promise)) return bodyResponse(signed ?? body, head);
		const kept = body.slice();
		return signed.then((document) => bodyResponse(document ?? kept, head));
	}

	if (endpoint.method !== 'POST') return (routeRequest) => answer(routeRequest, null);
	return async (routeRequest) => {
		const body = await readBody(routeRequest.request, routeRequest.headers);
		return body.ok ? answer(routeRequest, body.value) : problemResponse(endpoint, { code: 'bad-request', why: body.error });
	};
}

function totalLength(parts: readonly Uint8Array[]): number {
	return parts.reduce((length, part) => length + part.length, 0);
}

function preparedAnswerKey(
	endpointId: string,
	{ cacheKey, address }: Query,
	{ domain }: ResolvedRecord,
	client: LastEntryClient | null,
	now: number,
): string {
	// Of the time, an answer depends on the day alone (the dates of `until` in a record).
	return `${endpointId} ${domain} ${Math.floor(now / DAY_MS)} ${client?.id ?? ''} ${address === null ? '' : '@'}${cacheKey}`;
}

function wholeResponse(prepared: PreparedResponse, headers: Headers): RouteResponse {
	const ifNoneMatch = headers.get('If-None-Match');
	const response = renderResponse(prepared, ifNoneMatch);
	// Only who holds an answer already may be told that it is still the same one.
	if (ifNoneMatch !== null && response.status === 304) return { response, status: 304, outcome: 'not-modified' };
	return { response, status: prepared.head.status, outcome: outcomeOf(prepared.head) };
}

function bodyResponse(body: Uint8Array<ArrayBuffer>, head: ResponseHead): RouteResponse {
	return { response: new Response(body, head), status: head.status, outcome: outcomeOf(head) };
}

function outcomeOf({ status }: ResponseHead): RouteResponse['outcome'] {
	return status >= 300 ? 'redirected' : 'ok';
}

function problemResponse(endpoint: Endpoint, problem: Problem): RouteResponse {
	if (problem.code === 'bad-record') logBadRecord(problem);
	return routeResponse(renderUncachedResponse(endpoint.renderProblem(problem), endpoint.cors), problem.code);
}

/** Logs which record in the store cannot be used, and where in it the fault is. */
export function logBadRecord({ key, path, reason }: Problem & { readonly code: 'bad-record' }): void {
	writeLog('bad-record', { key, path, reason });
}
