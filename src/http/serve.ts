/** Answers one endpoint: hear, find the record, answer, and keep what is the same for everybody. */
import type { Problem } from '../model/problem.ts';
import type { DomainRecord } from '../model/record.ts';
import { answer, type Found } from '../protocols/answer.ts';
import type { Endpoint, Question, WireRequest } from '../protocols/protocol.ts';
import { type Reader, readerOf } from '../protocols/readers.ts';
import type { Handler, Parts, Served } from './parts.ts';
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

	return async (request, url) => {
		const heard = await hear(endpoint, request, url);
		if (!heard.ok) return refuse(endpoint, heard.error);
		const { wire, question } = heard;
		const found = await parts.records.find(question.lookup);
		if (!found.ok) return refuse(endpoint, found.error);
		const now = parts.now();
		const reader = readerOf(protocol, wire);
		const place = question.variant === null ? null : keptPlace(question.variant, found.value, reader, now);
		const copies = place === null ? null : copiesOf(kept, found.value.record);
		const copy = place === null ? undefined : copies?.get(place);
		if (copy !== undefined) return send(copy, request);
		const answered = answer(question, found.value, reader, now);
		if (!answered.ok) return refuse(endpoint, answered.error);
		const delivery = { cache: endpoint.cache, cors: endpoint.cors, validator: place !== null };
		const fresh = await entity(answered.value, delivery, (body) => parts.signer.sign(body, found.value.domain));
		// What is to be signed depends on a certificate too, which may be renewed while the record stays.
		if (place !== null && copies !== null && answered.value.sign !== true) {
			if (copies.size >= KEPT) copies.clear();
			copies.set(place, fresh);
		}
		return send(fresh, request);
	};
}

type Heard =
	| { readonly ok: true; readonly wire: WireRequest; readonly question: Question }
	| { readonly ok: false; readonly error: Problem };

async function hear(endpoint: Endpoint, request: Request, url: URL): Promise<Heard> {
	const bare = wireRequest(request, url);
	let wire = bare;
	if (endpoint.method === 'POST') {
		const body = await readBody(request);
		if (!body.ok) return { ok: false, error: { code: 'bad-request', why: body.error } };
		wire = { ...bare, body: body.value };
	}
	const question = endpoint.hear(wire);
	return question.ok ? { ok: true, wire, question: question.value } : question;
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
