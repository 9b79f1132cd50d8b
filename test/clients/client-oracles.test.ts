/**
 * Every client of the matrix over every fixture record: it ends at implicit TLS where the record has it, at STARTTLS where not, never at
 * cleartext and never at nothing. What a client cannot do is named below, and asserted like the rest.
 */
import { describe, expect, it } from 'vitest';
import { fixtureNames, fixtureText } from '../support/fixture-records.ts';
import { aerc, aercSrv } from './aerc.ts';
import { apple, applePayloads, appleStarttls } from './apple.ts';
import { ADDRESS, type ClientEnvironment, createClientEnvironment } from './client-environment.ts';
import { deltaChat, deltaChatAutodiscover } from './delta-chat.ts';
import { evolution, evolutionSrv } from './evolution.ts';
import { fairemailAutoconfig, fairemailAutodiscover, fairemailSrv } from './fairemail.ts';
import { FIRST_ENTRY_CLIENTS, firstEntryOracle } from './first-entry-clients.ts';
import { ioPimAutoconfig, ioPimPacc, ioPimSrv } from './io-pim-discovery.ts';
import { kmail } from './kmail.ts';
import type { Outcome, ServerSettings } from './outcome.ts';
import { outlook } from './outlook.ts';
import { thunderbird } from './thunderbird.ts';
import { thunderbirdAndroid } from './thunderbird-android.ts';
import { thunderbirdAutodiscover } from './thunderbird-autodiscover.ts';

const CLIENTS = {
	thunderbird,
	'thunderbird (Autodiscover)': thunderbirdAutodiscover,
	'thunderbird-android': thunderbirdAndroid,
	'delta-chat': deltaChat,
	'delta-chat (Autodiscover)': deltaChatAutodiscover,
	'fairemail (SRV)': fairemailSrv,
	'fairemail (autoconfig)': fairemailAutoconfig,
	'fairemail (Autodiscover)': fairemailAutodiscover,
	evolution,
	'evolution (SRV)': evolutionSrv,
	kmail,
	geary: firstEntryOracle(FIRST_ENTRY_CLIENTS.geary),
	nextcloud: firstEntryOracle(FIRST_ENTRY_CLIENTS.nextcloud),
	horde: firstEntryOracle(FIRST_ENTRY_CLIENTS.horde),
	mailspring: firstEntryOracle(FIRST_ENTRY_CLIENTS.mailspring),
	parula: firstEntryOracle(FIRST_ENTRY_CLIENTS.parula),
	aerc,
	'aerc (SRV)': aercSrv,
	'io-pim-discovery (autoconfig)': ioPimAutoconfig,
	'io-pim-discovery (SRV)': ioPimSrv,
	'io-pim-discovery (PACC)': ioPimPacc,
	outlook,
	apple,
} as const satisfies Record<string, (world: ClientEnvironment) => Promise<Outcome>>;

type Client = keyof typeof CLIENTS;
const NAMES = Object.keys(CLIENTS) as readonly Client[];

/** What the record says a client should end up with, worked out from its JSON alone. */
function bestServersOf(fixture: string): { readonly incoming: ServerSettings; readonly outgoing: ServerSettings } | null {
	const written = JSON.parse(fixtureText(fixture));
	const record = written.kind === 'alias' ? { ...JSON.parse(fixtureText('template')), ...written } : written;
	const { imap, pop3, submission } = record.services;
	const incoming = imap ?? pop3;
	if (incoming === undefined || submission === undefined) return null;
	const kind = imap === undefined ? 'pop3' : 'imap';
	const login = (service: { host: string; login?: string }) => {
		const template: string = service.login ?? record.login ?? '%EMAILADDRESS%';
		return template.replace('%EMAILADDRESS%', ADDRESS).replace('%EMAILLOCALPART%', 'alice').replace('%EMAILDOMAIN%', 'example.com');
	};
	const host = (service: { host: string }) => new URL(`http://${service.host.replace('%EMAILDOMAIN%', 'example.com')}`).hostname;
	const server = (
		service: { host: string; implicit?: number | null; starttls?: number },
		standard: number,
		fallback: number,
		name: string,
	): ServerSettings => ({
		kind: name,
		host: host(service),
		port: service.implicit === null ? (service.starttls ?? fallback) : (service.implicit ?? standard),
		security: service.implicit === null ? 'starttls' : 'tls',
		login: login(service),
	});
	return {
		incoming: server(incoming, kind === 'imap' ? 993 : 995, kind === 'imap' ? 143 : 110, kind),
		outgoing: server(submission, 465, 587, 'smtp'),
	};
}

const POP3_CLIENTS: readonly Client[] = ['thunderbird', 'thunderbird (Autodiscover)', 'evolution', 'kmail', 'outlook', 'apple'];
const PACC: Client = 'io-pim-discovery (PACC)';
const INEXPRESSIBLE_IN_PACC: readonly string[] = [
	'starttls-only',
	'custom-ports',
	'logins',
	'pop3-only',
	'everything',
	'alias-with-own-fields',
	'user-in-url',
];
const AUTODISCOVER_CLIENTS: readonly Client[] = [
	'thunderbird (Autodiscover)',
	'delta-chat (Autodiscover)',
	'fairemail (Autodiscover)',
	'outlook',
];

/**
 * Clients that log in with a password alone at a provider that they do not know, and those that read a format that knows passwords alone.
 */
const PASSWORD_CLIENTS: readonly Client[] = [
	'thunderbird',
	'thunderbird (Autodiscover)',
	'thunderbird-android',
	'delta-chat (Autodiscover)',
	'fairemail (Autodiscover)',
	'outlook',
	'apple',
];

/** Why a client has no account from a record; null when it should have one. */
function whyNoAccount(client: Client, fixture: string): string | null {
	if (bestServersOf(fixture) === null) return 'the record offers no mail services';
	if (client === PACC && INEXPRESSIBLE_IN_PACC.includes(fixture))
		return 'PACC knows implicit TLS on standard ports, the address as login, and DAV on 443 alone: it is refused, not bent';
	if (fixture === 'oauth-only' && PASSWORD_CLIENTS.includes(client)) return 'no server takes a password';
	if (fixture.startsWith('autodiscover-') && AUTODISCOVER_CLIENTS.includes(client)) return 'its Autodiscover is at another service';
	if (fixture === 'pop3-only' && !POP3_CLIENTS.includes(client))
		return 'this oracle replays the IMAP set-up, which is all that most of them have';
	return null;
}

/** Results that are not the record's best; each is a limit of the client, and not a fault of the answers. */
function clientLimits(client: Client, fixture: string): Partial<Record<'incoming' | 'outgoing', Partial<ServerSettings>>> {
	// aerc's SRV look-up does not know the label of port 465, and prefers _imap to _imaps.
	if (client === 'aerc (SRV)') {
		// It asks for _submission and _smtps, never for _submissions.
		const outgoing = ['fallback-ended', 'pacc-complete'].includes(fixture)
			? {}
			: ({ port: fixture === 'custom-ports' ? 2587 : 587, security: 'starttls' } as const);
		return ['everything', 'every-fallback'].includes(fixture) ? { incoming: { port: 143, security: 'starttls' }, outgoing } : { outgoing };
	}
	// KMail's wizard writes STARTTLS for POP3 on 995.
	if (client === 'kmail' && fixture === 'pop3-only') return { incoming: { security: 'starttls' } };
	// FairEmail takes the last login of the file for both servers, and does not fill in a template.
	if (client === 'fairemail (autoconfig)' && fixture === 'logins') {
		const login = '%EMAILDOMAIN%\\%EMAILLOCALPART%';
		return { incoming: { login }, outgoing: { login } };
	}
	// aerc fills in %EMAILADDRESS% alone.
	if (client === 'aerc' && fixture === 'alias-with-own-fields')
		return { incoming: { login: '%EMAILLOCALPART%' }, outgoing: { login: '%EMAILLOCALPART%' } };
	if (client === 'aerc' && fixture === 'logins')
		return { incoming: { login: '%EMAILLOCALPART%' }, outgoing: { login: '%EMAILDOMAIN%\\%EMAILLOCALPART%' } };
	return {};
}

describe.each(NAMES)('%s', (client) => {
	it.each(fixtureNames())('%s', async (fixture) => {
		const outcome = await CLIENTS[client](createClientEnvironment(fixture));
		const best = bestServersOf(fixture);
		if (best === null || whyNoAccount(client, fixture) !== null) {
			expect(outcome).toHaveProperty('rejected');
			return;
		}
		const { incoming, outgoing } = clientLimits(client, fixture);
		if ('rejected' in outcome) throw new Error(`${client} has nothing: ${outcome.rejected}`);
		// A login of null means that the client takes the address by itself, or asks.
		const withLogin = (server: ServerSettings, told: ServerSettings) => ({ ...server, login: told.login === null ? null : server.login });
		expect(outcome).toEqual({
			incoming: { ...withLogin(best.incoming, outcome.incoming), ...incoming },
			outgoing: { ...withLogin(best.outgoing, outcome.outgoing), ...outgoing },
		});
		expect(outcome.incoming.security).not.toBe('cleartext');
		expect(outcome.outgoing.security).not.toBe('cleartext');
	});
});

describe('Apple', () => {
	it('gets the fallback on request, under the same identifiers', async () => {
		expect(await appleStarttls(createClientEnvironment('minimal'))).toMatchObject({ outgoing: { port: 587, security: 'starttls' } });
		expect(await appleStarttls(createClientEnvironment('fallback-ended'))).toHaveProperty('rejected');
	});

	it('gets calendars and contacts where the record has them', async () => {
		expect(await applePayloads(createClientEnvironment('everything'))).toEqual([
			'com.apple.mail.managed',
			'com.apple.caldav.account',
			'com.apple.carddav.account',
		]);
		expect(await applePayloads(createClientEnvironment('minimal'))).toEqual(['com.apple.mail.managed']);
	});
});

/** Spoilt answers that each client must notice, or the suite above could not fail. */
const SPOILT_RESPONSES: readonly (readonly [Client, string, (body: string) => string])[] = [
	['thunderbird', 'a purpose on the only domain', (body) => body.replace('<domain>', '<domain purpose="mx">')],
	['thunderbird', 'TLS for a socketType', (body) => body.replaceAll('<socketType>SSL', '<socketType>TLS')],
	['thunderbird', 'an attribute on username', (body) => body.replaceAll('<username>', '<username lang="en">')],
	['thunderbird (Autodiscover)', 'SSL off', (body) => body.replaceAll('<SSL>on', '<SSL>off')],
	['thunderbird (Autodiscover)', 'SPA on', (body) => body.replaceAll('<SPA>off', '<SPA>on')],
	['thunderbird-android', 'one plain section', (body) => body.replace('<socketType>STARTTLS', '<socketType>plain')],
	['thunderbird-android', 'OAuth2 alone', (body) => body.replaceAll('password-cleartext', 'OAuth2')],
	['delta-chat', 'cleartext', (body) => body.replaceAll('<socketType>SSL', '<socketType>plain')],
	['delta-chat (Autodiscover)', 'SSL off', (body) => body.replaceAll('<SSL>on', '<SSL>off')],
	[
		'fairemail (autoconfig)',
		'another login behind',
		(body) => body.replace('</clientConfig>', '<calendar><username>x</username></calendar></clientConfig>'),
	],
	[
		'fairemail (Autodiscover)',
		'a fallback at the end',
		(body) =>
			body.replace('</Account>', '<Protocol><Type>SMTP</Type><Server>smtp.example.com</Server><Port>587</Port></Protocol></Account>'),
	],
	['evolution', 'an attribute', (body) => body.replace('type="smtp"', 'type="smtp" id="a"')],
	[
		'evolution',
		'the fallback last',
		(body) =>
			body.replace(
				'</emailProvider>',
				'<outgoingServer type="smtp"><hostname>smtp.example.com</hostname><port>587</port><socketType>STARTTLS</socketType><username>%EMAILADDRESS%</username></outgoingServer></emailProvider>',
			),
	],
	[
		'kmail',
		'the fallback, wherever it stands',
		(body) =>
			body.replace(
				'</emailProvider>',
				'<outgoingServer type="smtp"><hostname>smtp.example.com</hostname><port>587</port><socketType>STARTTLS</socketType><username>%EMAILADDRESS%</username></outgoingServer></emailProvider>',
			),
	],
	['geary', 'pop3 first', (body) => body.replace('<incomingServer', '<incomingServer type="pop3"></incomingServer><incomingServer')],
	['nextcloud', 'cleartext', (body) => body.replaceAll('<socketType>SSL', '<socketType>None')],
	[
		'horde',
		'the fallback first',
		(body) => body.replace(/(<outgoingServer.*?<\/outgoingServer>)\s*(<outgoingServer.*<\/outgoingServer>)/s, '$2$1'),
	],
	['mailspring', 'lower case', (body) => body.replaceAll('<socketType>SSL', '<socketType>ssl')],
	['parula', 'another domain', (body) => body.replace('<domain>example.com', '<domain>example.net')],
	[
		'aerc',
		'the fallback last',
		(body) =>
			body.replace(
				'</emailProvider>',
				'<outgoingServer type="smtp"><hostname>smtp.example.com</hostname><port>587</port><socketType>STARTTLS</socketType></outgoingServer></emailProvider>',
			),
	],
	[
		'io-pim-discovery (autoconfig)',
		'a jmap section',
		(body) => body.replace('<incomingServer', '<incomingServer type="jmap"></incomingServer><incomingServer'),
	],
	['io-pim-discovery (PACC)', 'one byte more', (body) => `${body} `],
	['outlook', 'Encryption TLS on 465', (body) => body.replaceAll('<Encryption>SSL', '<Encryption>TLS')],
	['outlook', 'no SPA', (body) => body.replaceAll('<SPA>off</SPA>', '')],
	['outlook', 'an empty element', (body) => body.replace('<SSL>on</SSL>', '<SSL></SSL>')],
	['apple', 'no UseSSL', (body) => body.replaceAll(/<key>(In|Out)\w+UseSSL<\/key>\s*<true\/>/g, '')],
	['apple', 'a port as text', (body) => body.replaceAll('<integer>465</integer>', '<string>465</string>')],
];

describe('the oracles can tell', () => {
	it.each(SPOILT_RESPONSES)('%s: %s', async (client, _, spoil) => {
		const good = await CLIENTS[client](createClientEnvironment('minimal'));
		expect(good).not.toHaveProperty('rejected');
		expect(await CLIENTS[client](createClientEnvironment('minimal', spoil))).not.toEqual(good);
	});
});
