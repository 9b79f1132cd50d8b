/** io-pim-discovery, which himalaya uses: closed enumerations, the most secure server of a service (pimalaya/io-pim-discovery 5036dfa). */
import { createHash } from 'node:crypto';
import { readDocument, type Section, securityOf } from './autoconfig-document.ts';
import { filledIn, type Outcome, rejected, type Server } from './outcome.ts';
import { offersOf } from './srv-reader.ts';
import { ADDRESS, DOMAIN, type World } from './world.ts';
import { children, root, text } from './xml-reader.ts';

const RANK = { tls: 0, starttls: 1, cleartext: 2 } as const;
const AUTHENTICATION = [
	'password-cleartext',
	'password-encrypted',
	'NTLM',
	'GSAPI',
	'client-IP-address',
	'TLS-client-cert',
	'OAuth2',
	'None',
];

export async function ioPimAutoconfig({ ask }: World): Promise<Outcome> {
	const { status, body } = await ask(`https://autoconfig.${DOMAIN}/mail/config-v1.1.xml?emailaddress=${encodeURIComponent(ADDRESS)}`);
	if (status !== 200) return rejected('no URL answered');
	const document = readDocument(body);
	if (document?.provider == null) return rejected('no emailProvider');
	const top = root(body);
	if (!top?.hasAttribute('version') || !document.provider.hasAttribute('id')) return rejected('no version or id');
	const names = children(document.provider).map(({ localName }) => localName);
	// serde_xml_rs does not read repeated elements that others stand between.
	if (names.some((name, at) => names.indexOf(name) !== at && names[at - 1] !== name)) return rejected('interleaved elements');
	const sections = [...document.incoming, ...document.outgoing];
	if (sections.some(({ type }) => !['imap', 'pop3', 'smtp'].includes(type))) return rejected('unknown type');
	if (sections.some(({ authentication }) => authentication.some((method) => !AUTHENTICATION.includes(method))))
		return rejected('unknown authentication');
	const oauth = children(top, 'oAuth2')[0];
	if (oauth !== undefined && ['issuer', 'scope', 'authURL', 'tokenURL'].some((name) => !text(oauth, name)))
		return rejected('oAuth2 lacks one of four');
	if (children(document.provider, 'documentation').some((about) => children(about, 'descr').some(({ textContent }) => !textContent)))
		return rejected('empty descr');
	return account(document.incoming.filter(({ type }) => type === 'imap').map(server), document.outgoing.map(server));
}

function server({ type, hostname, port, socketType, username }: Section): Server {
	return {
		kind: type,
		host: hostname ?? '',
		port: Number(port),
		security: securityOf(socketType),
		login: filledIn(username ?? '', ADDRESS),
	};
}

function account(incoming: readonly Server[], outgoing: readonly Server[]): Outcome {
	const best = (servers: readonly Server[]) => servers.toSorted((a, b) => RANK[a.security] - RANK[b.security])[0];
	const [first, second] = [best(incoming), best(outgoing)];
	return first === undefined || second === undefined ? rejected('no imap or no smtp') : { incoming: first, outgoing: second };
}

export async function ioPimSrv({ dns }: World): Promise<Outcome> {
	const records = await dns();
	return account(
		offersOf(records, ['_imaps', '_imap']).map((offer) => ({ ...offer, kind: 'imap' })),
		offersOf(records, ['_submissions', '_submission']).map((offer) => ({ ...offer, kind: 'smtp' })),
	);
}

/** PACC: the body's digest must be in DNS; implicit TLS on the standard ports, the address is the login. */
export async function ioPimPacc({ ask, dns }: World): Promise<Outcome> {
	const { status, body } = await ask(`https://ua-auto-config.${DOMAIN}/.well-known/user-agent-configuration.json`);
	if (status !== 200) return rejected('no URL answered');
	const digest = createHash('sha256').update(body).digest('base64');
	const texts = (await dns()).flatMap((record) =>
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
