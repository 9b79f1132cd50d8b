/** The discovery of each client: where everything is right, and with one fault at a time. */
import type { Answer } from 'dns-packet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpExpectations } from '../../../src/cli/check/http-expectations.ts';
import { mxProviderDomains } from '../../../src/cli/trace/discovery.ts';
import { MAIL_CLIENT_NAMES, MAIL_CLIENTS, type MailClientName } from '../../../src/cli/trace/mail-clients.ts';
import { runDiscovery } from '../../../src/cli/trace/run-discovery.ts';
import { type FakeInternet, startFakeInternet } from '../../support/fake-internet.ts';
import { resolvedFixture } from '../../support/fixture-records.ts';
import { address } from '../../support/valid-names.ts';

const ALICE = address('alice@example.com');
let world: FakeInternet;
let zone: Answer[];
beforeAll(async () => {
	world = await startFakeInternet({ found: resolvedFixture('minimal') });
	zone = [...world.nameServer.zone];
});
afterAll(() => world.close());

async function discover(client: MailClientName): Promise<string> {
	const { settings } = await runDiscovery(MAIL_CLIENTS[client], ALICE, world.network.withoutDnsCache());
	if (settings === null) return 'nothing';
	const { incoming, outgoing, source } = settings;
	return (
		[incoming, outgoing].map((server) => (server === null ? 'none' : `${server.port} ${server.security}`)).join(', ') +
		`, ${source.replace(/\?.*/, '').replaceAll('example.com', 'D')}`
	);
}

const AUTOCONFIG_URL = 'https://autoconfig.D/mail/config-v1.1.xml';

describe('a world where everything is right', () => {
	const ends: Readonly<Record<MailClientName, string>> = {
		thunderbird: `993 tls, 465 tls, ${AUTOCONFIG_URL}`,
		'thunderbird-android': `993 tls, 465 tls, ${AUTOCONFIG_URL}`,
		outlook: '993 tls, 465 tls, https://D/autodiscover/autodiscover.xml',
		ios: '993 tls, 465 tls, https://autoconfig.D/mobileconfig',
		evolution: `993 tls, 465 tls, ${AUTOCONFIG_URL}`,
		fairemail: '993 tls, 465 tls, SRV',
		'delta-chat': `993 tls, 465 tls, ${AUTOCONFIG_URL}`,
		kmail: `993 tls, 465 tls, ${AUTOCONFIG_URL}`,
		geary: `993 tls, 465 tls, ${AUTOCONFIG_URL}`,
		nextcloud: `993 tls, 465 tls, ${AUTOCONFIG_URL}`,
		mailspring: `993 tls, 465 tls, ${AUTOCONFIG_URL}`,
		// It never asks for _submissions, and takes the port of _submission for implicit TLS.
		aerc: '993 tls, 587 tls, SRV',
		// It never asks for _submissions.
		'claws-mail': '993 tls, 587 starttls, SRV',
		pacc: '993 tls, 465 tls, https://ua-auto-config.D/.well-known/user-agent-configuration.json',
	};

	it.each(MAIL_CLIENT_NAMES)('%s', async (client) => {
		expect(await discover(client)).toBe(ends[client]);
	});
});

describe('the domains that a host of an MX record stands in', () => {
	it.each<[why: string, host: string, domains: readonly string[]]>([
		['the parent, which is the registrable one', 'mx.hoster.example', ['hoster.example']],
		['both', 'mx.eu.hoster.example', ['eu.hoster.example', 'hoster.example']],
		['below a public suffix of two labels', 'mx.eu.hoster.co.uk', ['eu.hoster.co.uk', 'hoster.co.uk']],
		['no public suffix is anybody’s mail domain', 'mx.hoster.co.uk', ['hoster.co.uk']],
		['a private suffix', 'a.mx.customer.github.io', ['mx.customer.github.io', 'customer.github.io']],
		['the domain itself has been asked before', 'mx.example.com', []],
	])('%s', (_, host, domains) => expect(mxProviderDomains(host, 'example.com')).toEqual(domains));
});

describe('a website that answers everything with 200', () => {
	it('stops Thunderbird at the first place, and Autodiscover comes to its help', async () => {
		world.override = (host, path) =>
			host === 'autoconfig.example.com' && path.startsWith('/mail/') ? { type: 'text/html', body: '<html></html>' } : null;
		expect(await discover('thunderbird')).toBe('993 tls, 465 tls, https://autodiscover.D/autodiscover/autodiscover.xml');
		// The other clients read the rest of the document.
		expect(await discover('mailspring')).toBe('993 tls, 465 tls, https://D/.well-known/autoconfig/mail/config-v1.1.xml');
		world.override = () => null;
	});
});

describe('465 and 587 at the same priority', () => {
	it('sends FairEmail to 587', async () => {
		world.nameServer.zone = zone.map((answer) =>
			answer.type === 'SRV' && answer.name.startsWith('_submission') ? { ...answer, data: { ...answer.data, priority: 0 } } : answer,
		);
		expect(await discover('fairemail')).toBe('993 tls, 587 starttls, SRV');
		world.nameServer.zone = zone;
	});
});

describe('the wrong order in the document', () => {
	const swapped = (body: string) => {
		const sections = body.match(/ {4}<outgoingServer[\s\S]*?<\/outgoingServer>\n/g) ?? [];
		return body.replace(sections.join(''), [...sections].reverse().join(''));
	};

	it('sends those who take the first to 587', async () => {
		const good = httpExpectations(resolvedFixture('minimal'), ALICE, Date.now());
		const body = swapped(good.find(({ endpoint }) => endpoint.id === 'autoconfig')?.expected.body ?? '');
		world.override = (host, path) => (host === 'autoconfig.example.com' && path.startsWith('/mail/') ? { body } : null);
		expect(await discover('thunderbird')).toBe(`993 tls, 587 starttls, ${AUTOCONFIG_URL}`);
		expect(await discover('evolution')).toBe(`993 tls, 465 tls, ${AUTOCONFIG_URL}`);
		world.override = () => null;
	});
});

it('Outlook goes on to the redirect over plain http, then SRV', async () => {
	world.override = (host, path, scheme) => {
		if (!path.includes('autodiscover')) return null;
		return host.endsWith('example.com')
			? scheme === 'http'
				? { status: 302, location: 'https://signpost.example.net/autodiscover/autodiscover.xml', body: '' }
				: { status: 404 }
			: null;
	};
	const { steps } = await runDiscovery(MAIL_CLIENTS.outlook, ALICE, world.network.withoutDnsCache());
	expect(steps.map(({ asked }) => asked)).toEqual([
		'POST https://example.com/autodiscover/autodiscover.xml',
		'POST https://autodiscover.example.com/autodiscover/autodiscover.xml',
		'GET http://autodiscover.example.com/autodiscover/autodiscover.xml',
		// The certificate of these servers does not cover the service's own name, so the client does not accept it.
		'POST https://signpost.example.net/autodiscover/autodiscover.xml',
		'SRV _autodiscover._tcp.example.com',
		'POST https://signpost.example.net/autodiscover/autodiscover.xml',
	]);
	world.override = () => null;
});

it('a profile that is stale in DNS is not believed by PACC', async () => {
	world.nameServer.zone = zone.filter(({ name }) => name !== '_ua-auto-config.example.com');
	expect(await discover('pacc')).toBe('nothing');
	world.nameServer.zone = zone;
});
