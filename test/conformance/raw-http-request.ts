/** Sends an HTTP request with any Host header to the port of the service under test. `fetch` does not let a test set Host. */
import { request } from 'node:http';
import { inject } from 'vitest';

export interface HttpReply {
	readonly status: number;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
	readonly body: string;
}

interface RequestInput {
	readonly method?: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: string;
}

/** Requests a URL whose host is the one that a client would ask; `http:` and `https:` make no difference here. */
export function httpRequest(
	url: string,
	{ method = 'GET', headers = {}, body }: RequestInput = {},
	port: number = inject('port'),
): Promise<HttpReply> {
	const [, host = '', path = '/'] = /^https?:\/\/([^/]+)(\/.*)?$/.exec(url) ?? [];
	return new Promise((resolve, reject) => {
		const sending = request({ host: '127.0.0.1', port, method, path, headers: { Host: host, ...headers }, agent: false }, (response) => {
			let text = '';
			response.setEncoding('utf8');
			response.on('data', (chunk: string) => (text += chunk));
			response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
		});
		sending.on('error', reject);
		sending.end(body);
	});
}
