/**
 * A small internet for tests of `check` and `trace`: DNS, the service over https and http, and mail servers, all on 127.0.0.1 and without
 * faults.
 */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { createSecureContext, type SecureContext, type TlsOptions } from 'node:tls';
import type { Answer } from 'dns-packet';
import { createNetwork, type Network } from '../../src/cli/probe/network.ts';
import { expectedRecords } from '../../src/dns/expected.ts';
import { allRecords } from '../../src/dns/formats/zone-format.ts';
import { type ClientConfig, isSocketOffer, resolveConfig } from '../../src/model/config.ts';
import type { ResolvedRecord } from '../../src/model/lookup.ts';
import { type Domain, parseDomain } from '../../src/model/names.ts';
import { answerQuery } from '../../src/protocols/answer-query.ts';
import { lastEntryClientOf } from '../../src/protocols/last-entry-clients.ts';
import type { WireResponse } from '../../src/protocols/protocol.ts';
import { PROTOCOLS } from '../../src/protocols/registry.ts';
import { type FakeMailServer, type MailServerFaults, startFakeMailServer } from './fake-mail-server.ts';
import { type FakeNameServer, startFakeNameServer, toDnsAnswer } from './fake-name-server.ts';
import { createTestAuthority } from './test-authority.ts';
import { domain } from './valid-names.ts';

export const SITE = { host: domain('signpost.example.net'), names: 'all' as const };

/** Replaces an answer of the service; null leaves the request to the usual answer. */
export type ResponseOverride = (host: string, path: string, scheme: 'https' | 'http') => Partial<WireResponse> | null;

export interface FakeInternet {
	readonly nameServer: FakeNameServer;
	readonly network: Network;
	/** The options that make the command-line tool use these servers. */
	readonly toolArguments: readonly string[];
	/** The requests that the service received, such as `GET https autoconfig.example.com /mail/config-v1.1.xml`. */
	readonly requests: string[];
	override: ResponseOverride;
	close(): Promise<void>;
}

export interface FakeInternetOptions {
	readonly found: ResolvedRecord;
	/** Further domains that have the same record, as a mail host's customers do. */
	readonly otherDomains?: readonly Domain[];
	readonly mailFaults?: MailServerFaults;
}

export async function startFakeInternet({ found, otherDomains = [], mailFaults = {} }: FakeInternetOptions): Promise<FakeInternet> {
	const now = Date.now();
	const records = new Map([found.domain, ...otherDomains].map((domain) => [domain, { ...found, domain }]));
	const config = configOf(found, now);
	const offers = config.offers.filter(isSocketOffer);
	const hosts = [...new Set(offers.map(({ host }) => host))];
	const urls = config.offers.filter((offer) => !isSocketOffer(offer)).map((offer) => ('url' in offer ? new URL(offer.url).hostname : ''));
	const exchanges = (config.mtaSts?.mx ?? ['mx.example.com']).filter((mx) => !mx.startsWith('*'));
	const zones = await Promise.all([...records.values()].map((each) => zoneOf(each, now)));
	const names = await startFakeNameServer([
		...zones.flat(),
		...[...new Set([...hosts, ...urls, SITE.host, ...records.keys(), ...exchanges])].map(
			(name): Answer => ({ name, type: 'A', ttl: 300, class: 'IN', data: '127.0.0.1' }),
		),
		{ name: '.', type: 'NS', ttl: 300, data: 'a.root.example.net' },
	]);
	names.signed = true;

	const authority = await createTestAuthority();
	const certificates = new Map<Domain, Promise<SecureContext>>();
	const certificateOf = (host: string): Promise<SecureContext> => {
		const domain = servedDomain(records, host) ?? found.domain;
		const known = certificates.get(domain) ?? authority.leaf({ names: [domain, `*.${domain}`] }).then(createSecureContext);
		certificates.set(domain, known);
		return known;
	};
	const mailPair = await authority.leaf({ names: hosts.length === 0 ? ['mail.example.com'] : hosts });
	const stubs = new Map<number, FakeMailServer>();
	for (const { kind, port, security } of offers)
		if (!stubs.has(port)) stubs.set(port, await startFakeMailServer(kind, security === 'tls', mailPair, mailFaults));

	const requests: string[] = [];
	let override: ResponseOverride = () => null;
	const serve = (scheme: 'https' | 'http') => async (request: IncomingMessage, response: ServerResponse) => {
		const host = (request.headers.host ?? '').replace(/:\d+$/, '');
		const url = new URL(request.url ?? '/', `${scheme}://${host}`);
		requests.push(`${request.method} ${scheme} ${host} ${url.pathname}`);
		const isWebsite = servedDomain(records, host) === host && WEBSITE_PATHS.includes(url.pathname);
		const good = isWebsite ? WEBSITE_PAGE : await renderResponse(records, request, url, now);
		const { status = 200, type, body, location } = { ...good, ...override(host, url.pathname, scheme) };
		response.writeHead(status, { 'Content-Type': type, ...(location === undefined ? {} : { Location: location }) }).end(body);
	};
	const https = await listen(createHttpsServer({ SNICallback: answerWith(certificateOf), minVersion: 'TLSv1.2' }, serve('https')));
	const http = await listen(createHttpServer(serve('http')));

	const folder = await mkdtemp(join(tmpdir(), 'signpost-'));
	await writeFile(join(folder, 'ca.pem'), authority.ca);
	const detours = [`:443::${https.port}`, `:80::${http.port}`, ...[...stubs].map(([port, stub]) => `:${port}::${stub.port}`), ':::1'];
	const options = { resolver: names.address, ca: join(folder, 'ca.pem'), 'connect-to': detours.join(','), timeout: '5' };
	const network = await createNetwork(options);
	if (!network.ok) throw new Error(network.error.message);
	return {
		nameServer: names,
		network: network.value,
		toolArguments: Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
		requests,
		get override() {
			return override;
		},
		set override(value) {
			override = value;
		},
		async close() {
			await Promise.all([names.close(), https.close(), http.close(), ...[...stubs.values()].map((stub) => stub.close())]);
			await rm(folder, { recursive: true });
		},
	};
}

/** The content of the mail domain's own website. */
const WEBSITE_PAGE: WireResponse = { type: 'text/plain; charset=utf-8', body: 'Contact: mailto:security@example.com\n' };

const WEBSITE_PATHS: readonly string[] = ['/.well-known/security.txt', '/.well-known/openpgpkey/policy'];

function configOf({ record, domain }: ResolvedRecord, now: number): ClientConfig {
	const config = resolveConfig(record, domain, { kind: 'domain', domain }, now);
	if (!config.ok) throw new Error(config.error.reason);
	return config.value;
}

/** What a domain has in DNS, apart from addresses. */
async function zoneOf(found: ResolvedRecord, now: number): Promise<readonly Answer[]> {
	const { domain } = found;
	const config = configOf(found, now);
	return [
		...allRecords(await expectedRecords(config, SITE, [])).map(toDnsAnswer),
		...(config.mtaSts?.mx ?? ['mx.example.com']).map(
			(mx): Answer => ({ name: domain, type: 'MX', ttl: 300, data: { preference: 10, exchange: mx.replace('*', 'a') } }),
		),
		{ name: domain, type: 'CAA', ttl: 300, data: { flags: 0, tag: 'iodef', value: 'mailto:security@example.net' } },
		{ name: domain, type: 'TXT', ttl: 300, data: 'v=spf1 mx -all' },
		{ name: `_dmarc.${domain}`, type: 'TXT', ttl: 300, data: 'v=DMARC1; p=reject' },
		{ name: `default._bimi.${domain}`, type: 'TXT', ttl: 300, data: 'v=BIMI1; l=; a=;' },
		{ name: `s1._domainkey.${domain}`, type: 'TXT', ttl: 300, data: 'v=DKIM1; p=' },
	];
}

/** The domain that a host name is of, or is below; null where it is none's. */
function servedDomain(records: ReadonlyMap<Domain, ResolvedRecord>, host: string): Domain | null {
	const labels = host.split('.');
	for (const at of labels.keys()) {
		const domain = parseDomain(labels.slice(at).join('.'));
		if (domain !== null && records.has(domain)) return domain;
	}
	return null;
}

function answerWith(certificateOf: (host: string) => Promise<SecureContext>): NonNullable<TlsOptions['SNICallback']> {
	return (host, done) => {
		certificateOf(host).then((context) => done(null, context), done);
	};
}

async function listen(server: Server): Promise<{ readonly port: number; close(): Promise<void> }> {
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const bound = server.address();
	return {
		port: typeof bound === 'object' && bound !== null ? bound.port : 0,
		close: () =>
			new Promise((resolve) => {
				server.closeAllConnections();
				server.close(() => resolve());
			}),
	};
}

/** Answers a request as the Worker would, from the same protocols, without redirects, caching and logs. */
async function renderResponse(
	records: ReadonlyMap<Domain, ResolvedRecord>,
	request: IncomingMessage,
	url: URL,
	now: number,
): Promise<WireResponse> {
	const wire = {
		method: request.method ?? 'GET',
		host: url.hostname,
		path: url.pathname,
		query: url.search.slice(1),
		userAgent: request.headers['user-agent'] ?? '',
		contentType: request.headers['content-type'] ?? '',
		body: await readAll(request),
	};
	for (const { id, endpoints } of PROTOCOLS)
		for (const endpoint of endpoints) {
			const method = endpoint.method === 'ANY' || endpoint.method === wire.method;
			if (!method || !endpoint.locations.some(({ path }) => matchesPath(path, wire.path))) continue;
			const question = endpoint.parseRequest(wire);
			const found = question.ok ? question.value.candidates.flatMap((domain) => records.get(domain) ?? []).at(0) : undefined;
			if (!question.ok || found === undefined) return endpoint.renderProblem({ code: 'unknown-domain' });
			const answered = answerQuery(question.value, found, lastEntryClientOf(id, wire), now);
			return answered.ok ? answered.value : endpoint.renderProblem(answered.error);
		}
	return { type: 'text/plain; charset=utf-8', status: 404, body: 'Not found.\n' };
}

function matchesPath(pattern: string, path: string): boolean {
	const source = pattern.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+');
	return new RegExp(`^${source}$`, 'i').test(path);
}
