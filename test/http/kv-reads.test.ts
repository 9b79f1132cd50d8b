/**
 * How many keys of KV an anonymous request reads: KV bills each of them, and strangers may send any request. Every public endpoint is asked
 * for every kind of domain, on the domain's own host and on another one.
 */
import { env, exports } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseEmailAddress } from '../../src/model/names.ts';
import type { RecordName } from '../../src/model/record-name.ts';
import type { WireRequest } from '../../src/protocols/protocol.ts';
import { PROTOCOLS } from '../../src/protocols/registry.ts';
import { STORE_MARK_KEY } from '../../src/store/kv/store-mark.ts';
import { renderWildcardList, WILDCARD_LIST_KEY } from '../../src/store/ports/wildcard-list.ts';
import { type AskedDomain, KV_READ_COSTS } from '../support/kv-read-costs.ts';
import { kvReads, resetKvReads, useKvReads } from '../support/kv-reads.ts';
import { MINIMAL_RECORD, putRecord } from './worker-client.ts';

const SERVICE_HOST = 'admin.signpost.example';

/** A domain of each kind. */
const DOMAINS: Readonly<Record<AskedDomain, string>> = {
	known: 'known.example',
	alias: 'alias.example',
	covered: 'a.b.covered.example',
	unknown: 'a.b.c.nowhere.example',
};

/** A host of somebody else, as a client meets it that follows the MX records of its domain; nothing is recorded for it. */
const OTHER_HOST = 'autoconfig.x.y.foreign.example';

/** Puts the list of wildcards into KV, as the directory does with the first record that is saved. */
const putWildcardList = () => env.RECORDS.put(WILDCARD_LIST_KEY, renderWildcardList(['*.covered.example' as RecordName], Date.now()));

useKvReads();
beforeEach(async () => {
	await putRecord('known.example', MINIMAL_RECORD);
	await putRecord('alias.example', { kind: 'alias', of: 'known.example' });
	await putRecord('*.covered.example', MINIMAL_RECORD);
});

interface PublicRequest {
	readonly title: string;
	/** Whether it names the domain otherwise than by the host. */
	readonly namesDomain: boolean;
	/** The request for a domain. @param otherHost the host to ask in place of the domain's own; null for that */
	readonly make: (domain: string, otherHost: string | null) => Request;
}

const SAMPLE = parseEmailAddress('alice@sample.example');

/** Every endpoint of every protocol, and the paths that are none. */
const REQUESTS: readonly PublicRequest[] = [
	...PROTOCOLS.flatMap(({ endpoints }) =>
		endpoints.flatMap((endpoint) =>
			endpoint.locations.map((location) => ({
				title: `${endpoint.method} ${location.label}${location.path}`,
				namesDomain: SAMPLE !== null && namesSample(endpoint.sampleRequest(SAMPLE, location)),
				make(domain: string, otherHost: string | null) {
					const address = parseEmailAddress(`alice@${domain}`);
					if (address === null) throw new Error(`no address at ${domain}`);
					const { method, body, contentType, host, path, query } = endpoint.sampleRequest(address, location);
					const init = method === 'POST' ? { method, body, headers: { 'Content-Type': contentType } } : { method };
					return new Request(`https://${otherHost ?? host}${path}${query === '' ? '' : `?${query}`}`, { ...init, redirect: 'manual' });
				},
			})),
		),
	),
	...[
		'/',
		'/?email=alice@DOMAIN',
		'/setup/DOMAIN',
		'/setup/DOMAIN?email=alice@DOMAIN',
		'/zone/DOMAIN',
		'/ask?domain=autoconfig.DOMAIN',
		'/ews/exchange.asmx',
		'/robots.txt',
		'/admin',
	].flatMap((path) =>
		[SERVICE_HOST, 'autoconfig.DOMAIN', 'DOMAIN'].map((host) => ({
			title: `${host}${path}`,
			// The start page is for the host's own domain, whatever address it is given.
			namesDomain: path.includes('DOMAIN') && !path.startsWith('/?'),
			make: (domain: string, otherHost: string | null) =>
				new Request(`https://${otherHost ?? host.replace('DOMAIN', domain)}${path.replaceAll('DOMAIN', domain)}`, { redirect: 'manual' }),
		})),
	),
];

function namesSample({ path, query, body }: WireRequest): boolean {
	return [path, decodeURIComponent(query), body].some((text) => text.includes('sample.example'));
}

/** The keys of records that each endpoint reads for a kind of domain, by the title of the request. */
async function measure(kind: AskedDomain, send: (request: Request) => Promise<readonly string[]>): Promise<ReadonlyMap<string, number>> {
	const costs = new Map<string, number>();
	for (const { title, namesDomain, make } of REQUESTS) {
		for (const otherHost of namesDomain ? [null, OTHER_HOST] : [null]) {
			const keys = await send(make(DOMAINS[kind], otherHost));
			costs.set(`${title} ${otherHost === null ? '' : 'on another host'}`, keys.filter((key) => key.startsWith('record:')).length);
		}
	}
	return costs;
}

async function keysReadBy(answer: () => Promise<Response> | Response): Promise<readonly string[]> {
	resetKvReads();
	const response = await answer();
	await response.arrayBuffer();
	return kvReads().keys;
}

const kinds = Object.entries(KV_READ_COSTS).map(([kind, cost]) => [kind as AskedDomain, cost] as const);

describe('keys of records that a request reads at most', () => {
	// The Worker of the tests remembers nothing between two requests.
	it.each(kinds)('%s, where KV has a list of the wildcards: $withList', async (kind, { withList }) => {
		await putWildcardList();
		const costs = await measure(kind, (request) => keysReadBy(() => exports.default.fetch(request)));
		expect(Math.max(...costs.values()), JSON.stringify([...costs])).toBe(withList);
	});

	it.each(kinds)('%s, where it has none: $withoutList', async (kind, { withoutList }) => {
		const costs = await measure(kind, (request) => keysReadBy(() => exports.default.fetch(request)));
		expect(Math.max(...costs.values()), JSON.stringify([...costs])).toBe(withoutList);
	});

	it('a name without a record, of which there are two at most where nobody has written a wildcard', async () => {
		await env.RECORDS.delete('record:*.covered.example');
		await env.RECORDS.put(WILDCARD_LIST_KEY, renderWildcardList([], Date.now()));
		const kindsOfNames = Object.keys(DOMAINS).filter((kind) => kind !== 'alias') as AskedDomain[];
		for (const kind of kindsOfNames) {
			const costs = await measure(kind, (request) => keysReadBy(() => exports.default.fetch(request)));
			expect(Math.max(...costs.values()), JSON.stringify([...costs])).toBeLessThanOrEqual(2);
		}
	});
});

describe('other keys', () => {
	it('are the mark of the store and the list of wildcards where there is no record, and the two that sign a profile', async () => {
		await putWildcardList();
		for (const asked of Object.values(DOMAINS))
			for (const { make } of REQUESTS) {
				const request = make(asked, null);
				const others = (await keysReadBy(() => exports.default.fetch(request))).filter((key) => !key.startsWith('record:'));
				expect(others.filter((key) => ![STORE_MARK_KEY, WILDCARD_LIST_KEY].includes(key) && !key.startsWith('signing:'))).toEqual([]);
				expect(others.length, request.url).toBeLessThanOrEqual(2);
				expect(kvReads().lists).toBe(0);
			}
	});
});
