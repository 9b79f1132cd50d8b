/** The world outside, for the admin: name servers over HTTPS and web servers, as data. */
import { afterEach, beforeEach, vi } from 'vitest';

export interface World {
	/** Presentation data by `name TYPE`; a name that is not here does not exist. */
	readonly dns?: Readonly<Record<string, readonly string[]>>;
	/** Documents by URL without its query. */
	readonly documents?: Readonly<Record<string, string>>;
}

const TYPES: Readonly<Record<string, number>> = { TXT: 16, SRV: 33 };

/** Lets the tests of a file ask this world, and no other. Change it by what is returned. */
export function fakeWorld(): { now: World } {
	const world: { now: World } = { now: {} };
	beforeEach(() => {
		world.now = {};
		vi.spyOn(globalThis, 'fetch').mockImplementation(async (input) => answer(world.now, new URL(String(input))));
	});
	afterEach(() => {
		vi.restoreAllMocks();
	});
	return world;
}

function answer({ dns = {}, documents = {} }: World, url: URL): Response {
	const name = url.searchParams.get('name');
	if (name !== null) {
		const type = url.searchParams.get('type') ?? '';
		const data = dns[`${name} ${type}`];
		return Response.json(
			data === undefined
				? { Status: 3 }
				: { Status: 0, Answer: data.map((text) => ({ name, type: TYPES[type] ?? 0, TTL: 60, data: text })) },
		);
	}
	const document = documents[`${url.origin}${url.pathname}`];
	return new Response(document ?? 'Not found.', { status: document === undefined ? 404 : 200 });
}
