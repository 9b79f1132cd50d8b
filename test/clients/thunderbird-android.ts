/**
 * Thunderbird for Android and K-9, by RealAutoconfigParser and ProviderAutoconfigUrlProvider (thunderbird-android a59bd67). They never send the
 * address.
 */
import { HOST_NAME, parseAutoconfig, type ServerSection, securityOfSocketType } from './autoconfig-document.ts';
import { ADDRESS, type ClientEnvironment, DOMAIN } from './client-environment.ts';
import { fillPlaceholders, type Outcome, rejected, type ServerSettings } from './outcome.ts';

export async function thunderbirdAndroid({ fetch }: ClientEnvironment): Promise<Outcome> {
	const urls = [`https://autoconfig.${DOMAIN}/mail/config-v1.1.xml`, `https://${DOMAIN}/.well-known/autoconfig/mail/config-v1.1.xml`];
	for (const url of urls) {
		const { status, body } = await fetch(url);
		if (status >= 200 && status < 300) return parseDocument(body);
	}
	return rejected('no URL answered');
}

/** One invalid section of a known type makes the app reject the whole document. */
function parseDocument(body: string): Outcome {
	const document = parseAutoconfig(body);
	if (document?.provider == null) return rejected('no emailProvider');
	if (!HOST_NAME.test(document.provider.getAttribute('id') ?? '')) return rejected('id is no hostname');
	const domains = Array.from(document.provider.getElementsByTagName('domain'), ({ textContent }) => textContent ?? '');
	if (!domains.some((name) => HOST_NAME.test(name))) return rejected('no valid domain');
	const incoming = document.incoming.filter(({ type }) => type === 'imap').map(server);
	const outgoing = document.outgoing.filter(({ type }) => type === 'smtp').map(server);
	const broken = [...incoming, ...outgoing].find((section) => typeof section === 'string');
	if (typeof broken === 'string') return rejected(broken);
	const [first] = incoming;
	const [last] = outgoing;
	if (first === undefined || last === undefined || typeof first === 'string' || typeof last === 'string')
		return rejected('no imap or no smtp');
	return { incoming: first, outgoing: last };
}

function server(section: ServerSection): ServerSettings | string {
	const { type, hostname, port, socketType, username, authentication, element } = section;
	if (Array.from(element.getElementsByTagName('*')).some((inner) => inner.getElementsByTagName('*').length > 0))
		return 'nested element in text';
	if (hostname === null || !HOST_NAME.test(hostname)) return 'bad hostname';
	if (!/^[0-9]+$/.test(port ?? '') || Number(port) < 1 || Number(port) > 65535) return 'bad port';
	if (socketType !== 'SSL' && socketType !== 'STARTTLS') return 'unknown socketType';
	if (username === null) return 'no username';
	// OAuth2 is left out for hosts that the app does not know; a server without any method left is none.
	if (!authentication.some((method) => method === 'password-cleartext' || method === 'password-encrypted'))
		return 'no known authentication';
	return {
		kind: type,
		host: hostname,
		port: Number(port),
		security: securityOfSocketType(socketType),
		login: fillPlaceholders(username, ADDRESS),
	};
}
