/** Delta Chat, by configure.rs, auto_mozilla.rs and auto_outlook.rs (chatmail/core 4888889). It tries all servers in order. */
import { parseAutoconfig, type ServerSection } from './autoconfig-document.ts';
import { parseAutodiscover } from './autodiscover-document.ts';
import { ADDRESS, type ClientEnvironment, DOMAIN } from './client-environment.ts';
import { fillPlaceholders, type Outcome, rejected, type ServerSettings } from './outcome.ts';

export async function deltaChat({ fetch }: ClientEnvironment): Promise<Outcome> {
	const query = `?emailaddress=${encodeURIComponent(ADDRESS)}`;
	for (const url of [
		`https://autoconfig.${DOMAIN}/mail/config-v1.1.xml${query}`,
		`https://${DOMAIN}/.well-known/autoconfig/mail/config-v1.1.xml`,
	]) {
		const { status, body } = await fetch(url);
		if (status < 200 || status > 299) continue;
		const document = parseAutoconfig(body);
		if (document === null) return rejected('not well-formed');
		return account(document.incoming.filter(({ type }) => type === 'imap').map(server), document.outgoing.map(server));
	}
	return rejected('no URL answered');
}

/** Delta Chat sends nothing but GET requests for Autodiscover, and never the address. */
export async function deltaChatAutodiscover({ fetch }: ClientEnvironment): Promise<Outcome> {
	for (const url of [`https://${DOMAIN}/autodiscover/autodiscover.xml`, `https://autodiscover.${DOMAIN}/autodiscover/autodiscover.xml`]) {
		const { status, body } = await fetch(url);
		if (status < 200 || status > 299) continue;
		const sections = (parseAutodiscover(body)?.protocols ?? []).map(({ value }): [string, ServerSettings | null] => {
			const port = Number(value('Port'));
			// An SSL element of "off" means cleartext. With "on" it goes by the port: TLS on the ports that are registered for it, STARTTLS on the others.
			const security = value('SSL') === 'off' ? 'cleartext' : [143, 110, 587].includes(port) ? 'starttls' : 'tls';
			return [value('Type') ?? '', { kind: (value('Type') ?? '').toLowerCase(), host: value('Server') ?? '', port, security, login: null }];
		});
		const of = (kind: string) => sections.filter(([type]) => type.toUpperCase() === kind).map(([, found]) => found);
		return account(of('IMAP'), of('SMTP'));
	}
	return rejected('no URL answered');
}

function account(incoming: readonly (ServerSettings | null)[], outgoing: readonly (ServerSettings | null)[]): Outcome {
	const [first] = incoming.filter((candidate) => candidate !== null);
	const [last] = outgoing.filter((candidate) => candidate !== null);
	return first === undefined || last === undefined ? rejected('no servers: it guesses') : { incoming: first, outgoing: last };
}

function server({ type, hostname, port, socketType, username }: ServerSection): ServerSettings | null {
	if (hostname === null || port === null || username === null) return null;
	const words: Record<string, ServerSettings['security']> = { ssl: 'tls', starttls: 'starttls', plain: 'cleartext' };
	// For a word that it does not know it tries TLS first, then STARTTLS.
	const security = words[(socketType ?? '').toLowerCase()] ?? 'tls';
	return { kind: type, host: hostname, port: Number(port), security, login: fillPlaceholders(username, ADDRESS) };
}
