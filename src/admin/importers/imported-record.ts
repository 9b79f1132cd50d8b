/** Makes a record from the servers that a source lists. Order and ports follow Signpost's rules, not the source's. */

import type { ApiProblem } from '../../contract/api-problems.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { SOCKET_SERVICES } from '../../model/service-ports.ts';

/** The result of an import: a record as a person would write it, not validated yet. */
export interface ImportedRecord {
	readonly record: object;
	/** Sentences about what the record cannot hold. */
	readonly lost: readonly string[];
}

/** One server of a source, in its order of preference. */
export interface ImportedServer {
	readonly service: 'imap' | 'pop3' | 'submission' | 'sieve';
	readonly host: string;
	readonly port: number;
	readonly security: 'tls' | 'starttls' | 'plain';
	readonly login?: string;
	readonly auth?: readonly ('oauth2' | 'password')[];
}

interface ImportedServices {
	readonly services: Record<string, object>;
	readonly lost: readonly string[];
}

/** Puts the servers of each service together: one host, its port with implicit TLS, its port with STARTTLS. */
export function mergeServers(listed: readonly ImportedServer[]): ImportedServices {
	const services: Record<string, object> = {};
	const lost: string[] = [];
	for (const service of ['imap', 'pop3', 'submission', 'sieve'] as const) {
		const all = listed.filter((server) => server.service === service);
		const secure = all.filter(({ security }) => security !== 'plain');
		for (const { host, port } of all.filter(({ security }) => security === 'plain'))
			lost.push(`${service} on ${host}:${port} is without encryption: a record cannot offer that.`);
		// RFC 8314 §3: the server with implicit TLS is the one that counts.
		const first = secure.find(({ security }) => security === 'tls') ?? secure[0];
		if (first === undefined) continue;
		const { host, login, auth } = first;
		const same = secure.filter((server) => server.host === host);
		const implicit = same.find(({ security }) => security === 'tls')?.port ?? null;
		const starttls = same.find(({ security }) => security === 'starttls')?.port ?? null;
		for (const other of secure.filter((server) => server.host !== host || (server.port !== implicit && server.port !== starttls)))
			lost.push(`${service} on ${other.host}:${other.port}: a record has one host a service, with one port of each kind.`);
		const standard = SOCKET_SERVICES[service];
		services[service] = {
			host,
			...(implicit === standard.implicit ? {} : { implicit }),
			...(starttls === standard.starttls ? {} : { starttls }),
			...(login === undefined ? {} : { login }),
			...(auth === undefined ? {} : { auth }),
		};
	}
	return { services, lost };
}

/** A record with these services; a problem where there are none. */
export function importedRecord(
	name: string,
	services: Record<string, object>,
	more: object,
	lost: readonly string[],
): Result<ImportedRecord, ApiProblem> {
	if (Object.keys(services).length === 0) return err({ code: 'source-empty' });
	return ok({ record: { kind: 'domain', provider: { name: name.slice(0, 60) }, ...more, services }, lost });
}
