/** The admin API over HTTP: its token, its refusals in the tool's words, its lines. */
import { err, ok, type Result } from '../../lib/result.ts';
import type { Failure } from '../terminal.ts';

export interface AdminApiResponse {
	readonly status: number;
	readonly json: unknown;
	/** The revision, as If-Match wants it back; null where there is none. */
	readonly etag: string | null;
}

export interface AdminApiRequest {
	readonly body?: unknown;
	readonly headers?: Readonly<Record<string, string>>;
	/** Sent as it is; `body` is sent as JSON. */
	readonly rawBody?: { readonly type: string; readonly text: string };
}

export interface AdminApiClient {
	readonly origin: string;
	/** @param path below /admin/api, with its query. Anything but a 2xx is trouble. */
	request(method: string, path: string, asking?: AdminApiRequest): Promise<Result<AdminApiResponse, Failure>>;
	/** An answer of one JSON object a line, handed over as it comes. */
	requestLines(
		method: string,
		path: string,
		asking: AdminApiRequest,
		each: (line: Readonly<Record<string, unknown>>) => void,
	): Promise<Result<null, Failure>>;
}

/** Opens the API at `base`, the service's own origin. */
export function createAdminApiClient(base: string | undefined): Result<AdminApiClient, Failure> {
	const text = base ?? process.env.SIGNPOST_API ?? '';
	const origin = URL.canParse(text) ? new URL(text) : null;
	if (origin === null)
		return err({
			message: text === '' ? 'no --api is given' : `--api ${text} is no URL`,
			hint: 'As in --api https://signpost.example.net (or SIGNPOST_API).',
		});
	if (origin.protocol !== 'https:' && origin.hostname !== 'localhost' && origin.hostname !== '127.0.0.1')
		return err({
			message: `--api ${text} is no https URL`,
			hint: 'The token would go over the wire in the clear. Only localhost may be http.',
		});
	const token = process.env.SIGNPOST_TOKEN ?? '';
	if (token === '') return err({ message: 'SIGNPOST_TOKEN is not set', hint: 'Put an admin or domain token there.' });

	async function send(method: string, path: string, { body, headers, rawBody }: AdminApiRequest): Promise<Result<Response, Failure>> {
		const content = rawBody?.text ?? (body === undefined ? null : JSON.stringify(body));
		const type = content === null ? {} : { 'Content-Type': rawBody?.type ?? 'application/json' };
		const url = new URL(`/admin/api${path}`, origin ?? undefined);
		const response = await fetch(url, {
			method,
			body: content,
			headers: { Authorization: `Bearer ${token}`, ...type, ...headers },
			redirect: 'error',
		}).catch((error: Error) => error);
		if (response instanceof Error) return err({ message: `${url.origin} does not answer: ${causeMessage(response)}` });
		return response.ok ? ok(response) : err(await readProblem(url.origin, response));
	}

	return ok({
		origin: origin.origin,
		async request(method, path, asking = {}) {
			const response = await send(method, path, asking);
			if (!response.ok) return response;
			const text = await response.value.text();
			return ok({ status: response.value.status, json: text === '' ? null : JSON.parse(text), etag: response.value.headers.get('ETag') });
		},
		async requestLines(method, path, asking, each) {
			const response = await send(method, path, asking);
			if (!response.ok) return response;
			if (response.value.body === null) return ok(null);
			try {
				for await (const line of splitLines(response.value.body)) if (line.trim() !== '') each(JSON.parse(line));
			} catch (error) {
				// A stream can only throw when its connection breaks; half a line at its end is no JSON.
				return err({
					message: `${origin.origin} broke off: ${error instanceof Error ? causeMessage(error) : String(error)}`,
					hint: 'Run it again: it goes on where it was.',
				});
			}
			return ok(null);
		},
	});
}

/** Lines of a body as they come; what a line has not ended with is kept until it does. */
async function* splitLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
	const decoder = new TextDecoder();
	let rest = '';
	for await (const chunk of body) {
		const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
		rest = parts.pop() ?? '';
		yield* parts;
	}
	yield rest;
}

function causeMessage(error: Error): string {
	return error.cause instanceof Error ? error.cause.message : error.message;
}

/** A problem+json (RFC 9457) in one sentence. */
async function readProblem(origin: string, response: Response): Promise<Failure> {
	const text = await response.text();
	const problem: unknown = response.headers.get('Content-Type')?.includes('json') === true ? JSON.parse(text) : null;
	const title = stringField(problem, 'title') ?? `it answers ${response.status}`;
	const faults = listField(problem, 'errors').map((each) => `${stringField(each, 'path')} ${stringField(each, 'reason')}`);
	return { message: `${origin}: ${title}${faults.length === 0 ? '' : ` ${faults.join('; ')}`}`, hint: STATUS_HINTS[response.status] };
}

const STATUS_HINTS: Readonly<Record<number, string>> = {
	401: 'Is the token in SIGNPOST_TOKEN right, not revoked, not expired?',
	403: 'Ask for a token with the role and the domains that this needs.',
	404: 'Is --api the service’s own host name, and is its admin switched on (ADMIN_HOST)?',
	412: 'Somebody has saved it since: signpost pull, look, and try again.',
};

/** A member of an object in an answer; undefined where there is no such object. */
export function fieldValue(value: unknown, name: string): unknown {
	return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

export function stringField(value: unknown, name: string): string | undefined {
	const field = fieldValue(value, name);
	return typeof field === 'string' ? field : undefined;
}

export function numberField(value: unknown, name: string): number | undefined {
	const field = fieldValue(value, name);
	return typeof field === 'number' ? field : undefined;
}

export function listField(value: unknown, name: string): readonly unknown[] {
	const field = fieldValue(value, name);
	return Array.isArray(field) ? field : [];
}

/**
 * The pages of a list, one after the other; ends with the first trouble.
 * @param path with its leading slash, no query
 * @param name the member of the answer that holds the items
 * @param cursor the parameter that takes a page's `next`
 */
export async function* fetchPages(
	api: AdminApiClient,
	path: string,
	query: Readonly<Record<string, string>>,
	name: string,
	cursor: 'after' | 'before',
): AsyncGenerator<Result<readonly unknown[], Failure>> {
	for (let next: string | undefined = ''; next !== undefined; ) {
		const page: Result<AdminApiResponse, Failure> = await api.request(
			'GET',
			`${path}?${new URLSearchParams({ ...query, ...(next === '' ? {} : { [cursor]: next }) })}`,
		);
		if (!page.ok) {
			yield page;
			return;
		}
		yield ok(listField(page.value.json, name));
		next = stringField(page.value.json, 'next');
	}
}
