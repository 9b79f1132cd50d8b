/** Thunderbird's Autodiscover, which it uses where autoconfig fails, by ExchangeAutoDiscover.sys.mjs (comm-central cf9726f). */
import { autodiscoverRequest, type ProtocolSection, parseAutodiscover } from './autodiscover-document.ts';
import { ADDRESS, type ClientEnvironment, DOMAIN } from './client-environment.ts';
import { type Outcome, rejected, type ServerSettings } from './outcome.ts';

export async function thunderbirdAutodiscover({ fetch }: ClientEnvironment): Promise<Outcome> {
	for (const host of [`autodiscover.${DOMAIN}`, DOMAIN]) {
		const { status, type, body } = await fetch(`https://${host}/autodiscover/autodiscover.xml`, {
			method: 'POST',
			headers: { 'Content-Type': 'text/xml; charset=utf-8' },
			body: autodiscoverRequest(ADDRESS),
		});
		if (status < 200 || status > 299) continue;
		if (!/^(text|application)\/xml/.test(type)) return rejected('no XML content type');
		const protocols = parseAutodiscover(body)?.protocols ?? [];
		const incoming = protocols.map((section) => server(section, ['IMAP', 'POP3'])).find((candidate) => candidate !== null);
		const outgoing = protocols.map((section) => server(section, ['SMTP'])).find((candidate) => candidate !== null);
		return incoming == null || outgoing == null ? rejected('no usable protocols') : { incoming, outgoing };
	}
	return rejected('no URL answered');
}

function server({ value }: ProtocolSection, types: readonly string[]): ServerSettings | null {
	const type = value('Type') ?? '';
	const host = value('Server');
	const port = Number(value('Port'));
	const ssl = value('SSL') ?? 'on';
	const encryption = value('Encryption') ?? '';
	// JXON makes booleans of "true" and "false", which have no toLowerCase, so that the section is dropped.
	if (!types.includes(type) || host === null || !(port > 0) || ssl === 'true' || ssl === 'false') return null;
	// With SPA on Thunderbird uses NTLM or GSSAPI, which a server with passwords does not have.
	if ((value('SPA') ?? 'off').toLowerCase() === 'on') return null;
	const cleartext = ssl.toLowerCase() === 'off' || encryption.toLowerCase() === 'none';
	const security = cleartext ? 'cleartext' : [143, 110, 25, 587].includes(port) ? 'starttls' : 'tls';
	const login = value('LoginName');
	return { kind: type.toLowerCase(), host, port, security, login: login === '' ? 'true' : (login ?? ADDRESS) };
}
