/** aerc: lib/autoconfig (rjarry/aerc fab0531). SRV outranks autoconfig; Go decodes outgoingServer into one struct, so the last wins. */
import { readDocument, type Section } from './autoconfig-document.ts';
import { type Outcome, rejected, type Server } from './outcome.ts';
import { offersOf } from './srv-reader.ts';
import { ADDRESS, DOMAIN, type World } from './world.ts';

export async function aerc({ ask }: World): Promise<Outcome> {
	const query = `?emailaddress=${encodeURIComponent(ADDRESS)}`;
	for (const url of [
		`https://autoconfig.${DOMAIN}/mail/config-v1.1.xml${query}`,
		`https://${DOMAIN}/.well-known/autoconfig/mail/config-v1.1.xml${query}`,
	]) {
		// It does not look at the status.
		const { body } = await ask(url, { headers: { 'User-Agent': 'Go-http-client/2.0' } });
		const document = readDocument(body);
		if (document === null) continue;
		const incoming = document.incoming.find(({ type }) => type.toLowerCase() === 'imap');
		const outgoing = document.outgoing.at(-1);
		if (incoming === undefined || outgoing === undefined) return rejected('no imap or no smtp');
		return { incoming: server(incoming), outgoing: server(outgoing) };
	}
	return rejected('no document');
}

function server({ type, hostname, port, socketType, username }: Section): Server {
	const word = (socketType ?? '').toLowerCase();
	const security = word === 'ssl' ? 'tls' : word === 'plain' ? 'cleartext' : 'starttls';
	return { kind: type, host: hostname ?? '', port: Number(port), security, login: (username ?? '').replace(/%emailaddress%/i, ADDRESS) };
}

/** Any `_imap` that is not "." beats `_imaps`; `_submissions` is never asked for. */
export async function aercSrv({ dns }: World): Promise<Outcome> {
	const records = await dns();
	const [incoming] = [...offersOf(records, ['_imap']), ...offersOf(records, ['_imaps'])];
	const [outgoing] = [...offersOf(records, ['_submission']), ...offersOf(records, ['_smtps'])];
	if (incoming === undefined || outgoing === undefined) return rejected('no imap record, or no submission record that it asks for');
	return { incoming: { ...incoming, kind: 'imap' }, outgoing: { ...outgoing, kind: 'smtp' } };
}
