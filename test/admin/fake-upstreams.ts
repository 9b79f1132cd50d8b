/** The servers that the admin API queries, as data: DNS over HTTPS and web servers. */
import { afterEach, beforeEach, vi } from 'vitest';

export interface Upstreams {
	/** Whether no server answers. */
	readonly down?: boolean;
	/** DNS data in presentation form, by `name TYPE`. A name that is not listed does not exist; one whose data is null gets SERVFAIL. */
	readonly dns?: Readonly<Record<string, readonly string[] | null>>;
	/** Documents, by URL without the query. */
	readonly documents?: Readonly<Record<string, string>>;
}

const TYPES: Readonly<Record<string, number>> = { A: 1, CNAME: 5, MX: 15, TXT: 16, AAAA: 28, SRV: 33 };

/** Makes all queries of a test file go to these servers, which the test changes through the returned object. */
export function fakeUpstreams(): { now: Upstreams } {
	const world: { now: Upstreams } = { now: {} };
	beforeEach(() => {
		world.now = {};
		vi.spyOn(globalThis, 'fetch').mockImplementation(async (input) => respondAsUpstream(world.now, new URL(String(input))));
	});
	afterEach(() => {
		vi.restoreAllMocks();
	});
	return world;
}

function respondAsUpstream({ down = false, dns = {}, documents = {} }: Upstreams, url: URL): Response {
	if (down) throw new TypeError('connection refused');
	const name = url.searchParams.get('name');
	if (name !== null) {
		const type = url.searchParams.get('type') ?? '';
		// RFC 1034 §3.6.2: a CNAME answers every question.
		const asked = dns[`${name} CNAME`] === undefined ? type : 'CNAME';
		const data = dns[`${name} ${asked}`];
		if (data === undefined) return Response.json({ Status: 3 });
		if (data === null) return Response.json({ Status: 2 });
		return Response.json({ Status: 0, Answer: data.map((text) => ({ name, type: TYPES[asked] ?? 0, TTL: 60, data: text })) });
	}
	const document = documents[`${url.origin}${url.pathname}`];
	return new Response(document ?? 'Not found.', { status: document === undefined ? 404 : 200 });
}
