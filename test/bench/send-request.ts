/** One request to a server under measurement, by `node:http`: it lets the Host header be what the client would send. */
import { request } from 'node:http';
import { type BenchRequest, requestHeaders, requestTarget } from './bench-requests.ts';

export interface BenchResponse {
	readonly status: number;
	/** Without those that the server's HTTP layer adds by itself. */
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

const CONNECTION_HEADERS = new Set(['content-length', 'transfer-encoding', 'connection', 'keep-alive', 'date']);

export function sendRequest(port: number, { request: wire }: BenchRequest): Promise<BenchResponse> {
	return new Promise((resolve, reject) => {
		const sent = request(
			{ host: '127.0.0.1', port, method: wire.method, path: requestTarget(wire), headers: requestHeaders(wire), agent: false },
			(response) => {
				const chunks: Buffer[] = [];
				response.on('data', (chunk: Buffer) => chunks.push(chunk));
				response.on('error', reject);
				response.on('end', () => {
					const headers = Object.entries(response.headers).filter(([name]) => !CONNECTION_HEADERS.has(name));
					resolve({
						status: response.statusCode ?? 0,
						headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
						body: Buffer.concat(chunks).toString('utf8'),
					});
				});
			},
		);
		sent.on('error', reject);
		sent.end(wire.body);
	});
}

/** What the Worker answers: the constants are made of it. */
export async function fetchResponses(port: number, routes: readonly BenchRequest[]): Promise<ReadonlyMap<string, BenchResponse>> {
	const answers = new Map<string, BenchResponse>();
	for (const route of routes) {
		const answer = await sendRequest(port, route);
		if (answer.status !== 200 || !answer.body.includes('smtp.example.com')) throw new Error(`${route.id}: ${answer.status} ${answer.body}`);
		answers.set(route.id, answer);
	}
	return answers;
}

/** Throws when two answers differ, and says in what. */
export function assertSameResponse(what: string, got: BenchResponse, wanted: BenchResponse): void {
	if (got.status !== wanted.status) throw new Error(`${what}: status ${got.status}, not ${wanted.status}`);
	if (got.body !== wanted.body) throw new Error(`${what}: another body than expected`);
	const [have, want] = [got, wanted].map(({ headers }) => JSON.stringify(Object.entries(headers).sort()));
	if (have !== want) throw new Error(`${what}: headers ${have}, not ${want}`);
}
