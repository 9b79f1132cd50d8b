/** A name server that answers in JSON over HTTP, as Cloudflare's does over HTTPS. */
import { createServer } from 'node:http';

export interface DohServer {
	readonly url: string;
	/** Presentation data by `name TYPE`. */
	readonly records: Map<string, readonly string[]>;
	/** Questions at the same time, at most, so far. */
	readonly peakConcurrency: () => number;
	readonly close: () => Promise<void>;
}

const RECORD_TYPES: Readonly<Record<string, number>> = { A: 1, CNAME: 5, TXT: 16, AAAA: 28, SRV: 33 };

export async function startDohServer(): Promise<DohServer> {
	const zone = new Map<string, readonly string[]>();
	let [now, most] = [0, 0];
	const server = createServer((request, response) => {
		now += 1;
		most = Math.max(most, now);
		const { searchParams } = new URL(request.url ?? '/', 'http://name-server');
		const name = searchParams.get('name') ?? '';
		const type = searchParams.get('type') ?? '';
		// RFC 1034 §3.6.2: a CNAME answers every question.
		const found = zone.has(`${name} CNAME`) ? 'CNAME' : type;
		const answer = zone.get(`${name} ${found}`)?.map((data) => ({ name, type: RECORD_TYPES[found], TTL: 300, data }));
		// Long enough for questions that are asked together to be here together.
		setTimeout(() => {
			now -= 1;
			response
				.setHeader('Content-Type', 'application/dns-json')
				.end(JSON.stringify({ Status: answer === undefined ? 3 : 0, Answer: answer }));
		}, 20);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	const port = typeof address === 'object' && address !== null ? address.port : 0;
	return {
		url: `http://127.0.0.1:${port}/dns-query`,
		records: zone,
		peakConcurrency: () => most,
		close: () =>
			new Promise((resolve) => {
				server.closeAllConnections();
				server.close(() => resolve());
			}),
	};
}
