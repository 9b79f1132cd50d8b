/** The law of imports: what clients are told after an import is what they were told before, or the import says what is not. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAutoconfigDocument } from '../../../src/admin/importers/autoconfig-importer.ts';
import { differentTellings, documentTellings, isNamed } from '../../corpus/document-tellings.ts';
import { importDocument, serveAutoconfig } from '../../corpus/imported-document.ts';
import { fixtureNames, resolvedFixture } from '../../support/fixture-records.ts';
import { domain } from '../../support/valid-names.ts';

const DOMAIN = domain('a.example');

const escapeXml = (text: string) =>
	text.replace(/[&<>"]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character] ?? '');
const element = (name: string, text: string | null) => (text === null ? '' : `<${name}>${escapeXml(text)}</${name}>`);

const host = fc.constantFrom(
	'mail.a.example',
	'mail2.a.example',
	'IMAP.A.Example',
	'mail.%EMAILDOMAIN%',
	'%EMAILDOMAIN%',
	'192.0.2.1',
	'localhost',
	'my_mail.a.example',
	'',
	'a b.example',
	'mail.bücher.example',
	'-x.example',
);
const port = fc.constantFrom('993', '143', '995', '110', '465', '587', '25', '2525', '', ' 993 ', '99300', '0', 'imap', '4\u0660');
const socketTypes = fc.array(fc.constantFrom('SSL', 'STARTTLS', 'plain', 'ssl', 'starttls', 'TLS', 'none', ''), { maxLength: 2 });
const username = fc.option(
	fc.constantFrom('%EMAILADDRESS%', '%EMAILLOCALPART%', '%EMAILLOCALPART%.%EMAILDOMAIN%', '%EMAILADDRESS', '%REALNAME%', 'info', ''),
	{ nil: null },
);
const authentication = fc.array(
	fc.constantFrom(
		'password-cleartext',
		'password-encrypted',
		'plain',
		'secure',
		'OAuth2',
		'GSSAPI',
		'NTLM',
		'none',
		'client-IP-address',
		'TLS-client-cert',
		'',
	),
	{ maxLength: 3 },
);
const extra = fc.constantFrom(
	'',
	'<pop3><leaveMessagesOnServer>true</leaveMessagesOnServer></pop3>',
	'<restriction>clientIPAddress</restriction>',
	'<useGlobalPreferredServer>true</useGlobalPreferredServer>',
);

const server = (direction: 'incoming' | 'outgoing') =>
	fc
		.tuple(
			direction === 'outgoing' ? fc.constantFrom('smtp', 'smtp', 'SMTP', 'lmtp') : fc.constantFrom('imap', 'pop3', 'exchange', 'jmap', ''),
			host,
			port,
			socketTypes,
			username,
			authentication,
			extra,
		)
		.map(
			([type, name, at, sockets, login, auth, more]) =>
				`<${direction}Server type="${type}">${element('hostname', name)}${element('port', at)}${sockets
					.map((word) => element('socketType', word))
					.join('')}${element('username', login)}${auth
					.map((word) => element('authentication', word))
					.join('')}${more}</${direction}Server>`,
		);

const text = fc.oneof(
	fc.constantFrom('Mail & <Sons>', 'Ünïcode ✉', 'a'.repeat(61), 'zero\u200bwidth', '  two  blanks ', '%EMAILADDRESS%', ''),
	fc.string({ unit: 'grapheme', maxLength: 25 }).map((each) => each.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD]/gu, '')),
);
const link = fc.constantFrom(
	'https://help.a.example/x',
	'https://help.a.example',
	'https://help.a.example/#thunderbird',
	'http://help.a.example/',
	'help',
	'https://u:p@help.a.example/',
);
const documentation = link.map((url) => `<documentation url="${escapeXml(url)}"><descr lang="en">Help</descr></documentation>`);
const oauth = fc
	.record({
		issuer: fc.option(fc.constantFrom('id.a.example', 'https://id.a.example'), { nil: null }),
		authURL: fc.option(fc.constantFrom('https://id.a.example/a', 'http://id.a.example/a'), { nil: null }),
		tokenURL: fc.option(fc.constant('https://id.a.example/t'), { nil: null }),
		scope: fc.option(fc.constantFrom('mail offline_access', 'mail\nother'), { nil: null }),
	})
	.map(
		(parts) =>
			`<oAuth2>${Object.entries(parts)
				.map(([name, value]) => element(name, value))
				.join('')}</oAuth2>`,
	);
const dav = fc
	.tuple(
		fc.constantFrom('calendar', 'addressbook', 'addressBook', 'fileShare', 'fileshare', 'webMail'),
		fc.constantFrom('url', 'serverURL'),
		fc.constantFrom(
			'https://dav.a.example/',
			'https://dav.a.example/%EMAILADDRESS%/',
			'http://dav.a.example/',
			'https://dav.a.example/?u=%EMAILLOCALPART%',
		),
	)
	.chain(([name, child, url]) =>
		fc
			.constantFrom('', ' type="caldav"', ' type="CardDAV"', ' type="webdav"', ' type="ldap"')
			.map((type) => `<${name}${type}>${element(child, url)}</${name}>`),
	);
/** Servers of the draft that have a URL, and one for the rules of a mailbox. */
const further = fc.constantFrom(
	'<incomingServer type="jmap"><url>https://jmap.a.example/session</url><username>%EMAILADDRESS%</username><authentication system="http">Basic</authentication></incomingServer>',
	'<incomingServer type="activeSync"><url>https://eas.a.example/Microsoft-Server-ActiveSync</url></incomingServer>',
	'<incomingServer type="ews"><url>https://ews.a.example/EWS</url></incomingServer>',
);
const rules = fc.constantFrom(
	'',
	'<setupServer type="managesieve"><hostname>sieve.a.example</hostname><port>4190</port><socketType>STARTTLS</socketType><username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></setupServer>',
	'<setupServer type="other"><hostname>x.a.example</hostname></setupServer>',
);

const document = fc
	.record({
		domains: fc.array(fc.constantFrom('a.example', 'B.example', 'münchen.example', 'localhost', 'c.example'), { maxLength: 4 }),
		name: text,
		shortName: fc.option(text, { nil: null }),
		incoming: fc.array(fc.oneof({ arbitrary: server('incoming'), weight: 5 }, { arbitrary: further, weight: 1 }), { maxLength: 4 }),
		rules,
		outgoing: fc.array(server('outgoing'), { maxLength: 3 }),
		documentation: fc.array(documentation, { maxLength: 2 }),
		oauth: fc.option(oauth, { nil: '' }),
		dav: fc.array(dav, { maxLength: 3 }),
		more: fc.constantFrom('', '<enable visiturl="https://a.example/"><instruction>Do</instruction></enable>', '<foo bar="1">x</foo>'),
	})
	.map(
		(parts) =>
			`<?xml version="1.0" encoding="UTF-8"?>\n<clientConfig version="1.1"><emailProvider id="a.example">${parts.domains
				.map((each) => element('domain', each))
				.join(
					'',
				)}${element('displayName', parts.name)}${element('displayShortName', parts.shortName)}${parts.incoming.join('')}${parts.outgoing.join(
				'',
			)}${parts.documentation.join('')}${parts.more}</emailProvider>${parts.dav.join('')}${parts.rules}${parts.oauth}</clientConfig>`,
	);

describe('an imported autoconfig document', () => {
	it('tells clients what it told them before, or what differs is said', async () => {
		let carried = 0;
		await fc.assert(
			fc.asyncProperty(document, async (source) => {
				const imported = await importDocument(source, DOMAIN);
				if ('refused' in imported) return;
				carried += 1;
				const served = imported.served === null ? [] : documentTellings(imported.served, DOMAIN);
				const differences = differentTellings(documentTellings(source, DOMAIN), served);
				if (imported.lost.length === 0) expect(differences).toEqual([]);
				for (const difference of differences)
					expect(isNamed(difference, imported.lost) ? '' : `${difference.text}\n${imported.lost.join('\n')}\n${source}`).toBe('');
			}),
			{ numRuns: 400 },
		);
		expect(carried).toBeGreaterThan(100);
	});

	it.each(fixtureNames())('that this service serves comes back as it was, without a loss: %s', async (name) => {
		const { record, domain: own } = resolvedFixture(name);
		const served = serveAutoconfig(record, own);
		// A record without mail has no document.
		if (served === null) return;
		const imported = await importDocument(served, own);
		expect('refused' in imported ? imported.refused : imported.lost).toEqual([]);
		expect('refused' in imported ? null : imported.served).toBe(served);
	});

	it('never gives a server a way to log in that it did not have', async () => {
		await fc.assert(
			fc.asyncProperty(document, async (source) => {
				const imported = await importDocument(source, DOMAIN);
				if ('refused' in imported || imported.served === null || source.includes('OAuth2<')) return;
				expect(imported.served.replace(/<oAuth2>[\s\S]*<\/oAuth2>/, '')).not.toContain('OAuth2');
			}),
			{ numRuns: 200 },
		);
	});

	it('comes with an alias for each of its other domains', async () => {
		await fc.assert(
			fc.asyncProperty(document, async (source) => {
				const imported = await importDocument(source, DOMAIN);
				if ('refused' in imported) return;
				const named = [...source.matchAll(/<domain>([^<]*)<\/domain>/g)].map(([, each]) => each);
				expect(imported.others.includes(domain('b.example'))).toBe(named.includes('B.example'));
				expect(imported.others.includes(domain('xn--mnchen-3ya.example'))).toBe(named.includes('münchen.example'));
				if (named.includes('localhost')) expect(imported.lost.join('\n')).toContain('domain "localhost" is not carried over');
			}),
			{ numRuns: 200 },
		);
	});
});

describe('the encoding of a document', () => {
	const source = `<?xml version="1.0" encoding="ENCODING"?><clientConfig version="1.1"><emailProvider id="a.example"><domain>a.example</domain><displayName>Poſt Zürich €</displayName><incomingServer type="imap"><hostname>imap.a.example</hostname><port>993</port><socketType>SSL</socketType><username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication></incomingServer></emailProvider></clientConfig>`;
	const wide = (text: string, littleEndian: boolean, mark: boolean) => {
		const units = [...(mark ? '\uFEFF' : ''), ...text].map((character) => character.charCodeAt(0));
		return new Uint8Array(units.flatMap((unit) => (littleEndian ? [unit & 255, unit >> 8] : [unit >> 8, unit & 255])));
	};
	const latin1 = (text: string) =>
		new Uint8Array([...text.replace('ſ', 's').replace('€', 'E')].map((character) => character.charCodeAt(0)));
	const utf8 = (text: string) => new TextEncoder().encode(text);

	it.each([
		['UTF-8', utf8(source.replace('ENCODING', 'UTF-8')), '', 'Poſt Zürich €'],
		['UTF-8 with a mark', utf8(`\uFEFF${source.replace('ENCODING', 'utf-8')}`), '', 'Poſt Zürich €'],
		['UTF-16LE with a mark', wide(source.replace('ENCODING', 'UTF-16'), true, true), '', 'Poſt Zürich €'],
		['UTF-16BE with a mark', wide(source.replace('ENCODING', 'UTF-16'), false, true), '', 'Poſt Zürich €'],
		['UTF-16LE without a mark', wide(source.replace('ENCODING', 'UTF-16LE'), true, false), 'text/xml', 'Poſt Zürich €'],
		['UTF-16BE, named by its Content-Type', wide(source, false, false), 'text/xml; charset=utf-16be', 'Poſt Zürich €'],
		['ISO-8859-1, declared', latin1(source.replace('ENCODING', 'ISO-8859-1')), '', 'Post Zürich E'],
		[
			'ISO-8859-1, named by its Content-Type',
			latin1(source.replace('ENCODING', 'UTF-8')),
			'text/xml; charset="iso-8859-1"',
			'Post Zürich E',
		],
		// Text that was pasted has lost its encoding, and is declared still.
		['UTF-8 that says UTF-16', utf8(source.replace('ENCODING', 'UTF-16')), 'text/plain;charset=UTF-8', 'Poſt Zürich €'],
		['UTF-8 that says UTF-16, without a type', utf8(source.replace('ENCODING', 'UTF-16')), '', 'Poſt Zürich €'],
	])('%s is read', (_, bytes, contentType, name) => {
		const parsed = parseAutoconfigDocument(bytes, contentType, DOMAIN);
		expect(parsed.ok && parsed.value.source.advertised.displayName).toBe(name);
	});

	it.each([
		['Latin-1 that says UTF-8', latin1(source.replace('ENCODING', 'UTF-8')), '', 'utf-8'],
		['Latin-1 that says nothing', latin1(source.replace(/<\?.*\?>/, '')), 'text/xml', 'utf-8'],
	])('%s is read, and what could not be read is said', (_, bytes, contentType, encoding) => {
		const parsed = parseAutoconfigDocument(bytes, contentType, DOMAIN);
		expect(parsed.ok && parsed.value.source.notes.join()).toContain(`no characters of ${encoding}`);
	});

	it('a character that stands for an unreadable one may stand in a document itself', () => {
		const parsed = parseAutoconfigDocument(utf8(source.replace('ENCODING', 'UTF-8').replace('€', '\uFFFD')), '', DOMAIN);
		expect(parsed.ok && parsed.value.source.notes).toEqual([]);
	});

	it('that nobody knows is named', () => {
		const parsed = parseAutoconfigDocument(utf8(source.replace('ENCODING', 'x-nobody')), '', DOMAIN);
		expect(parsed).toMatchObject({ ok: false, error: { code: 'bad-xml', errors: [{ reason: expect.stringContaining('x-nobody') }] } });
	});
});
