/**
 * A customer's host speaks for that customer's domain alone. Every endpoint there is, asked on every kind of host for every kind of domain:
 * what a person is led to by a link, and every signature, is for the host's own domain; the service's own hosts speak for all.
 */
import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseEmailAddress } from '../../src/model/names.ts';
import type { Endpoint, Location } from '../../src/protocols/protocol.ts';
import { PROTOCOLS } from '../../src/protocols/registry.ts';
import { signingKvKey } from '../../src/store/kv/kv-signing-keys.ts';
import { makePki, type Pki } from '../support/pki.ts';
import { fetchWorker, putRecord } from './worker-client.ts';

/** Two customers, and a domain that has no record. */
const VICTIM = 'victim.example';
const ATTACKER = 'attacker.example';
const UNKNOWN = 'nowhere.example';
const DOMAINS = [VICTIM, ATTACKER, UNKNOWN] as const;

const SERVICE_HOST = 'admin.signpost.example';

/** The kinds of hosts, each with the domain that it belongs to, or `service`. */
const HOSTS = [VICTIM, ATTACKER, 'unclaimed.example', 'service'] as const;

function hostName(owner: (typeof HOSTS)[number], label: string): string {
	if (owner === 'service') return SERVICE_HOST;
	return label === '' ? owner : `${label}.${owner}`;
}

function recordOf(domain: string): object {
	return {
		kind: 'domain',
		provider: { name: `Mail of ${domain}` },
		services: {
			imap: { host: `imap.${domain}` },
			submission: { host: `smtp.${domain}` },
			caldav: { url: `https://dav.${domain}/calendars/` },
			carddav: { url: `https://dav.${domain}/contacts/` },
			jmap: { url: `https://jmap.${domain}/session` },
		},
		mtaSts: { mode: 'enforce', mx: [`mx.${domain}`] },
	};
}

let pair: Pki;
beforeAll(async () => {
	pair = await makePki();
});
beforeEach(async () => {
	for (const domain of [VICTIM, ATTACKER]) await putRecord(domain, recordOf(domain));
	await env.RECORDS.put(signingKvKey('*'), JSON.stringify(pair));
});

type Owner = (typeof HOSTS)[number];
type Asked = (typeof DOMAINS)[number];

/** The domain whose record may answer; null where the answer must be that there is none. */
type Expectation = (owner: Owner, asked: Asked) => string | null;

const hasRecord = (domain: string): boolean => domain === VICTIM || domain === ATTACKER;

/** Endpoints that a person reaches through a link, and those whose answers are signed. */
const ownDomainOnly: Expectation = (owner, asked) => (hasRecord(asked) && (owner === 'service' || owner === asked) ? asked : null);

/** Endpoints that mail clients ask with an address: the record of the address's domain answers, or else that of the host. */
const byAddress: Expectation = (owner, asked) => (hasRecord(asked) ? asked : hasRecord(owner) ? owner : null);

/** Endpoints for which only the host decides. */
const byHost: Expectation = (owner) => (hasRecord(owner) ? owner : null);

const EXPECTATIONS: Readonly<Record<string, Expectation>> = {
	autoconfig: byAddress,
	ispdb: ownDomainOnly,
	'autodiscover-xml': byAddress,
	'autodiscover-xml-get': byAddress,
	'autodiscover-json': byAddress,
	'autodiscover-json-path': byAddress,
	mobileconfig: ownDomainOnly,
	'mobileconfig-form': ownDomainOnly,
	'mobileconfig-domain': ownDomainOnly,
	pacc: byHost,
	'mta-sts': byHost,
	caldav: byHost,
	carddav: byHost,
	jmap: byHost,
};

/** The domains whose servers are named in an answer's body, headers or signed content. */
async function domainsNamedIn(response: Response): Promise<readonly string[]> {
	const text = [new TextDecoder('latin1').decode(await response.arrayBuffer()), ...[...response.headers].flat()].join('\n');
	const named = text.matchAll(/(?:imap|smtp|dav|jmap|mx)\.(victim|attacker|nowhere|unclaimed)\.example/g);
	return [...new Set([...named].map(([, name]) => `${name}.example`))];
}

async function ask(endpoint: Endpoint, place: Location, host: string, asked: string): Promise<Response> {
	const address = parseEmailAddress(`someone@${asked}`);
	if (address === null) throw new Error(`${asked} is no domain`);
	const { method, path, query, body, contentType } = endpoint.sampleRequest(address, place);
	const init = method === 'POST' ? { method, body, headers: { 'Content-Type': contentType } } : { method };
	return fetchWorker(`https://${host}${path}${query === '' ? '' : `?${query}`}`, init);
}

const ENDPOINTS = PROTOCOLS.flatMap(({ endpoints }) =>
	endpoints.flatMap((endpoint) =>
		endpoint.locations.map((place) => [`${endpoint.id} ${place.label}|${place.path}`, endpoint, place] as const),
	),
);
const HOSTS_AND_DOMAINS = HOSTS.flatMap((owner) => DOMAINS.map((asked) => [owner, asked] as const));

describe('every endpoint, on every kind of host, for every kind of domain', () => {
	it.each(ENDPOINTS)('%s', async (_, endpoint, place) => {
		for (const [owner, asked] of HOSTS_AND_DOMAINS) {
			const expected = EXPECTATIONS[endpoint.id]?.(owner, asked);
			const response = await ask(endpoint, place, hostName(owner, place.label), asked);
			const what = `${owner} asked for ${asked}`;
			expect(expected, `${endpoint.id} has an expectation`).toBeDefined();
			if (expected === null) expect(response.status, what).toBe(404);
			else expect([200, 307], what).toContain(response.status);
			const named = await domainsNamedIn(response);
			// Autodiscover v2 names no server, only the host that was asked.
			expect(named, what).toEqual(expected === null || endpoint.id.startsWith('autodiscover-json') ? [] : [expected]);
		}
	});

	it('a profile without an address is signed, so that the table above has looked into signatures', async () => {
		const response = await fetchWorker(`https://autoconfig.${VICTIM}/${VICTIM}.mobileconfig`);
		expect(new Uint8Array(await response.arrayBuffer())[0]).toBe(0x30);
	});

	it('only endpoints that are bound to the host’s own domain are signed', async () => {
		for (const [, endpoint, place] of ENDPOINTS.filter(([, { servesOtherDomains }]) => servesOtherDomains)) {
			const response = await ask(endpoint, place, hostName(VICTIM, place.label), VICTIM);
			expect(new Uint8Array(await response.arrayBuffer())[0], endpoint.id).not.toBe(0x30);
		}
	});

	it('the profile of a domain is not made out to an address of another one', async () => {
		for (const host of [SERVICE_HOST, `autoconfig.${VICTIM}`]) {
			const response = await fetchWorker(`https://${host}/${VICTIM}.mobileconfig?email=someone@${ATTACKER}`);
			expect(response.status, host).toBe(404);
		}
	});
});

describe('pages and zones', () => {
	it.each(HOSTS_AND_DOMAINS)('a host of %s asked for %s', async (owner, asked) => {
		const expected = ownDomainOnly(owner, asked);
		for (const label of ['', 'autoconfig', 'autodiscover', 'mta-sts', 'ua-auto-config']) {
			const zone = await fetchWorker(`https://${hostName(owner, label)}/zone/${asked}`);
			expect(zone.status, `zone on ${label}`).toBe(expected === null ? 404 : 200);
			expect(await domainsNamedIn(zone)).toEqual(expected === null ? [] : [expected]);
			const page = await fetchWorker(`https://${hostName(owner, label)}/setup/${asked}`);
			// A customer's own page is at `/`, where the address of the page names no domain.
			expect(page.status, `setup on ${label}`).toBe(owner === 'service' && hasRecord(asked) ? 200 : 404);
			expect(await domainsNamedIn(page)).toEqual(owner === 'service' && hasRecord(asked) ? [asked] : []);
			const home = await fetchWorker(`https://${hostName(owner, label)}/`, {
				method: 'POST',
				body: new URLSearchParams({ address: `someone@${asked}` }),
			});
			const named = await domainsNamedIn(home);
			if (owner === 'service') expect(named).toEqual(hasRecord(asked) ? [asked] : []);
			else expect(named.filter((domain) => domain !== owner)).toEqual([]);
		}
	});
});

describe('names with a service label', () => {
	beforeEach(async () => {
		await putRecord('*.wild.example', recordOf('wild.example'));
		await putRecord('*', recordOf('everything.example'));
	});

	it.each([
		'https://mta-sts.mta-sts.victim.example/.well-known/mta-sts.txt',
		'https://mta-sts.autoconfig.wild.example/.well-known/mta-sts.txt',
		'https://ua-auto-config.autodiscover.wild.example/.well-known/user-agent-configuration.json',
		'https://admin.signpost.example/v1.1/autoconfig.victim.example',
		'https://admin.signpost.example/zone/autodiscover.wild.example',
		'https://admin.signpost.example/setup/mta-sts.wild.example',
		'https://admin.signpost.example/mobileconfig?email=someone@ua-auto-config.wild.example',
	])('are no mail domains, under no wildcard: %s', async (url) => {
		expect((await fetchWorker(url)).status).toBe(404);
	});

	it.each(['autoconfig.example', 'mta-sts.example'])('a domain that is called like a label is one like others: %s', async (domain) => {
		expect((await fetchWorker(`https://autoconfig.${domain}/${domain}.mobileconfig`)).status).toBe(200);
	});
});

describe('Strict-Transport-Security', () => {
	it.each([
		['https://admin.signpost.example/health', true],
		['https://admin.signpost.example/', true],
		['https://admin.signpost.example/admin/api/session', true],
		['https://admin.signpost.example/admin/', true],
		['https://autoconfig.victim.example/', false],
		['https://autoconfig.victim.example/mail/config-v1.1.xml', false],
		['https://victim.example/.well-known/caldav', false],
	])('is sent on the service’s own hosts, never on a customer’s: %s', async (url, isSent) => {
		const response = await fetchWorker(url);
		await response.arrayBuffer();
		expect(response.headers.has('Strict-Transport-Security')).toBe(isSent);
	});
});
