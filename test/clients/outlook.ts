/** Classic Outlook and eM Client, by the rules of MS-OXDSCLI: Encryption overrides SSL, and what is left out has the documented default. */
import { autodiscoverRequest, type ProtocolSection, parseAutodiscover } from './autodiscover-document.ts';
import { ADDRESS, type ClientEnvironment, DOMAIN } from './client-environment.ts';
import { children } from './independent-xml-parser.ts';
import { type Outcome, rejected, type ServerSettings } from './outcome.ts';

/** The path in the letter case that servers' logs show for Outlook. */
export async function outlook({ fetch }: ClientEnvironment): Promise<Outcome> {
	for (const host of [DOMAIN, `autodiscover.${DOMAIN}`]) {
		const { status, body } = await fetch(`https://${host}/Autodiscover/Autodiscover.xml`, {
			method: 'POST',
			headers: { 'Content-Type': 'text/xml', 'User-Agent': 'Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17328; Pro)' },
			body: autodiscoverRequest(ADDRESS),
		});
		if (status !== 200) continue;
		const settings = parseAutodiscover(body);
		if (settings?.action !== 'settings') return rejected('no settings');
		const find = (type: string) => settings.protocols.find(({ value }) => value('Type') === type);
		const [incoming, outgoing] = [find('IMAP') ?? find('POP3'), find('SMTP')];
		if (incoming === undefined || outgoing === undefined) return rejected('no incoming or no SMTP');
		const [first, second] = [server(incoming), server(outgoing)];
		if (typeof first === 'string') return rejected(first);
		return typeof second === 'string' ? rejected(second) : { incoming: first, outgoing: second };
	}
	return rejected('no URL answered');
}

function server({ element, value }: ProtocolSection): ServerSettings | string {
	if (children(element).some(({ textContent }) => textContent === '')) return 'an empty element';
	// Without SPA it is on, and Outlook logs in with NTLM.
	if ((value('SPA') ?? 'on') === 'on') return 'SPA';
	if ((value('DomainRequired') ?? 'off') === 'on') return 'asks for a domain';
	const ssl = value('SSL') ?? 'on';
	if (ssl !== 'on' && ssl !== 'off') return 'SSL is no word';
	const words: Record<string, ServerSettings['security']> = { SSL: 'tls', TLS: 'starttls', None: 'cleartext' };
	const encryption = value('Encryption');
	const security = encryption === null ? (ssl === 'on' ? 'tls' : 'cleartext') : words[encryption];
	if (security === undefined) return 'Encryption is no word';
	// Microsoft's page cc511507: without LoginName the login is the part before the @.
	const login = value('LoginName') ?? ADDRESS.split('@')[0] ?? '';
	return { kind: (value('Type') ?? '').toLowerCase(), host: value('Server') ?? '', port: Number(value('Port')), security, login };
}
