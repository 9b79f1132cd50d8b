/**
 * Cloudflare's custom hostnames in memory, as the types of the client library cloudflare 7.3.0 and the documentation describe them (read
 * 2026-11): pages, quota, duplicates (1406), a hard cap (1404), names that are not there (1436).
 */
import type { ProviderTransport } from '../../src/lib/http/provider-request.ts';
import { err, ok } from '../../src/lib/result.ts';

export interface StoredHostname {
	readonly id: string;
	readonly hostname: string;
	readonly status: string;
	readonly certificateStatus: string;
}

export interface FakeCustomHostnames {
	readonly transport: ProviderTransport;
	hostnames: readonly StoredHostname[];
	/** Every hostname that was created, in order, however often. */
	readonly created: string[];
	readonly rechecked: string[];
	readonly removed: string[];
	hardCap: number;
	/** Gives a hostname other states. */
	readonly change: (hostname: string, states: Partial<Pick<StoredHostname, 'status' | 'certificateStatus'>>) => StoredHostname;
}

export function createFakeCustomHostnames(initial: readonly Omit<StoredHostname, 'id'>[]): FakeCustomHostnames {
	const answer = (status: number, result: unknown, info: unknown = undefined) =>
		ok({ status, retryAfterSeconds: null, text: JSON.stringify({ success: true, errors: [], messages: [], result, result_info: info }) });
	const refuse = (status: number, code: number, message: string) =>
		ok({ status, retryAfterSeconds: null, text: JSON.stringify({ success: false, errors: [{ code, message }], result: null }) });
	const fake: FakeCustomHostnames = {
		hostnames: initial.map((each) => ({ ...each, id: crypto.randomUUID() })),
		created: [],
		rechecked: [],
		removed: [],
		hardCap: 1000,
		change(hostname, states) {
			const found = fake.hostnames.find((each) => each.hostname === hostname);
			if (found === undefined) throw new Error(`${hostname} is no custom hostname`);
			const changed = { ...found, ...states };
			fake.hostnames = fake.hostnames.map((each) => (each === found ? changed : each));
			return changed;
		},
		async transport({ method, url, body }) {
			const { pathname, searchParams } = new URL(url);
			const id = pathname.split('/custom_hostnames/')[1];
			if (id === 'quota') return answer(200, { allocated: 100, used: fake.hostnames.length, hard_cap: fake.hardCap, exceeded: false });
			const found = fake.hostnames.find((each) => each.id === id);
			switch (method) {
				case 'GET': {
					if (id !== undefined && found === undefined) return refuse(404, 1436, 'The custom hostname was not found.');
					if (found !== undefined) return answer(200, toResult(found));
					const named = searchParams.get('hostname');
					// The real API finds every name that contains the text.
					if (named !== null) {
						const matching = fake.hostnames.filter(({ hostname }) => hostname.includes(named));
						return answer(200, matching.map(toResult), { page: 1, total_pages: 1 });
					}
					const [page, size] = [Number(searchParams.get('page')), Number(searchParams.get('per_page'))];
					const total = Math.max(1, Math.ceil(fake.hostnames.length / size));
					return answer(200, fake.hostnames.slice((page - 1) * size, page * size).map(toResult), { page, total_pages: total });
				}
				case 'POST': {
					const { hostname } = JSON.parse(body ?? '{}') as { readonly hostname: string };
					if (fake.hostnames.some((each) => each.hostname === hostname)) return refuse(409, 1406, 'Duplicate custom hostname found.');
					if (fake.hostnames.length >= fake.hardCap) return refuse(403, 1404, 'No more custom hostnames.');
					fake.created.push(hostname);
					const made = { id: crypto.randomUUID(), hostname, status: 'pending', certificateStatus: 'initializing' };
					fake.hostnames = [...fake.hostnames, made];
					return answer(201, toResult(made));
				}
				case 'PATCH':
					if (found === undefined) return refuse(404, 1436, 'The custom hostname was not found.');
					fake.rechecked.push(found.hostname);
					return answer(202, toResult(fake.change(found.hostname, { status: 'pending', certificateStatus: 'pending_validation' })));
				case 'DELETE':
					if (found === undefined) return refuse(404, 1436, 'The custom hostname was not found.');
					fake.removed.push(found.hostname);
					fake.hostnames = fake.hostnames.filter((each) => each !== found);
					return answer(200, { id });
			}
		},
	};
	return fake;
}

function toResult({ id, hostname, status, certificateStatus }: StoredHostname) {
	return {
		id,
		hostname,
		status,
		verification_errors: status === 'active' ? undefined : ['custom hostname does not CNAME to this zone.'],
		ssl: {
			status: certificateStatus,
			dcv_delegation_records: [{ cname: `_acme-challenge.${hostname}`, cname_target: `${hostname}.0123456789abcdef.dcv.example.net` }],
		},
	};
}

/** What can become of a request on its way. `lost after`: it is carried out, and its answer is lost. `later`: 429. */
export const REQUEST_TROUBLES = ['fine', 'lost before', 'lost after', 'later', 'broken'] as const;

export type RequestTrouble = (typeof REQUEST_TROUBLES)[number];

/** Cloudflare behind a bad connection. @param nextTrouble asked for each request */
export function withTroubles({ transport }: FakeCustomHostnames, nextTrouble: () => RequestTrouble): ProviderTransport {
	return async (request) => {
		switch (nextTrouble()) {
			case 'fine':
				return transport(request);
			case 'lost before':
				return err('the connection broke');
			case 'lost after':
				await transport(request);
				return err('the connection broke');
			case 'later':
				return ok({ status: 429, text: '{"success":false,"errors":[{"code":10000,"message":"later"}]}', retryAfterSeconds: 7 });
			case 'broken':
				return ok({ status: 502, text: '<html>', retryAfterSeconds: null });
		}
	};
}
