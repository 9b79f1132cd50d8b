/**
 * The table of docs/hosters.md that says which clients find their settings with how many names in a customer's zone. Each client's discovery,
 * as `signpost trace` follows it, is led through a DNS and a service in memory.
 */
import { type DiscoveryStep, type DiscoveryStepResult, describeKnowledge, type MailClient } from '../cli/trace/discovery.ts';
import { MAIL_CLIENTS } from '../cli/trace/mail-clients.ts';
import { expectedRecords } from '../dns/expected.ts';
import { renderRdata } from '../dns/zone-file.ts';
import { createRouter, type Router } from '../http/router.ts';
import { err, ok } from '../lib/result.ts';
import { resolveConfig } from '../model/config.ts';
import type { DnsRecord } from '../model/dns-record.ts';
import type { ResolvedRecord } from '../model/lookup.ts';
import { type EmailAddress, parseDomain, parseEmailAddress } from '../model/names.ts';
import { parseRecord } from '../model/record.ts';
import { recordKey } from '../model/record-key.ts';
import { PUBLISHED_NAMES_CHOICES, type PublishedNames } from '../model/service-labels.ts';
import { renderTable } from './doc-tables.ts';

const SERVICE_HOST = 'signpost.example.net';
const DOMAIN = 'example.org';
/** The hoster's, in whose domain `autoconfig` is the service's too, and for which there is a record: not every client sends its address. */
const PROVIDER = 'example.net';
const MX_HOST = `mx1.${PROVIDER}`;
const PROVIDER_NAME = `autoconfig.${PROVIDER}`;
const NOW = Date.UTC(2026, 10, 28);
const MAX_REDIRECTS = 10;

/** A hoster's record, with everything that has a name in DNS. */
const RECORD = {
	kind: 'domain',
	provider: { name: 'Example Mail' },
	services: { imap: { host: 'imap.example.net' }, submission: { host: 'smtp.example.net' } },
	mtaSts: { mode: 'testing', mx: [MX_HOST] },
} as const;

/** What is asked. */
interface World {
	readonly records: readonly DnsRecord[];
	readonly router: Router;
	/** Whether `autoconfig.` of the MX host's domain leads to the service. */
	readonly isProviderNamed: boolean;
}

/** Every client, and what it finds with each choice of names. */
export async function renderNamesTable(): Promise<string> {
	const address = parseEmailAddress(`alice@${DOMAIN}`);
	if (address === null) throw new Error('the address is one');
	const worlds: readonly (readonly [string, World])[] = [
		['none, and no `autoconfig` of your MX hosts', await createWorld('none', false)],
		...(await Promise.all(PUBLISHED_NAMES_CHOICES.map(async (names) => [titleOf(names), await createWorld(names, true)] as const))),
	];
	const rows = await Promise.all(
		Object.values(MAIL_CLIENTS).map(async (client: MailClient) => [
			`${client.title} (${describeKnowledge(client.evidence)})`,
			...(await Promise.all(worlds.map(async ([, world]) => describeSource(await discoverIn(world, client, address))))),
		]),
	);
	return renderTable(['client', ...worlds.map(([title]) => title)], rows);
}

function titleOf(names: PublishedNames): string {
	switch (names) {
		case 'none':
			return '`none`';
		case 'autoconfig-autodiscover':
			return '`autoconfig-autodiscover`';
		case 'all':
			return '`all`';
	}
}

/** `autoconfig.D`, `SRV`: the place without path and query. */
function describeSource(source: string | null): string {
	if (source === null) return '**no**';
	if (!URL.canParse(source)) return source;
	const { hostname } = new URL(source);
	if (hostname === PROVIDER_NAME) return '`autoconfig` of the MX host’s domain';
	return `\`${hostname === SERVICE_HOST ? 'SERVICE_HOST' : hostname.replace(DOMAIN, 'D')}\``;
}

async function createWorld(names: PublishedNames, isProviderNamed: boolean): Promise<World> {
	const [domain, provider, host, record] = [parseDomain(DOMAIN), parseDomain(PROVIDER), parseDomain(SERVICE_HOST), parseRecord(RECORD)];
	if (domain === null || provider === null || host === null || !record.ok || record.value.kind !== 'domain')
		throw new Error('the record is one');
	const config = resolveConfig(record.value, domain, { kind: 'domain', domain }, NOW);
	if (!config.ok) throw new Error('the record has a config');
	const key = recordKey(domain);
	const found: ResolvedRecord = { domain, key, foundUnder: key, record: record.value };
	const groups = await expectedRecords(config.value, { host, names }, []);
	const router = createRouter({
		records: {
			find(domains) {
				const served = domains.find((each) => each === domain || each === provider);
				return served === undefined ? err({ code: 'unknown-domain' }) : ok({ ...found, domain: served });
			},
		},
		signer: { sign: async () => null, readKeyStatuses: async () => [] },
		logRequest: () => undefined,
		now: () => NOW,
		redirectHttp: false,
		zoneIsPublic: true,
		serviceHost: host,
		publishedNames: names,
		certificateWildcards: [],
		adminHosts: [],
		healthChecks: [],
		assets: null,
	});
	return { records: groups.flatMap(({ records }) => records), router, isProviderNamed };
}

/** Where the settings come from; null where the client finds none. */
async function discoverIn(world: World, client: MailClient, address: EmailAddress): Promise<string | null> {
	const walk = client.discover(address);
	let next = walk.next();
	while (!next.done) next = walk.next(await answerStep(world, next.value, client.userAgent));
	return next.value === null || next.value.incoming === null || next.value.outgoing === null ? null : next.value.source;
}

async function answerStep(world: World, step: DiscoveryStep, userAgent: string | undefined): Promise<DiscoveryStepResult> {
	switch (step.action) {
		case 'verdict':
			return { outcome: 'nothing', reason: '' };
		case 'mx':
			return { outcome: 'records', records: step.name === DOMAIN ? [`10 ${MX_HOST}.`] : [] };
		case 'srv':
		case 'txt': {
			const type = step.action === 'srv' ? 'SRV' : 'TXT';
			const found = world.records.filter((record) => record.type === type && record.name === step.name);
			return { outcome: 'records', records: found.map(renderRdata) };
		}
		case 'http':
			return fetchFrom(world, step, userAgent);
	}
}

async function fetchFrom(
	world: World,
	step: DiscoveryStep & { readonly action: 'http' },
	userAgent: string | undefined,
): Promise<DiscoveryStepResult> {
	let { method, url } = step;
	let body = step.body ?? null;
	for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
		if (!URL.canParse(url) || !leadsToService(world, new URL(url).hostname))
			return { outcome: 'nothing', reason: 'the name has no address' };
		const headers = { ...step.headers, ...(userAgent === undefined ? {} : { 'User-Agent': userAgent }) };
		const response = await world.router.fetch(new Request(url, { method, headers, body: method === 'GET' ? null : body }));
		const location = response.headers.get('Location');
		if (response.status < 300 || response.status >= 400 || location === null || step.redirects === 'stop') {
			const bytes = new Uint8Array(await response.arrayBuffer());
			const contentType = response.headers.get('Content-Type') ?? '';
			return { outcome: 'http', status: response.status, contentType, location, body: new TextDecoder().decode(bytes), bytes };
		}
		url = new URL(location, url).href;
		if (response.status !== 307 && response.status !== 308 && step.redirects !== 'keep') {
			method = 'GET';
			body = null;
		}
	}
	return { outcome: 'nothing', reason: 'too many redirects' };
}

function leadsToService({ records, isProviderNamed }: World, host: string): boolean {
	if (host === SERVICE_HOST) return true;
	if (host === PROVIDER_NAME) return isProviderNamed;
	return records.some((record) => record.type === 'CNAME' && record.name === host);
}
