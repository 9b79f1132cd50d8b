/**
 * A client of the admin API, typed by the table of operations: what an operation needs in its path, query, headers and body, and what it
 * answers. Both the console and the command line use it; each provides its own `fetch`, and its own type of failure.
 */
import type { GenericSchema, InferInput, InferOutput } from 'valibot';
import { errorCauseMessage } from '../lib/error-message.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { RecordFault } from '../model/record.ts';
import { findShapeFault } from './answer-shape.ts';
import { API_PROBLEMS, type ApiProblemCode } from './api-problems.ts';
import { API_BASE_PATH, type Operation, type QueryParameter } from './operation.ts';
import { type OPERATIONS, type OperationId, operationById } from './operations.ts';
import type { DomainView } from './views.ts';

/** A look-up by name. To search a union for each operation costs the compiler a hundred times as much. */
type OperationsById = { readonly [Listed in (typeof OPERATIONS)[number] as Listed['id']]: Listed };
type OperationOf<Id extends OperationId> = OperationsById[Id];

/** The answer of an operation; for one that answers in lines, the type of a line. */
export type OperationOutput<Id extends OperationId> = OperationOf<Id>['view'] extends infer View
	? View extends GenericSchema
		? InferOutput<View>
		: null
	: never;

/** Operations whose answer is one JSON object on each line. */
export type LineOperationId = Extract<(typeof OPERATIONS)[number], { readonly viewType: 'application/x-ndjson' }>['id'];

export type JsonOperationId = Exclude<OperationId, LineOperationId>;

/** Operations that answer page by page: their view has `next`. */
export type PagedOperationId = {
	[Id in JsonOperationId]: OperationOutput<Id> extends { readonly next: string | null } ? Id : never;
}[JsonOperationId];

type DeepReadonly<T> = unknown extends T ? T : { readonly [Key in keyof T]: DeepReadonly<T[Key]> };

type PathVariables<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | PathVariables<Rest> : never;

// A number may be given as text: the `next` of the previous page, or a value from a URL.
type QueryValue<Type extends QueryParameter['type']> = Type extends 'integer' ? number | string : Type extends 'boolean' ? boolean : string;

type PathPart<Path extends string> = [PathVariables<Path>] extends [never]
	? unknown
	: { readonly path: { readonly [Name in PathVariables<Path>]: string | number } };

/** The query parameters of an operation. One that is null, undefined or empty is not sent. */
type QueryPart<Listed> = Listed extends { readonly query: readonly (infer Parameter)[] }
	? {
			readonly query?: {
				readonly [Each in Parameter as Each extends QueryParameter ? Each['name'] : never]?: Each extends QueryParameter
					? QueryValue<Each['type']> | null | undefined
					: never;
			};
		}
	: unknown;

/** `ifRevision`: the revision that a write was made from; `create` where there must be no record yet. */
type ConditionPart<Listed> = Listed extends { readonly conditional: infer Condition }
	? { readonly ifRevision: Condition extends 'match-or-create' ? number | 'create' : number }
	: unknown;

type BodyPart<Listed> = Listed extends { readonly body: infer Body extends GenericSchema }
	? Listed extends { readonly bodyType: 'application/xml' | 'application/x-ndjson' }
		? Listed extends { readonly bodyOptional: true }
			? { readonly body?: string }
			: { readonly body: string }
		: Listed extends { readonly bodyOptional: true }
			? { readonly body?: DeepReadonly<InferInput<Body>> }
			: { readonly body: DeepReadonly<InferInput<Body>> }
	: unknown;

/** The arguments of a call of an operation. */
export type CallRequest<Id extends OperationId> = PathPart<OperationOf<Id>['path']> &
	QueryPart<OperationOf<Id>> &
	ConditionPart<OperationOf<Id>> &
	BodyPart<OperationOf<Id>>;

/** The argument may be left out where an operation needs none. */
export type CallArguments<Id extends OperationId> =
	Record<never, never> extends CallRequest<Id> ? readonly [request?: CallRequest<Id>] : readonly [request: CallRequest<Id>];

/**
 * Why a call failed. `offline`: no answer came, or it broke off. `failed`: an internal error of the service, or an answer that this program
 * does not understand. Every other code is an error of the admin API.
 */
export interface ApiError {
	readonly code: ApiProblemCode | 'offline' | 'failed';
	/** A sentence for people. */
	readonly title: string;
	/** The HTTP status; 0 where no answer began. */
	readonly status: number;
	/** With `offline`: the cause, in the platform's words. */
	readonly cause?: string;
	/** With `forbidden`: the role that the operation needs, and the domain. */
	readonly needed?: string;
	/** With `invalid`: the fields that are wrong. */
	readonly errors?: readonly RecordFault[];
	/** With `stale`, `exists` and `edited-outside`: the record as it is now. */
	readonly current?: DomainView;
}

interface FetchedResponse {
	readonly ok: boolean;
	readonly status: number;
	readonly body: { getReader(): { read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }> } } | null;
	text(): Promise<string>;
}

/** The platform's `fetch`, as far as it is used. The URL is a path with a query; the function knows the origin. */
export type FetchApi = (
	url: string,
	init: { readonly method: string; readonly headers: Readonly<Record<string, string>>; readonly body: string | null },
) => Promise<FetchedResponse>;

export interface ApiClient<E> {
	call<Id extends JsonOperationId>(id: Id, ...request: CallArguments<Id>): Promise<Result<OperationOutput<Id>, E>>;
	/** Calls `each` with every line as it arrives, also with those that arrive before a failure. */
	callLines<Id extends LineOperationId>(
		id: Id,
		request: CallRequest<Id>,
		each: (line: OperationOutput<Id>) => void,
	): Promise<Result<null, E>>;
	/** Yields the pages of a list, one after the other, to its end or to the first failure. */
	pages<Id extends PagedOperationId>(id: Id, request: CallRequest<Id>): AsyncGenerator<Result<OperationOutput<Id>, E>>;
}

/** @param toFailure converts an error into the caller's own type of failure */
export function createApiClient<E>(fetchApi: FetchApi, toFailure: (error: ApiError) => E): ApiClient<E> {
	const untyped: UntypedClient<E> = {
		async call(id, request = {}) {
			const operation = operationById(id);
			const response = await send(fetchApi, operation, request);
			const answer = response.ok ? await readAnswer(operation, response.value) : response;
			return answer.ok ? answer : err(toFailure(answer.error));
		},
		async callLines(id, request, each) {
			const operation = operationById(id);
			const response = await send(fetchApi, operation, request);
			const result = response.ok ? await readLines(operation, response.value, each) : response;
			return result.ok ? result : err(toFailure(result.error));
		},
		async *pages(id, request) {
			const cursor = operationById(id).query?.some(({ name }) => name === 'before') === true ? 'before' : 'after';
			for (let next: string | null = ''; next !== null; ) {
				const page: Result<unknown, E> = await untyped.call(id, { ...request, query: { ...request.query, [cursor]: next } });
				yield page;
				if (!page.ok) return;
				const following = nextOf(page.value);
				if (following === next) return yield err(toFailure(misunderstood(200, 'next')));
				next = following;
			}
		},
	};
	// Here the types of the table are asserted, once for all operations: findShapeFault has checked the answers.
	return untyped as ApiClient<E>;
}

function nextOf(page: unknown): string | null {
	const next: unknown = typeof page === 'object' && page !== null ? Reflect.get(page, 'next') : null;
	return typeof next === 'string' ? next : null;
}

interface UntypedClient<E> {
	call(id: OperationId, request?: UntypedRequest): Promise<Result<unknown, E>>;
	callLines(id: OperationId, request: UntypedRequest, each: (line: unknown) => void): Promise<Result<null, E>>;
	pages(id: OperationId, request: UntypedRequest): AsyncGenerator<Result<unknown, E>>;
}

interface UntypedRequest {
	readonly path?: Readonly<Record<string, string | number>>;
	readonly query?: Readonly<Record<string, string | number | boolean | null | undefined>>;
	readonly ifRevision?: number | 'create';
	readonly body?: unknown;
}

function contentTypeOf(bodyType: Operation['bodyType']): string {
	// A text is sent in UTF-8, whatever the XML declaration in it says.
	return bodyType === 'application/xml' ? 'application/xml; charset=utf-8' : (bodyType ?? 'application/json');
}

async function send(
	fetchApi: FetchApi,
	{ method, path, bodyType }: Operation,
	{ path: variables = {}, query = {}, ifRevision, body }: UntypedRequest,
): Promise<Result<FetchedResponse, ApiError>> {
	const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(variables[name] ?? ''));
	const pairs = Object.entries(query).flatMap(([name, value]) =>
		value === null || value === undefined || value === '' ? [] : [`${name}=${encodeURIComponent(value)}`],
	);
	const condition: Record<string, string> =
		ifRevision === undefined ? {} : ifRevision === 'create' ? { 'If-None-Match': '*' } : { 'If-Match': `"${ifRevision}"` };
	let status = 0;
	try {
		const response = await fetchApi(`${API_BASE_PATH}${filled}${pairs.length === 0 ? '' : `?${pairs.join('&')}`}`, {
			method,
			headers: body === undefined ? condition : { ...condition, 'Content-Type': contentTypeOf(bodyType) },
			body: body === undefined ? null : typeof body === 'string' && bodyType !== undefined ? body : JSON.stringify(body),
		});
		status = response.status;
		return response.ok ? ok(response) : err(parseApiError(response.status, await response.text()));
	} catch (error) {
		return err(offline(error, status));
	}
}

async function readAnswer({ view }: Operation, response: FetchedResponse): Promise<Result<unknown, ApiError>> {
	let text: string;
	try {
		text = await response.text();
	} catch (error) {
		return err(offline(error, response.status));
	}
	if (view === null) return ok(null);
	const answer = parseJson(text);
	const fault = answer === undefined ? '' : findShapeFault(view, answer);
	return fault === null ? ok(answer) : err(misunderstood(response.status, fault));
}

async function readLines(
	{ view }: Operation,
	{ status, body }: FetchedResponse,
	each: (line: unknown) => void,
): Promise<Result<null, ApiError>> {
	const reader = body?.getReader();
	const decoder = new TextDecoder();
	let rest = '';
	for (let done = reader === undefined; !done; ) {
		try {
			const chunk = await reader?.read();
			done = chunk?.done !== false;
			rest += done ? decoder.decode() : decoder.decode(chunk?.value, { stream: true });
		} catch (error) {
			return err(offline(error, status));
		}
		const lines = rest.split('\n');
		rest = done ? '' : (lines.pop() ?? '');
		for (const text of lines) {
			if (text.trim() === '') continue;
			const line = parseJson(text);
			// An incomplete line at the end means that the connection broke.
			if (line === undefined && done) return err(offline(new Error('it ends in the middle of a line'), status));
			const fault = line === undefined || view === null ? '' : findShapeFault(view, line);
			if (fault !== null) return err(misunderstood(status, fault));
			each(line);
		}
	}
	return ok(null);
}

/** Parses JSON; undefined where the text is none. */
function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** @param status the status of the answer that broke off; 0 where none began */
function offline(error: unknown, status: number): ApiError {
	return {
		code: 'offline',
		status,
		title: status === 0 ? 'The service did not answer.' : 'The answer of the service broke off.',
		cause: errorCauseMessage(error),
	};
}

function misunderstood(status: number, path: string): ApiError {
	const where = path === '' ? '' : ` (${path})`;
	return { code: 'failed', status, title: `The answer is not one of the admin API${where}: another service, or another version of it.` };
}

/** Parses an error of the API (RFC 9457), or one of a proxy between this program and the service. */
function parseApiError(status: number, text: string): ApiError {
	const document = parseJson(text);
	if (typeof document !== 'object' || document === null || !('title' in document) || typeof document.title !== 'string')
		return { code: 'failed', status, title: `The service answered ${status}.` };
	const code = 'code' in document && typeof document.code === 'string' ? document.code : '';
	return { ...(document as Partial<ApiError>), code: isProblemCode(code) ? code : 'failed', status, title: document.title };
}

function isProblemCode(code: string): code is ApiProblemCode {
	return Object.hasOwn(API_PROBLEMS, code);
}

/** Describes an error in one sentence, with its details. */
export function describeApiError({ title, needed, errors = [] }: ApiError): string {
	if (errors.length > 0) return errors.map(({ path, reason }) => `${path === '' ? 'It' : path} ${reason}.`).join(' ');
	return needed === undefined ? title : `${title} Needed: ${needed}.`;
}
