/** Answers one endpoint: hear, find the record, answer, and keep what is the same for everybody. */

import { writeLog } from '../lib/log.ts';
import { chain, type MaybePromise } from '../lib/maybe-promise.ts';
import { DAY_MS } from '../lib/time.ts';
import type { ResolvedRecord } from '../model/lookup.ts';
import type { Problem } from '../model/problem.ts';
import type { DomainRecord } from '../model/record.ts';
import { answerQuery } from '../protocols/answer-query.ts';
import { type LastEntryClient, lastEntryClientOf } from '../protocols/last-entry-clients.ts';
import type { Endpoint, Query } from '../protocols/protocol.ts';
import type { HttpDependencies, RouteHandler, RouteRequest, RouteResponse } from './dependencies.ts';
import { type PreparedResponse, prepareResponse, renderResponse, renderUncachedResponse } from './responses.ts';
import { readBody, toWireRequest } from './wire-request.ts';

/** Answers kept for one record: a few variants of each endpoint, for each domain that it serves. */
const CACHED_RESPONSES_PER_RECORD = 512;

/**
 * The answers that depend on nothing but the record, the domain and the day. They go with the record: the same text in the store is
 * the same object here, and a changed one starts anew.
 */
type ResponseCache = WeakMap<DomainRecord, Map<string, PreparedResponse>>;

/** The handler of an endpoint. `parts` live as long as the isolate, and so does what the handler keeps. */
export function createEndpointHandler(protocol: string, endpoint: Endpoint, parts: HttpDependencies): RouteHandler {
	const kept: ResponseCache = new WeakMap();

	function hear(call: RouteRequest, body: string | null): MaybePromise<RouteResponse> {
		const wire = toWireRequest(call, body);
		const question = endpoint.parseRequest(wire);
		if (!question.ok) return problemResponse(endpoint, question.error);
		const { candidates } = question.value;
		return chain(parts.records.find(candidates), (found) =>
			found.ok ? reply(call, question.value, found.value, lastEntryClientOf(protocol, wire)) : problemResponse(endpoint, found.error),
		);
	}

	function reply(
		{ request }: RouteRequest,
		question: Query,
		found: ResolvedRecord,
		reader: LastEntryClient | null,
	): MaybePromise<RouteResponse> {
		const now = parts.now();
		const place = question.cacheKey === null ? null : responseCacheKey(question.cacheKey, found, reader, now);
		const copies = place === null ? null : cachedResponsesOf(kept, found.record);
		const copy = place === null ? undefined : copies?.get(place);
		if (copy !== undefined) return cachedResponse(copy, request);
		const answered = answerQuery(question, found, reader, now);
		if (!answered.ok) return problemResponse(endpoint, answered.error);
		const { value } = answered;
		const delivery = { cacheControl: endpoint.cacheControl, cors: endpoint.cors, hasETag: place !== null };
		return chain(
			prepareResponse(value, delivery, (body) => parts.signer.sign(body, found.domain)),
			(fresh) => {
				// What is to be signed depends on a certificate too, which may be renewed while the record stays.
				if (place !== null && copies !== null && value.sign !== true) {
					if (copies.size >= CACHED_RESPONSES_PER_RECORD) copies.clear();
					copies.set(place, fresh);
				}
				return cachedResponse(fresh, request);
			},
		);
	}

	if (endpoint.method !== 'POST') return (call) => hear(call, null);
	return async (call) => {
		const body = await readBody(call.request);
		return body.ok ? hear(call, body.value) : problemResponse(endpoint, { code: 'bad-request', why: body.error });
	};
}

function responseCacheKey(variant: string, { domain }: ResolvedRecord, reader: LastEntryClient | null, now: number): string {
	// The day is the only grain of time that an answer depends on.
	return `${domain} ${Math.floor(now / DAY_MS)} ${reader?.id ?? ''} ${variant}`;
}

function cachedResponsesOf(kept: ResponseCache, record: DomainRecord): Map<string, PreparedResponse> {
	const known = kept.get(record);
	if (known !== undefined) return known;
	const copies = new Map<string, PreparedResponse>();
	kept.set(record, copies);
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

/** Tells the operator which record does not parse, and where in it. */
export function logBadRecord({ key, path, reason }: Problem & { readonly code: 'bad-record' }): void {
	writeLog('bad-record', { key, path, reason });
}
