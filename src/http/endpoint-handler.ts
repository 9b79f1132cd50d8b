/** Answers the requests to one endpoint: parses them, finds the record, renders the answer, and keeps answers that are the same for everybody. */
import { writeLog } from '../lib/log.ts';
import { chain, type MaybePromise } from '../lib/maybe-promise.ts';
import { DAY_MS } from '../lib/time.ts';
import type { ResolvedRecord } from '../model/lookup.ts';
import type { Problem } from '../model/problem.ts';
import type { DomainRecord } from '../model/record.ts';
import { answerQuery } from '../protocols/answer-query.ts';
import { type LastEntryClient, lastEntryClientOf, variesByUserAgent } from '../protocols/last-entry-clients.ts';
import type { Endpoint, Query } from '../protocols/protocol.ts';
import { type HttpDependencies, mayServeDomain } from './dependencies.ts';
import { type PreparedResponse, prepareResponse, renderResponse, renderUncachedResponse } from './responses.ts';
import type { RouteHandler, RouteRequest, RouteResponse } from './route-handler.ts';
import { readBody, toWireRequest } from './wire-request.ts';

/** Answers that are kept for one record: a few variants of an endpoint for each domain that the record serves. */
const CACHED_RESPONSES_PER_RECORD = 512;

/**
 * The answers that depend only on the record, the domain, the client and the day, by the record's object: as long as the text in the store
 * stays the same, so does the object, and a changed record has no answers yet.
 */
type ResponseCache = WeakMap<DomainRecord, Map<string, PreparedResponse>>;

/** @param dependencies live as long as the isolate, and so do the answers that the handler keeps */
export function createEndpointHandler(protocol: string, endpoint: Endpoint, dependencies: HttpDependencies): RouteHandler {
	const cache: ResponseCache = new WeakMap();
	const extraHeaders: Readonly<Record<string, string>> =
		endpoint.method === 'GET' && variesByUserAgent(protocol) ? { Vary: 'User-Agent' } : {};

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
		{ request }: RouteRequest,
		query: Query,
		found: ResolvedRecord,
		client: LastEntryClient | null,
	): MaybePromise<RouteResponse> {
		const now = dependencies.now();
		const key = query.cacheKey === null ? null : responseCacheKey(query.cacheKey, found, client, now);
		const copies = key === null ? null : cachedResponsesOf(cache, found.record);
		const copy = key === null ? undefined : copies?.get(key);
		if (copy !== undefined) return cachedResponse(copy, request);
		const answered = answerQuery(query, found, client, now);
		if (!answered.ok) return problemResponse(endpoint, answered.error);
		const { value } = answered;
		const delivery = { cacheControl: endpoint.cacheControl, cors: endpoint.cors, hasETag: key !== null, extraHeaders };
		return chain(
			prepareResponse(value, delivery, (body) => dependencies.signer.sign(body, found.domain)),
			(fresh) => {
				// A signed answer also depends on the certificate, which may be renewed while the record stays the same: it is never kept.
				if (key !== null && copies !== null && value.sign !== true) {
					if (copies.size >= CACHED_RESPONSES_PER_RECORD) copies.clear();
					copies.set(key, fresh);
				}
				return cachedResponse(fresh, request);
			},
		);
	}

	if (endpoint.method !== 'POST') return (routeRequest) => answer(routeRequest, null);
	return async (routeRequest) => {
		const body = await readBody(routeRequest.request);
		return body.ok ? answer(routeRequest, body.value) : problemResponse(endpoint, { code: 'bad-request', why: body.error });
	};
}

function responseCacheKey(variant: string, { domain }: ResolvedRecord, client: LastEntryClient | null, now: number): string {
	// Of the time, an answer depends on the day alone (the dates of `until` in a record).
	return `${domain} ${Math.floor(now / DAY_MS)} ${client?.id ?? ''} ${variant}`;
}

function cachedResponsesOf(cache: ResponseCache, record: DomainRecord): Map<string, PreparedResponse> {
	const known = cache.get(record);
	if (known !== undefined) return known;
	const copies = new Map<string, PreparedResponse>();
	cache.set(record, copies);
	return copies;
}

function cachedResponse(copy: PreparedResponse, request: Request): RouteResponse {
	const response = renderResponse(copy, request.headers.get('If-None-Match'));
	if (response.status === 304) return { response, outcome: 'not-modified' };
	return { response, outcome: copy.head.status >= 300 ? 'redirected' : 'ok' };
}

function problemResponse(endpoint: Endpoint, problem: Problem): RouteResponse {
	if (problem.code === 'bad-record') logBadRecord(problem);
	return { response: renderUncachedResponse(endpoint.renderProblem(problem), endpoint.cors), outcome: problem.code };
}

/** Logs which record in the store cannot be used, and where in it the fault is. */
export function logBadRecord({ key, path, reason }: Problem & { readonly code: 'bad-record' }): void {
	writeLog('bad-record', { key, path, reason });
}
