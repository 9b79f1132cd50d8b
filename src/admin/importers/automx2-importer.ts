/** Makes a record from a seed of automx2 (version 2), which has one set of servers for all of its domains. */
import type { InferOutput } from 'valibot';
import type { Automx2SeedBody } from '../../contract/bodies.ts';
import { SOCKET_SERVICES } from '../../model/service-ports.ts';
import { type ImportedRecord, type ImportedServer, mergeServers } from './imported-record.ts';

const SERVICE_BY_TYPE = { imap: 'imap', pop: 'pop3', smtp: 'submission' } as const;
/**
 * automx2's defaults. The registered ports of these three with implicit TLS are those on which it takes that for granted; all others are
 * STARTTLS to it.
 */
const AUTOMX2_DEFAULT_PORTS = {
	imap: SOCKET_SERVICES.imap.implicit,
	pop: SOCKET_SERVICES.pop3.implicit,
	smtp: SOCKET_SERVICES.submission.implicit,
} as const;
const IMPLICIT_TLS_PORTS: readonly number[] = Object.values(AUTOMX2_DEFAULT_PORTS);

export function convertAutomx2Seed({ provider, servers, ldapservers = [] }: InferOutput<typeof Automx2SeedBody>): ImportedRecord {
	const lost: string[] = [];
	const listed: { readonly prio: number; readonly server: ImportedServer }[] = [];
	const services: Record<string, object> = {};
	for (const { type, name = '', port, prio = 10, url = '' } of servers) {
		if (type === 'imap' || type === 'pop' || type === 'smtp') {
			const at = port ?? AUTOMX2_DEFAULT_PORTS[type];
			const security = IMPLICIT_TLS_PORTS.includes(at) ? 'tls' : 'starttls';
			listed.push({ prio, server: { service: SERVICE_BY_TYPE[type], host: name, port: at, security } });
		} else if ((type === 'caldav' || type === 'carddav') && url.startsWith('https://') && !url.includes('%EMAIL')) services[type] = { url };
		else lost.push(`A server of type ${type.slice(0, 20)}: a record has no field for it, or its URL is not https, or has the user in it.`);
	}
	listed.sort((a, b) => a.prio - b.prio);
	const sockets = mergeServers(listed.map(({ server }) => server));
	if (ldapservers.length > 0) lost.push('LDAP servers: Signpost asks nobody about users.');
	const record = { kind: 'domain', provider: { name: provider.slice(0, 60) }, services: { ...sockets.services, ...services } };
	return { record, lost: [...sockets.lost, ...lost] };
}
