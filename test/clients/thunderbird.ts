/** Thunderbird 153, by its modules FindConfig and readFromXML (comm-central cf9726f), held against a running 153.7.0. */
import { HOST_NAME, parseAutoconfig, type ServerSection, securityOfSocketType } from './autoconfig-document.ts';
import { ADDRESS, type ClientEnvironment, DOMAIN } from './client-environment.ts';
import { fillPlaceholders, type Outcome, rejected, type ServerSettings } from './outcome.ts';

/** Thunderbird takes the first URL that answers 2xx, before it looks at the body. */
export async function thunderbird({ fetch }: ClientEnvironment): Promise<Outcome> {
	const query = `?emailaddress=${encodeURIComponent(ADDRESS)}`;
	for (const scheme of ['https', 'http']) {
		for (const place of [`autoconfig.${DOMAIN}/mail/config-v1.1.xml`, `${DOMAIN}/.well-known/autoconfig/mail/config-v1.1.xml`]) {
			const { status, type, body } = await fetch(`${scheme}://${place}${query}`);
			if (status < 200 || status > 299) continue;
			if (!/^(text\/xml|application\/xml|text\/rdf)/.test(type)) return rejected('no XML content type');
			return readFromXml(body);
		}
	}
	return rejected('no URL answered');
}

function readFromXml(body: string): Outcome {
	const document = parseAutoconfig(body);
	if (document?.provider == null) return rejected('no emailProvider');
	if (!HOST_NAME.test(document.provider.getAttribute('id') ?? '')) return rejected('id is no hostname');
	const domains = Array.from(document.provider.getElementsByTagName('domain'));
	// JXON makes an object of an element with attributes, and its text becomes "[object Object]", which is no hostname.
	if (!domains.some((element) => element.attributes.length === 0 && HOST_NAME.test(element.textContent ?? '')))
		return rejected('no valid domain');
	const incoming = document.incoming.map((section) => server(section, ['imap', 'pop3'])).find((candidate) => candidate !== null);
	const outgoing = document.outgoing.map((section) => server(section, ['smtp'])).find((candidate) => candidate !== null);
	if (incoming == null || outgoing == null) return rejected('no usable incoming or outgoing server');
	return { incoming, outgoing };
}

/** A text as JXON gives it: "undefined" for a missing element, "true" for an empty one, numbers without leading zeros, an object for attributes. */
function jxonText(section: ServerSection, name: 'username' | 'hostname'): string {
	const element = section.element.getElementsByTagName(name)[0];
	if (element === undefined) return 'undefined';
	if (element.attributes.length > 0) return '[object Object]';
	const value = element.textContent ?? '';
	if (value === '') return 'true';
	return /^[0-9.e]+$/.test(value) && !Number.isNaN(Number(value)) ? String(Number(value)) : value;
}

function server(section: ServerSection, types: readonly string[]): ServerSettings | null {
	if (!types.includes(section.type)) return null;
	const host = fillPlaceholders(jxonText(section, 'hostname').trim().toLowerCase(), ADDRESS);
	const port = Number.parseInt(section.port ?? '', 10);
	if (!HOST_NAME.test(host) || !(port >= 1 && port <= 65535)) return null;
	if (!['SSL', 'STARTTLS', 'plain'].includes(section.socketType ?? '')) return null;
	// Thunderbird uses OAuth2 for a built-in list of hosts alone; for others it takes the next method.
	const known = ['password-cleartext', 'plain', 'password-encrypted', 'secure', 'GSSAPI', 'NTLM'];
	if (!section.authentication.some((method) => known.includes(method))) return null;
	return {
		kind: section.type,
		host,
		port,
		security: securityOfSocketType(section.socketType),
		login: fillPlaceholders(jxonText(section, 'username'), ADDRESS),
	};
}
