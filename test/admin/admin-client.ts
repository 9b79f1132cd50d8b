/** Sends requests to the admin API as a program does. */
import { exports } from 'cloudflare:workers';
import * as v from 'valibot';
import { expect } from 'vitest';
import type { Operation } from '../../src/contract/operation.ts';
import { OPERATIONS } from '../../src/contract/operations.ts';
import type { TokenView } from '../../src/contract/tokens/token-views.ts';
import type { ImportedRecordsView, PreviewView, WriteView } from '../../src/contract/views.ts';
import type { RecordFault } from '../../src/model/record.ts';
import { problemCodesOf } from '../../src/tools/api/openapi.ts';

export const ADMIN_ORIGIN = 'https://admin.signpost.example';
export const OPERATOR_TOKEN = 'operator-token-of-the-tests-0123456789';

export const RECORD = {
	kind: 'domain',
	provider: { name: 'Example Mail' },
	services: { imap: { host: 'imap.example.com' }, submission: { host: 'smtp.example.com' } },
} as const;

export interface RequestOptions {
	readonly token?: string | null;
	/** A text or a stream is sent as it is, anything else as JSON. */
	readonly body?: unknown;
	readonly headers?: Readonly<Record<string, string>>;
}

/** The members of an answer that tests read. A missing one makes their assertions fail. */
export interface ResponseBody extends WriteView, Pick<PreviewView, 'formats' | 'zone'>, Pick<ImportedRecordsView, 'records' | 'lost'> {
	readonly id: string;
	readonly secret: string;
	readonly claim: string;
	readonly tokens: readonly TokenView[];
	readonly domains: readonly { readonly domain: string; readonly digest?: string | null }[];
	readonly revisions: readonly { readonly revision: number }[];
	readonly diff: { readonly record: string };
	readonly errors: readonly RecordFault[];
	readonly lines: readonly { readonly act: string }[];
}

export interface ReceivedResponse {
	readonly status: number;
	readonly headers: Headers;
	readonly text: string;
	/** The answer as JSON, where it is one document. */
	readonly body: ResponseBody;
}

export async function callApi(
	method: string,
	path: string,
	{ token = OPERATOR_TOKEN, body, headers = {} }: RequestOptions = {},
): Promise<ReceivedResponse> {
	const sent = typeof body === 'string' || body === undefined || body instanceof ReadableStream ? (body ?? null) : JSON.stringify(body);
	const request = new Request(`${ADMIN_ORIGIN}/admin/api${path}`, {
		method,
		headers: { ...(token === null ? {} : { Authorization: `Bearer ${token}` }), ...headers },
		body: sent,
	});
	const response = await exports.default.fetch(request);
	// Read as bytes, because .text() warns about media types that it does not take for text, such as lines of JSON.
	const text = new TextDecoder().decode(await response.arrayBuffer());
	const json = /^application\/(problem\+)?json$/.test(response.headers.get('Content-Type') ?? '');
	const answer = json ? JSON.parse(text) : null;
	if (answer !== null) expectDocumented(method, path, response.status, answer);
	return { status: response.status, headers: response.headers, text, body: answer };
}

/** Every answer, in every test, must be what the API description says: each field, and each error. */
function expectDocumented(method: string, path: string, status: number, body: { readonly code?: string }): void {
	const bare = path.replace(/\?.*$/, '');
	const operation: Operation | undefined = OPERATIONS.find(
		(candidate) => candidate.method === method && new RegExp(`^${candidate.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(bare),
	);
	if (operation === undefined) return;
	if (status >= 400) expect(problemCodesOf(operation), `${operation.id} may refuse so`).toContain(body.code);
	else if (operation.view !== null && operation.id !== 'readOpenapi') {
		expect(status).toBe(operation.status);
		// The schema's output lacks the fields that it does not know, so a comparison finds them.
		const parsed = v.safeParse(operation.view, body);
		expect(parsed.success ? parsed.output : parsed.issues.map((issue) => `${v.getDotPath(issue)} ${issue.message}`), operation.id).toEqual(
			body,
		);
	}
}

/** Creates a record. */
export async function createRecord(domain: string, record: object = RECORD, tags: readonly string[] = []): Promise<ReceivedResponse> {
	return callApi('PUT', `/domains/${domain}`, { headers: { 'If-None-Match': '*' }, body: { record, tags } });
}

/** Creates a token and returns its secret. */
export async function createToken(
	role: string,
	domains: readonly string[],
	token = OPERATOR_TOKEN,
): Promise<{ readonly id: string; readonly secret: string }> {
	const { status, body } = await callApi('POST', '/tokens', { token, body: { name: `${role} token`, role, domains } });
	if (status !== 201) throw new Error(`not minted: ${JSON.stringify(body)}`);
	return body;
}
