/** Reads a seed of automx2 (version 2), which has one set of servers for all of its domains. */
import type { InferOutput } from 'valibot';
import type { Automx2SeedBody } from '../../contract/bodies.ts';
import { SOCKET_SERVICES } from '../../model/service-ports.ts';
import {
	type AdvertisedServer,
	type AdvertisedUrl,
	NOTHING_ADVERTISED,
	normaliseHost,
	parsePort,
} from '../../protocols/readers/advertised-settings.ts';
import { autoconfigSource, type ImportSource } from './imported-record.ts';

const TYPES = { imap: 'imap', pop: 'pop3', smtp: 'smtp' } as const;
/**
 * automx2's defaults. The registered ports of these three with implicit TLS are those on which it takes that for granted; all others are
 * STARTTLS to it (src/automx2/database.py of automx2 2026.2).
 */
const AUTOMX2_DEFAULT_PORTS = {
	imap: SOCKET_SERVICES.imap.implicit,
	pop: SOCKET_SERVICES.pop3.implicit,
	smtp: SOCKET_SERVICES.submission.implicit,
} as const;
const IMPLICIT_TLS_PORTS: readonly number[] = Object.values(AUTOMX2_DEFAULT_PORTS);

/** The members of a seed that are read; whatever else stands in it is named. */
const KNOWN_MEMBERS: ReadonlySet<string> = new Set(['version', 'provider', 'domains', 'servers', 'ldapservers', '_comment']);

export function parseAutomx2Seed(seed: InferOutput<typeof Automx2SeedBody>): ImportSource {
	const { provider, servers, domains, ldapservers = [] } = seed;
	const notes: string[] = [];
	const listed: { readonly prio: number; readonly server: AdvertisedServer }[] = [];
	const urls: AdvertisedUrl[] = [];
	for (const [at, { type, name = '', port, prio = 10, url = '' }] of servers.entries()) {
		const path = `servers[${at}]`;
		if (type === 'imap' || type === 'pop' || type === 'smtp') {
			const chosen = port ?? AUTOMX2_DEFAULT_PORTS[type];
			listed.push({
				prio,
				server: {
					path,
					direction: type === 'smtp' ? 'outgoing' : 'incoming',
					type: TYPES[type],
					host: normaliseHost(name),
					port: parsePort(String(chosen)),
					security: IMPLICIT_TLS_PORTS.includes(chosen) ? 'tls' : 'starttls',
					login: '%EMAILADDRESS%',
					auth: ['password-cleartext'],
				},
			});
		} else if (type === 'caldav' || type === 'carddav')
			urls.push({ path, kind: type, url, login: '%EMAILADDRESS%', auth: ['password-cleartext'] });
		else notes.push(`${path}: a record has no service of the type "${type.slice(0, 20)}".`);
	}
	// automx2 answers in the order of "prio", and as they stand where that is the same.
	listed.sort((a, b) => a.prio - b.prio);
	if (ldapservers.length > 0) notes.push('ldapservers: Signpost asks nobody about users.');
	for (const [at, domain] of domains.entries())
		if ('ldapserver_id' in domain) notes.push(`domains[${at}].ldapserver_id: names and logins from LDAP are not asked for.`);
	for (const member of Object.keys(seed)) if (!KNOWN_MEMBERS.has(member)) notes.push(`${member.slice(0, 40)}: is not understood.`);
	const advertised = {
		...NOTHING_ADVERTISED,
		displayName: provider,
		// automx2 takes the first word for the short name.
		shortName: provider.split(' ')[0] ?? null,
		servers: listed.map(({ server }) => server),
		urls,
	};
	return autoconfigSource(advertised, notes);
}
