/** FairEmail, by EmailProvider.java (M66B/FairEmail e23dd9d): SRV records first, then autoconfig, then Autodiscover. */
import { parseAutoconfig, type ServerSection, securityOfSocketType } from './autoconfig-document.ts';
import { autodiscoverRequest, type ProtocolSection, parseAutodiscover } from './autodiscover-document.ts';
import { ADDRESS, type ClientEnvironment, DOMAIN } from './client-environment.ts';
import { type Outcome, rejected, type ServerSettings } from './outcome.ts';
import { srvServersOf } from './srv-records.ts';

/** The lowest priority goes first, then the highest weight. Between equals it prefers `_imaps` to `_imap`, but `_submission` to `_submissions`. */
export async function fairemailSrv({ dnsRecords }: ClientEnvironment): Promise<Outcome> {
	const records = await dnsRecords();
	const [incoming] = srvServersOf(records, ['_imaps', '_imap']);
	const [outgoing] = srvServersOf(records, ['_submission', '_submissions']);
	if (incoming === undefined || outgoing === undefined) return rejected('needs an imap and a submission record');
	return { incoming: { ...incoming, kind: 'imap' }, outgoing: { ...outgoing, kind: 'smtp' } };
}

/** FairEmail sends the address without encoding it. It reads the file tag by tag, so that the last <username> becomes the login. */
export async function fairemailAutoconfig({ fetch }: ClientEnvironment): Promise<Outcome> {
	const { status, body } = await fetch(`https://autoconfig.${DOMAIN}/mail/config-v1.1.xml?emailaddress=${ADDRESS}`);
	const document = status === 200 ? parseAutoconfig(body) : null;
	if (document === null) return rejected('no document');
	// The end of any incomingServer sets hasImap, so the first one must be imap.
	const incoming = document.incoming[0]?.type === 'imap' ? document.incoming[0] : undefined;
	const outgoing = document.outgoing.find(({ type }) => type === 'smtp');
	if (incoming === undefined || outgoing === undefined) return rejected('no imap or no smtp');
	const username = [...body.matchAll(/<username>([^<]*)<\/username>/g)].at(-1)?.[1] ?? '';
	// A placeholder is filled in only where it is the whole value.
	const login = username === '%EMAILADDRESS%' ? ADDRESS : username === '%EMAILLOCALPART%' ? (ADDRESS.split('@')[0] ?? '') : username;
	return { incoming: server(incoming, login), outgoing: server(outgoing, login) };
}

function server({ type, hostname, port, socketType }: ServerSection, login: string): ServerSettings {
	return { kind: type, host: hostname ?? '', port: Number(port), security: securityOfSocketType(socketType), login };
}

/** FairEmail posts with the default Content-Type of HttpURLConnection, and keeps the last Protocol of each type. */
export async function fairemailAutodiscover({ fetch }: ClientEnvironment): Promise<Outcome> {
	const { status, body } = await fetch(`https://${DOMAIN}/autodiscover/autodiscover.xml`, {
		method: 'POST',
		headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
		body: autodiscoverRequest(ADDRESS),
	});
	const settings = status === 200 ? parseAutodiscover(body) : null;
	if (settings?.accountType !== 'email' || settings.action !== 'settings') return rejected('AccountType or Action');
	const last = (type: string) => settings.protocols.filter(({ value }) => value('Type') === type).at(-1);
	const [incoming, outgoing] = [last('IMAP'), last('SMTP')];
	if (incoming === undefined || outgoing === undefined) return rejected('no IMAP or no SMTP');
	return { incoming: protocol(incoming, 'imap'), outgoing: protocol(outgoing, 'smtp') };
}

function protocol({ value }: ProtocolSection, kind: string): ServerSettings {
	const port = Number(value('Port'));
	return { kind, host: value('Server') ?? '', port, security: port === 143 || port === 587 ? 'starttls' : 'tls', login: null };
}
