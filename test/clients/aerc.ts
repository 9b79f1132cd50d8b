/**
 * aerc, by its source lib/autoconfig (rjarry/aerc fab0531). SRV records go before autoconfig. Go decodes every outgoingServer into one struct, so
 * that the last one remains.
 */
import { parseAutoconfig, type ServerSection } from './autoconfig-document.ts';
import { ADDRESS, type ClientEnvironment, DOMAIN } from './client-environment.ts';
import { type Outcome, rejected, type ServerSettings } from './outcome.ts';
import { srvServersOf } from './srv-records.ts';

export async function aerc({ fetch }: ClientEnvironment): Promise<Outcome> {
	const query = `?emailaddress=${encodeURIComponent(ADDRESS)}`;
	for (const url of [
		`https://autoconfig.${DOMAIN}/mail/config-v1.1.xml${query}`,
		`https://${DOMAIN}/.well-known/autoconfig/mail/config-v1.1.xml${query}`,
	]) {
		// aerc reads the body whatever the status is.
		const { body } = await fetch(url, { headers: { 'User-Agent': 'Go-http-client/2.0' } });
		const document = parseAutoconfig(body);
		if (document === null) continue;
		const incoming = document.incoming.find(({ type }) => type.toLowerCase() === 'imap');
		const outgoing = document.outgoing.at(-1);
		if (incoming === undefined || outgoing === undefined) return rejected('no imap or no smtp');
		return { incoming: server(incoming), outgoing: server(outgoing) };
	}
	return rejected('no document');
}

function server({ type, hostname, port, socketType, username }: ServerSection): ServerSettings {
	const word = (socketType ?? '').toLowerCase();
	const security = word === 'ssl' ? 'tls' : word === 'plain' ? 'cleartext' : 'starttls';
	return { kind: type, host: hostname ?? '', port: Number(port), security, login: (username ?? '').replace(/%emailaddress%/i, ADDRESS) };
}

/** An `_imap` record whose target is not "." goes before `_imaps`. aerc asks for `_submission` and `_smtps`, never for `_submissions`. */
export async function aercSrv({ dnsRecords }: ClientEnvironment): Promise<Outcome> {
	const records = await dnsRecords();
	const [incoming] = [...srvServersOf(records, ['_imap']), ...srvServersOf(records, ['_imaps'])];
	const [outgoing] = [...srvServersOf(records, ['_submission']), ...srvServersOf(records, ['_smtps'])];
	if (incoming === undefined || outgoing === undefined) return rejected('no imap record, or no submission record that it asks for');
	return { incoming: { ...incoming, kind: 'imap' }, outgoing: { ...outgoing, kind: 'smtp' } };
}
