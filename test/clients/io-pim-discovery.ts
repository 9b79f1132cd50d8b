/** io-pim-discovery, which himalaya uses: closed enumerations, the most secure server of a service (pimalaya/io-pim-discovery 5036dfa). */
import { createHash } from 'node:crypto';
import { parseAutoconfig, type ServerSection, securityOfSocketType } from './autoconfig-document.ts';
import { ADDRESS, type ClientEnvironment, DOMAIN } from './client-environment.ts';
import { children, childText, parseRootElement } from './independent-xml-parser.ts';
import { fillPlaceholders, type Outcome, rejected, type ServerSettings } from './outcome.ts';
import { srvServersOf } from './srv-records.ts';

const SECURITY_RANK = { tls: 0, starttls: 1, cleartext: 2 } as const;
const AUTHENTICATION_METHODS = [
	'password-cleartext',
	'password-encrypted',
	'NTLM',
	'GSAPI',
	'client-IP-address',
	'TLS-client-cert',
	'OAuth2',
	'None',
];

export async function ioPimAutoconfig({ fetch }: ClientEnvironment): Promise<Outcome> {
	const { status, body } = await fetch(`https://autoconfig.${DOMAIN}/mail/config-v1.1.xml?emailaddress=${encodeURIComponent(ADDRESS)}`);
	if (status !== 200) return rejected('no URL answered');
	const document = parseAutoconfig(body);
	if (document?.provider == null) return rejected('no emailProvider');
	const top = parseRootElement(body);
	if (!top?.hasAttribute('version') || !document.provider.hasAttribute('id')) return rejected('no version or id');
	const names = children(document.provider).map(({ localName }) => localName);
	// serde_xml_rs rejects repeated elements with others between them.
	if (names.some((name, at) => names.indexOf(name) !== at && names[at - 1] !== name)) return rejected('interleaved elements');
	const sections = [...document.incoming, ...document.outgoing];
	if (sections.some(({ type }) => !['imap', 'pop3', 'smtp'].includes(type))) return rejected('unknown type');
	if (sections.some(({ authentication }) => authentication.some((method) => !AUTHENTICATION_METHODS.includes(method))))
		return rejected('unknown authentication');
	const oauth = children(top, 'oAuth2')[0];
	if (oauth !== undefined && ['issuer', 'scope', 'authURL', 'tokenURL'].some((name) => !childText(oauth, name)))
		return rejected('oAuth2 lacks one of four');
	if (children(document.provider, 'documentation').some((about) => children(about, 'descr').some(({ textContent }) => !textContent)))
		return rejected('empty descr');
	return mostSecureAccount(document.incoming.filter(({ type }) => type === 'imap').map(server), document.outgoing.map(server));
}

function server({ type, hostname, port, socketType, username }: ServerSection): ServerSettings {
	return {
		kind: type,
		host: hostname ?? '',
		port: Number(port),
		security: securityOfSocketType(socketType),
		login: fillPlaceholders(username ?? '', ADDRESS),
	};
}

function mostSecureAccount(incoming: readonly ServerSettings[], outgoing: readonly ServerSettings[]): Outcome {
	const best = (servers: readonly ServerSettings[]) => servers.toSorted((a, b) => SECURITY_RANK[a.security] - SECURITY_RANK[b.security])[0];
	const [first, second] = [best(incoming), best(outgoing)];
	return first === undefined || second === undefined ? rejected('no imap or no smtp') : { incoming: first, outgoing: second };
}

export async function ioPimSrv({ dnsRecords }: ClientEnvironment): Promise<Outcome> {
	const records = await dnsRecords();
	return mostSecureAccount(
		srvServersOf(records, ['_imaps', '_imap']).map((offer) => ({ ...offer, kind: 'imap' })),
		srvServersOf(records, ['_submissions', '_submission']).map((offer) => ({ ...offer, kind: 'smtp' })),
	);
}

/** PACC: the body's digest must be in DNS; implicit TLS on the standard ports, the address is the login. */
export async function ioPimPacc({ fetch, dnsRecords }: ClientEnvironment): Promise<Outcome> {
	const { status, body } = await fetch(`https://ua-auto-config.${DOMAIN}/.well-known/user-agent-configuration.json`);
	if (status !== 200) return rejected('no URL answered');
	const digest = createHash('sha256').update(body).digest('base64');
	const texts = (await dnsRecords()).flatMap((record) =>
		record.type === 'TXT' && record.name === `_ua-auto-config.${DOMAIN}` ? [record.text] : [],
	);
	if (!texts.includes(`v=UAAC1; a=sha256; d=${digest}`)) return rejected('the digest is not in DNS');
	const { protocols, authentication } = JSON.parse(body);
	if (authentication === undefined) return rejected('no authentication');
	if (protocols.imap === undefined || protocols.smtp === undefined) return rejected('no imap or no smtp');
	return {
		incoming: { kind: 'imap', host: protocols.imap.host, port: 993, security: 'tls', login: ADDRESS },
		outgoing: { kind: 'smtp', host: protocols.smtp.host, port: 465, security: 'tls', login: ADDRESS },
	};
}
