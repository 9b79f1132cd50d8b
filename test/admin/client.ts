/** Asks the admin as a program does. */
import { exports } from 'cloudflare:workers';

export const HOST = 'https://admin.signpost.example';
export const OPERATOR = 'operator-token-of-the-tests-0123456789';

export const RECORD = {
	kind: 'domain',
	provider: { name: 'Example Mail' },
	services: { imap: { host: 'imap.example.com' }, submission: { host: 'smtp.example.com' } },
} as const;

export interface Sent {
	readonly token?: string | null;
	readonly body?: unknown;
	readonly headers?: Readonly<Record<string, string>>;
}

export interface Got {
	readonly status: number;
	readonly headers: Headers;
	// biome-ignore lint/suspicious/noExplicitAny: whatever the service says; the assertions look at it.
	readonly body: any;
}

export async function ask(method: string, path: string, { token = OPERATOR, body, headers = {} }: Sent = {}): Promise<Got> {
	const sent = typeof body === 'string' || body === undefined ? (body ?? null) : JSON.stringify(body);
	const request = new Request(`${HOST}/admin/api${path}`, {
		method,
		headers: { ...(token === null ? {} : { Authorization: `Bearer ${token}` }), ...headers },
		body: sent,
	});
	const response = await exports.default.fetch(request);
	// As bytes: .text() warns of types that are no text to it, such as lines of JSON.
	const text = new TextDecoder().decode(await response.arrayBuffer());
	const json = /json$/.test(response.headers.get('Content-Type') ?? '') && !/ndjson/.test(response.headers.get('Content-Type') ?? '');
	return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
}

/** Creates a record. */
export async function create(domain: string, record: object = RECORD): Promise<Got> {
	return ask('PUT', `/domains/${domain}`, { headers: { 'If-None-Match': '*' }, body: { record } });
}

/** Mints a token, and gives its secret. */
export async function mint(
	role: string,
	domains: readonly string[],
	token = OPERATOR,
): Promise<{ readonly id: string; readonly secret: string }> {
	const { status, body } = await ask('POST', '/tokens', { token, body: { name: `${role} token`, role, domains } });
	if (status !== 201) throw new Error(`not minted: ${JSON.stringify(body)}`);
	return body;
}
