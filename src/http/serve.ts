/** Answers one endpoint: hear, find the record, answer, and keep what is the same for everybody. */
import { andThen, type Soon } from '../lib/soon.ts';
import type { Problem } from '../model/problem.ts';
import type { DomainRecord } from '../model/record.ts';
import { answer, type Found } from '../protocols/answer.ts';
import type { Endpoint, Question } from '../protocols/protocol.ts';
import { type Reader, readerOf } from '../protocols/readers.ts';
import type { Call, Handler, Parts, Served } from './parts.ts';
import { type Entity, entity, refusal, respond } from './respond.ts';
import { readBody, wireRequest } from './wire.ts';

const DAY = 86_400_000;

/** Answers kept for one record: a few variants of each endpoint, for each domain that it serves. */
const KEPT = 512;

/**
 * The answers that depend on nothing but the record, the domain and the day. They go with the record: the same text in the store is
 * the same object here, and a changed one starts anew.
 */
type Kept = WeakMap<DomainRecord, Map<string, Entity>>;

/** The handler of an endpoint. `parts` live as long as the isolate, and so does what the handler keeps. */
export function serve(protocol: string, endpoint: Endpoint, parts: Parts): Handler {
	const kept: Kept = new WeakMap();

	function hear(call: Call, body: string | null): Soon<Served> {
		const wire = wireRequest(call, body);
		const question = endpoint.hear(wire);
		if (!question.ok) return refuse(endpoint, question.error);
		const { lookup } = question.value;
		return andThen(parts.records.find(lookup), (found) =>
			found.ok ? reply(call, question.value, found.value, readerOf(protocol, wire)) : refuse(endpoint, found.error),
		);
	}

	function reply({ request }: Call, question: Question, found: Found, reader: Reader | null): Soon<Served> {
		const now = parts.now();
		const place = question.variant === null ? null : keptPlace(question.variant, found, reader, now);
		const copies = place === null ? null : copiesOf(kept, found.record);
		const copy = place === null ? undefined : copies?.get(place);
		if (copy !== undefined) return send(copy, request);
		const answered = answer(question, found, reader, now);
		if (!answered.ok) return refuse(endpoint, answered.error);
		const { value } = answered;
		const delivery = { cache: endpoint.cache, cors: endpoint.cors, validator: place !== null };
		return andThen(
			entity(value, delivery, (body) => parts.signer.sign(body, found.domain)),
			(fresh) => {
				// What is to be signed depends on a certificate too, which may be renewed while the record stays.
				if (place !== null && copies !== null && value.sign !== true) {
					if (copies.size >= KEPT) copies.clear();
					copies.set(place, fresh);
				}
				return send(fresh, request);
			},
		);
	}

	if (endpoint.method !== 'POST') return (call) => hear(call, null);
	return async (call) => {
		const body = await readBody(call.request);
		return body.ok ? hear(call, body.value) : refuse(endpoint, { code: 'bad-request', why: body.error });
	};
}

function keptPlace(variant: string, { domain }: Found, reader: Reader | null, now: number): string {
	// The day is the only grain of time that an answer depends on.
	return `${domain} ${Math.floor(now / DAY)} ${reader?.id ?? ''} ${variant}`;
}

function copiesOf(kept: Kept, record: DomainRecord): Map<string, Entity> {
	const known = kept.get(record);
	if (known !== undefined) return known;
	const copies = new Map<string, Entity>();
	kept.set(record, copies);
	return copies;
}

function send(copy: Entity, request: Request): Served {
	const response = respond(copy, request.headers.get('If-None-Match'));
	if (response.status === 304) return { response, outcome: 'not-modified' };
	return { response, outcome: copy.head.status >= 300 ? 'redirected' : 'ok' };
}

function refuse(endpoint: Endpoint, problem: Problem): Served {
	if (problem.code === 'bad-record') reportBadRecord(problem);
	return { response: refusal(endpoint.refuse(problem), endpoint.cors), outcome: problem.code };
}

/** Tells the operator which record does not parse, and where in it. */
export function reportBadRecord({ code, key, path, reason }: Problem & { readonly code: 'bad-record' }): void {
	console.error(JSON.stringify({ level: 'error', code, key, path, reason }));
}
