/** Each client in a world where everything is right, and where one thing is not. */
import type { Answer } from 'dns-packet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { questionsFor } from '../../src/cli/check/http.ts';
import { CLIENT_NAMES, CLIENTS, type ClientName } from '../../src/cli/trace/clients.ts';
import { follow } from '../../src/cli/trace/follow.ts';
import { mxDomains } from '../../src/cli/trace/walk.ts';
import { found } from '../fixtures/fixtures.ts';
import { address } from '../fixtures/names.ts';
import { startWorld, type World } from './world.ts';

const ALICE = address('alice@example.com');
let world: World;
let zone: Answer[];
beforeAll(async () => {
	world = await startWorld({ found: found('minimal') });
	zone = [...world.names.zone];
}, 60_000);
afterAll(() => world.close());

async function end(client: ClientName): Promise<string> {
	const { settings } = await follow(CLIENTS[client], ALICE, world.network.renewed());
	if (settings === null) return 'nothing';
	const { incoming, outgoing, source } = settings;
	return (
		[incoming, outgoing].map((server) => (server === null ? 'none' : `${server.port} ${server.security}`)).join(', ') +
		`, ${source.replace(/\?.*/, '').replaceAll('example.com', 'D')}`
	);
}

const CONFIG = 'https://autoconfig.D/mail/config-v1.1.xml';

describe('a world where everything is right', () => {
	const ends: Readonly<Record<ClientName, string>> = {
		thunderbird: `993 tls, 465 tls, ${CONFIG}`,
		'thunderbird-android': `993 tls, 465 tls, ${CONFIG}`,
		outlook: '993 tls, 465 tls, https://D/autodiscover/autodiscover.xml',
		ios: '993 tls, 465 tls, https://autoconfig.D/mobileconfig',
		evolution: `993 tls, 465 tls, ${CONFIG}`,
		fairemail: '993 tls, 465 tls, SRV',
		'delta-chat': `993 tls, 465 tls, ${CONFIG}`,
		kmail: `993 tls, 465 tls, ${CONFIG}`,
		geary: `993 tls, 465 tls, ${CONFIG}`,
		nextcloud: `993 tls, 465 tls, ${CONFIG}`,
		mailspring: `993 tls, 465 tls, ${CONFIG}`,
		// It never asks for _submissions.
		aerc: '993 tls, 587 starttls, SRV',
		pacc: '993 tls, 465 tls, https://ua-auto-config.D/.well-known/user-agent-configuration.json',
	};

	it.each(CLIENT_NAMES)('%s', async (client) => {
		expect(await end(client)).toBe(ends[client]);
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
	])('%s', (_, host, domains) => expect(mxDomains(host, 'example.com')).toEqual(domains));
});

describe('a website that answers everything with 200', () => {
	it('stops Thunderbird at the first place, and Autodiscover comes to its help', async () => {
		world.override = (host, path) =>
			host === 'autoconfig.example.com' && path.startsWith('/mail/') ? { type: 'text/html', body: '<html></html>' } : null;
		expect(await end('thunderbird')).toBe('993 tls, 465 tls, https://autodiscover.D/autodiscover/autodiscover.xml');
		// The others read on.
		expect(await end('mailspring')).toBe('993 tls, 465 tls, https://D/.well-known/autoconfig/mail/config-v1.1.xml');
		world.override = () => null;
	});
});

describe('465 and 587 at the same priority', () => {
	it('sends FairEmail to 587', async () => {
		world.names.zone = zone.map((answer) =>
			answer.type === 'SRV' && answer.name.startsWith('_submission') ? { ...answer, data: { ...answer.data, priority: 0 } } : answer,
		);
		expect(await end('fairemail')).toBe('993 tls, 587 starttls, SRV');
		world.names.zone = zone;
	});
});

describe('the wrong order in the document', () => {
	const swapped = (body: string) => {
		const sections = body.match(/ {4}<outgoingServer[\s\S]*?<\/outgoingServer>\n/g) ?? [];
		return body.replace(sections.join(''), [...sections].reverse().join(''));
	};

	it('sends those who take the first to 587', async () => {
		const good = questionsFor(found('minimal'), ALICE, Date.now());
		const body = swapped(good.find(({ endpoint }) => endpoint.id === 'autoconfig')?.expected.body ?? '');
		world.override = (host, path) => (host === 'autoconfig.example.com' && path.startsWith('/mail/') ? { body } : null);
		expect(await end('thunderbird')).toBe(`993 tls, 587 starttls, ${CONFIG}`);
		expect(await end('evolution')).toBe(`993 tls, 465 tls, ${CONFIG}`);
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
	const { steps } = await follow(CLIENTS.outlook, ALICE, world.network.renewed());
	expect(steps.map(({ asked }) => asked)).toEqual([
		'POST https://example.com/autodiscover/autodiscover.xml',
		'POST https://autodiscover.example.com/autodiscover/autodiscover.xml',
		'GET http://autodiscover.example.com/autodiscover/autodiscover.xml',
		// The certificate of this world does not cover the service's own name, so it is not believed.
		'POST https://signpost.example.net/autodiscover/autodiscover.xml',
		'SRV _autodiscover._tcp.example.com',
		'POST https://signpost.example.net/autodiscover/autodiscover.xml',
	]);
	world.override = () => null;
});

it('a profile that is stale in DNS is not believed by PACC', async () => {
	world.names.zone = zone.filter(({ name }) => name !== '_ua-auto-config.example.com');
	expect(await end('pacc')).toBe('nothing');
	world.names.zone = zone;
});
