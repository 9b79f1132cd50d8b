/** What an import makes of each kind of detail in a document, and in which words it says what clients are told otherwise. */
import { describe, expect, it } from 'vitest';
import { type Imported, importDocument } from '../../corpus/imported-document.ts';
import { domain } from '../../support/valid-names.ts';

const DOMAIN = domain('a.example');

function server(
	direction: 'incoming' | 'outgoing',
	type: string,
	host: string,
	port: number | string,
	security: string,
	more = '',
): string {
	return `<${direction}Server type="${type}"><hostname>${host}</hostname><port>${port}</port><socketType>${security}</socketType><username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication>${more}</${direction}Server>`;
}

const IMAP = server('incoming', 'imap', 'imap.a.example', 993, 'SSL');
const SMTP = server('outgoing', 'smtp', 'smtp.a.example', 465, 'SSL');

async function importParts(inside: string, outside = ''): Promise<Exclude<Imported, { readonly refused: string }>> {
	const imported = await importDocument(
		`<clientConfig version="1.1"><emailProvider id="a.example"><domain>a.example</domain><displayName>A</displayName><displayShortName>A</displayShortName>${inside}</emailProvider>${outside}</clientConfig>`,
		DOMAIN,
	);
	if ('refused' in imported) throw new Error(imported.refused);
	return imported;
}

describe('a server of the source', () => {
	it('is the same under the other spelling of its host', async () => {
		const { record, lost } = await importParts(server('incoming', 'imap', ' IMAP.Bücher.Example. ', 993, 'SSL') + SMTP);
		expect(record).toMatchObject({ services: { imap: { host: 'imap.xn--bcher-kva.example' } } });
		expect(lost).toEqual([]);
	});

	it('with a URL becomes the service that the record has for it', async () => {
		const jmap =
			'<incomingServer type="jmap"><url>https://jmap.a.example/session</url><authentication system="http">Basic</authentication></incomingServer>';
		const eas = '<incomingServer type="activeSync"><url>https://eas.a.example/Microsoft-Server-ActiveSync</url></incomingServer>';
		const { record, lost } = await importParts(jmap + IMAP + eas + SMTP);
		expect(record).toMatchObject({
			services: {
				jmap: { url: 'https://jmap.a.example/session' },
				activesync: { url: 'https://eas.a.example/Microsoft-Server-ActiveSync' },
			},
		});
		expect(lost).toEqual([
			'incomingServer[1] ("https://jmap.a.example/session"): no client is told of it in this format.',
			'incomingServer[3] ("https://eas.a.example/Microsoft-Server-ActiveSync"): no client is told of it in this format.',
		]);
	});

	it('for the rules of a mailbox becomes sieve', async () => {
		const sieve = server('incoming', 'managesieve', 'sieve.a.example', 4190, 'STARTTLS').replaceAll('incomingServer', 'setupServer');
		const { record, lost } = await importParts(IMAP + SMTP, sieve);
		expect(record).toMatchObject({ services: { sieve: { host: 'sieve.a.example' } } });
		expect(lost).toEqual(['setupServer[1] (ManageSieve on sieve.a.example:4190, STARTTLS): no client is told of it in this format.']);
	});

	it.each([
		[
			'too many hosts',
			Array.from({ length: 11 }, (_, at) => server('incoming', 'imap', `i${at}.a.example`, 993, 'SSL')).join('') + SMTP,
			'incomingServer[10] (IMAP on i9.a.example:993, implicit TLS) is not carried over: a record has at most 9 hosts for a service.',
		],
		[
			'one port with two encryptions',
			IMAP + server('incoming', 'imap', 'imap.a.example', 993, 'STARTTLS') + SMTP,
			'incomingServer[2] (IMAP on imap.a.example:993, STARTTLS) is not carried over: its port stands there with another encryption already.',
		],
		[
			'nothing outgoing',
			IMAP,
			'incomingServer[1] (IMAP on imap.a.example:993, implicit TLS): no client is told of it in this format, which needs an incoming and an outgoing server; one direction has none that a record can hold.',
		],
		['twice', IMAP + IMAP + SMTP, 'incomingServer[2] (IMAP on imap.a.example:993, implicit TLS) is not carried over: it is listed twice.'],
	])('that clients are told no more is named with the reason: %s', async (_, servers, sentence) => {
		expect((await importParts(servers)).lost).toContain(sentence);
	});
});

describe('what else a document has', () => {
	it.each([
		['<addressbook type="ldap"><url>https://ldap.a.example/</url></addressbook>', '<addressbook>: a record has no field for it'],
		['<calendar type="carddav"><url>https://dav.a.example/</url></calendar>', '<calendar>: a record has no field for it'],
	])('is no DAV server for its element alone: %s', async (element, sentence) => {
		const { record, lost } = await importParts(IMAP + SMTP, element);
		expect(Object.keys((record as { services: object }).services)).toEqual(['imap', 'submission']);
		expect(lost.join()).toContain(sentence);
	});

	const oauth = (parts: Readonly<Record<string, string>>) =>
		`<oAuth2>${Object.entries({
			issuer: 'https://id.a.example',
			authURL: 'https://id.a.example/a',
			tokenURL: 'https://id.a.example/t',
			scope: 'mail',
			...parts,
		})
			.map(([name, text]) => `<${name}>${text}</${name}>`)
			.join('')}</oAuth2>`;

	it.each([
		[{ tokenURL: 'http://id.a.example/t' }, 'oAuth2 is not carried over: its tokenUrl must start with https://.'],
		[{ authURL: 'id.a.example' }, 'oAuth2 is not carried over: its authUrl is not an absolute URL.'],
		[{ issuer: 'https://id.a.example/?x' }, 'oAuth2 is not carried over: its issuer must be plain ASCII without a query.'],
		[
			{ scope: 'x'.repeat(1001) },
			'oAuth2 is not carried over: its scope is empty, longer than 1000 characters, or has line breaks or other blanks.',
		],
	])('names the part of an OAuth server that a record does not take: %j', async (parts, sentence) => {
		expect((await importParts(IMAP + SMTP, oauth(parts))).lost).toContain(sentence);
	});

	it('is read after blank lines, which come with pasted text', async () => {
		const imported = await importDocument(
			`\n\n<?xml version="1.0"?><clientConfig><emailProvider id="a.example">${IMAP}${SMTP}</emailProvider></clientConfig>`,
			DOMAIN,
		);
		expect(imported).toMatchObject({ record: { services: { imap: { host: 'imap.a.example' } } } });
	});
});
