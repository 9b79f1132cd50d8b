/** The judge of imports sees every change of a document: a judge that saw nothing would find every import exact. */
import { describe, expect, it } from 'vitest';
import { judgeDocument } from '../../corpus/corpus-outcome.ts';
import { differentTellings, documentTellings, isNamed } from '../../corpus/document-tellings.ts';

const DOCUMENT = `<?xml version="1.0"?>
<clientConfig version="1.1">
  <emailProvider id="a.example">
    <domain>a.example</domain>
    <displayName>A</displayName>
    <displayShortName>A</displayShortName>
    <incomingServer type="imap"><hostname>imap.a.example</hostname><port>993</port><socketType>SSL</socketType><username>%EMAILADDRESS%</username><authentication>OAuth2</authentication><authentication>password-cleartext</authentication></incomingServer>
    <incomingServer type="pop3"><hostname>pop.a.example</hostname><port>995</port><socketType>SSL</socketType><username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication><pop3><leaveMessagesOnServer>true</leaveMessagesOnServer></pop3></incomingServer>
    <outgoingServer type="smtp"><hostname>smtp.a.example</hostname><port>465</port><socketType>SSL</socketType><username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication><restriction>clientIPAddress</restriction></outgoingServer>
    <documentation url="https://help.a.example/"><descr lang="en">Help</descr></documentation>
    <enable visiturl="https://a.example/on"><instruction>Switch on</instruction></enable>
  </emailProvider>
  <calendar type="caldav"><url>https://dav.a.example/</url><username>%EMAILADDRESS%</username><authentication>OAuth2</authentication><authentication>password-cleartext</authentication></calendar>
  <webMail><loginPage url="https://web.a.example/"/><loginPageInfo url="https://web.a.example/"><username>%EMAILADDRESS%</username></loginPageInfo></webMail>
  <oAuth2><issuer>https://id.a.example</issuer><scope>mail</scope><authURL>https://id.a.example/a</authURL><tokenURL>https://id.a.example/t</tokenURL></oAuth2>
</clientConfig>`;

const CHANGES: readonly (readonly [from: string | RegExp, to: string])[] = [
	['imap.a.example', 'imap2.a.example'],
	['<port>993<', '<port>994<'],
	['<port>465</port><socketType>SSL<', '<port>465</port><socketType>STARTTLS<'],
	['>%EMAILADDRESS%</username><authentication>OAuth2', '>%EMAILLOCALPART%</username><authentication>OAuth2'],
	['<authentication>OAuth2</authentication>', ''],
	[/(<incomingServer type="imap">.*)\n(.*<incomingServer type="pop3">.*)/, '$2\n$1'],
	['<leaveMessagesOnServer>true', '<leaveMessagesOnServer>false'],
	[/<pop3>.*<\/pop3>/, ''],
	[/<restriction>.*<\/restriction>/, ''],
	['<displayName>A', '<displayName>B'],
	['<displayShortName>A', '<displayShortName>B'],
	['url="https://help.a.example/"', 'url="https://help.a.example/x"'],
	['>Help<', '>Hilfe<'],
	['lang="en"', 'lang="de"'],
	['Switch on', 'Switch off'],
	['https://dav.a.example/', 'https://dav2.a.example/'],
	['<issuer>https://id.a.example', '<issuer>https://id2.a.example'],
	['<scope>mail', '<scope>mail imap'],
	['<username>%EMAILADDRESS%</username></loginPageInfo>', '</loginPageInfo>'],
];

describe('the judge of imported documents', () => {
	it.each(CHANGES)('sees %s become %s, and that nothing says so', (from, to) => {
		const changed = DOCUMENT.replace(from, to);
		expect(changed).not.toBe(DOCUMENT);
		const differences = differentTellings(documentTellings(DOCUMENT, 'a.example'), documentTellings(changed, 'a.example'));
		expect(differences.length).toBeGreaterThan(0);
		expect(differences.some((telling) => isNamed(telling, ['Something else is not carried over.']))).toBe(false);
	});

	it('calls nothing different that clients read as the same', () => {
		const respelt = DOCUMENT.replace('imap.a.example', 'IMAP.A.example')
			.replaceAll('%EMAILDOMAIN%', 'a.example')
			.replace('https://help.a.example/"', 'https://help.a.example"');
		expect(differentTellings(documentTellings(DOCUMENT, 'a.example'), documentTellings(respelt, 'a.example'))).toEqual([]);
	});

	it.each([
		['said', DOCUMENT],
		['cleartext named', DOCUMENT.replaceAll('<socketType>SSL', '<socketType>plain').replace(/<calendar.*<\/calendar>/, '')],
		[
			'exact',
			DOCUMENT.replace(/<pop3>.*<\/pop3>/, '')
				.replace(/<restriction>.*<\/restriction>/, '')
				.replace(/<enable[\s\S]*<\/enable>/, '')
				.replace(/<webMail>.*<\/webMail>/, '')
				.replace(/<documentation.*<\/documentation>/, ''),
		],
	])('counts a document as %s', async (kind, document) => {
		const outcome = await judgeDocument(document, 'a.example.xml');
		expect(outcome.kind).toBe(kind);
	});
});
