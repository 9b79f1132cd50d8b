/**
 * KMail's account wizard (KDE accountwizard 24.12.3, run on Debian 13, 2026-11-28): of several outgoing servers it keeps the one with the
 * greatest socketType, and its enumeration has STARTTLS after SSL: their order does not matter. It asks without a query, as `Mozilla/5.0`.
 */
import { parseAutoconfig, type ServerSection, securityOfSocketType } from './autoconfig-document.ts';
import { ADDRESS, type ClientEnvironment, DOMAIN } from './client-environment.ts';
import { fillPlaceholders, type Outcome, rejected, type ServerSettings } from './outcome.ts';

export async function kmail({ fetch }: ClientEnvironment): Promise<Outcome> {
	for (const url of [
		`https://autoconfig.${DOMAIN}/mail/config-v1.1.xml`,
		`http://autoconfig.${DOMAIN}/mail/config-v1.1.xml`,
		`https://${DOMAIN}/.well-known/autoconfig/mail/config-v1.1.xml`,
	]) {
		const { status, body } = await fetch(url, { headers: { 'User-Agent': 'Mozilla/5.0' } });
		if (status !== 200) continue;
		const document = parseAutoconfig(body);
		if (document === null) return rejected('not well-formed, or no clientConfig');
		const imap = document.incoming.find(({ type }) => type === 'imap');
		const pop3 = document.incoming.find(({ type }) => type === 'pop3');
		const outgoing = document.outgoing.filter(({ type }) => type === 'smtp').map(server);
		const first = outgoing[0];
		// For POP3 over TLS from the first byte its wizard writes `useTLS=true` on port 995, which is its word for STARTTLS.
		const incoming = imap !== undefined ? server(imap) : pop3 !== undefined ? { ...server(pop3), security: 'starttls' as const } : null;
		if (incoming === null || first === undefined) return rejected('no imap or pop3, or no smtp');
		return { incoming, outgoing: outgoing.find(({ security }) => security === 'starttls') ?? first };
	}
	return rejected('no URL answered');
}

function server({ type, hostname, port, socketType, username }: ServerSection): ServerSettings {
	const login = fillPlaceholders(username ?? '', ADDRESS);
	return { kind: type, host: hostname ?? '', port: Number(port), security: securityOfSocketType(socketType), login };
}
