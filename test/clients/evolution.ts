/**
 * Evolution, by e-mail-autoconfig.c and e-srv-config-lookup.c (GNOME/evolution). It has one struct for each kind of server and fills it again for
 * each section, so that the last one remains.
 */
import { parseAutoconfig, type ServerSection, securityOfSocketType } from './autoconfig-document.ts';
import { type ClientEnvironment, DOMAIN } from './client-environment.ts';
import { attributeNames } from './independent-xml-parser.ts';
import { fillPlaceholders, type Outcome, rejected, type ServerSettings } from './outcome.ts';
import { srvServersOf } from './srv-records.ts';

const SENT_ADDRESS = `EVOLUTIONUSER@${DOMAIN}`;

/** Evolution does not send the local part; a provider can recognise the user by the digest of the address that it sends instead. */
export async function evolution({ fetch }: ClientEnvironment): Promise<Outcome> {
	const query = `?emailaddress=${encodeURIComponent(SENT_ADDRESS)}&emailmd5=c160f8cc69a4f0bf2b0362752353d060`;
	const places = [`autoconfig.${DOMAIN}/mail/config-v1.1.xml`, `${DOMAIN}/.well-known/autoconfig/mail/config-v1.1.xml`];
	for (const url of places.flatMap((place) => [`https://${place}${query}`, `http://${place}${query}`])) {
		const { status, body } = await fetch(url);
		if (status < 200 || status > 299) continue;
		const document = parseAutoconfig(body);
		if (document === null) continue;
		// g_markup_collect_attributes fails on every attribute other than type.
		const strange = [...document.incoming, ...document.outgoing].find(({ element }) => attributeNames(element).join() !== 'type');
		if (strange !== undefined) return rejected('an attribute that is not type');
		const last = (kind: string) => document.incoming.filter(({ type }) => type === kind).at(-1);
		// It has a struct for IMAP and one for POP3, and sets POP3 up where there is no IMAP.
		const incoming = last('imap') ?? last('pop3');
		const outgoing = document.outgoing.filter(({ type }) => type === 'smtp').at(-1);
		// The first well-formed document with a status of 2xx ends the search.
		if (incoming === undefined || outgoing === undefined) return rejected('no imap or pop3, or no smtp');
		return { incoming: server(incoming), outgoing: server(outgoing) };
	}
	return rejected('no URL answered');
}

function server({ type, hostname, port, socketType, username }: ServerSection): ServerSettings {
	return {
		kind: type,
		host: hostname ?? '',
		port: Number(port),
		security: securityOfSocketType(socketType),
		login: fillPlaceholders(username ?? '', 'alice@example.com'),
	};
}

/** Evolution goes by the label first, and by the priority among the records of one label. */
export async function evolutionSrv({ dnsRecords }: ClientEnvironment): Promise<Outcome> {
	const records = await dnsRecords();
	const first = (labels: readonly string[]) => labels.flatMap((label) => srvServersOf(records, [label]))[0];
	const [incoming, outgoing] = [first(['_imaps', '_imap']), first(['_submissions', '_submission'])];
	if (incoming === undefined || outgoing === undefined) return rejected('no records');
	return { incoming: { ...incoming, kind: 'imap' }, outgoing: { ...outgoing, kind: 'smtp' } };
}
