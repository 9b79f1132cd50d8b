/** A provider's API in memory, served over HTTP. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { ProviderTransport } from '../../src/lib/http/provider-request.ts';

export interface ProviderServer {
	/** Without a path. */
	readonly origin: string;
	/** The Authorization headers of the requests. */
	readonly tokens: ReadonlySet<string | undefined>;
	close(): Promise<void>;
}

/** Serves it on a free port of 127.0.0.1. */
export async function serveProvider({ transport }: { readonly transport: ProviderTransport }): Promise<ProviderServer> {
	const tokens = new Set<string | undefined>();
	const server = createServer(async (request, response) => {
		const { authorization } = request.headers;
		tokens.add(authorization);
		const method = request.method === 'POST' || request.method === 'PATCH' || request.method === 'DELETE' ? request.method : 'GET';
		const headers = authorization === undefined ? {} : { Authorization: authorization };
		const answer = await transport({ method, url: `http://api${request.url}`, headers, body: await text(request) });
		response.writeHead(answer.ok ? answer.value.status : 500).end(answer.ok ? answer.value.text : '');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		tokens,
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
