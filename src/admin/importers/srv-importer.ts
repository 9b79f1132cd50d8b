/** Makes a record from SRV records (RFC 6186, RFC 8314 §5.1, RFC 6764). */

import type { ApiProblem } from '../../contract/api-problems.ts';
import type { Result } from '../../lib/result.ts';
import type { Domain } from '../../model/names.ts';
import { type ImportedRecord, type ImportedServer, importedRecord, mergeServers } from './imported-record.ts';

const SRV_SOCKET_SERVICES = {
	'_imaps._tcp': { service: 'imap', security: 'tls' },
	'_imap._tcp': { service: 'imap', security: 'starttls' },
	'_pop3s._tcp': { service: 'pop3', security: 'tls' },
	'_pop3._tcp': { service: 'pop3', security: 'starttls' },
	'_submissions._tcp': { service: 'submission', security: 'tls' },
	// The name of the service before RFC 8314 §7.3; mail servers' documentation still has it.
	'_smtps._tcp': { service: 'submission', security: 'tls' },
	'_submission._tcp': { service: 'submission', security: 'starttls' },
	'_sieve._tcp': { service: 'sieve', security: 'starttls' },
} as const;

const SRV_URL_SERVICES = {
	'_caldavs._tcp': { service: 'caldav', path: '/.well-known/caldav' },
	'_carddavs._tcp': { service: 'carddav', path: '/.well-known/carddav' },
	'_jmap._tcp': { service: 'jmap', path: '/.well-known/jmap' },
} as const;

/** The labels to look up, each in front of the domain. */
export const SRV_LABELS = [...Object.keys(SRV_SOCKET_SERVICES), ...Object.keys(SRV_URL_SERVICES)];

interface SrvTarget {
	readonly priority: number;
	readonly port: number;
	readonly host: string;
}

/** @param answers presentation data by label */
export function parseSrvRecords(answers: ReadonlyMap<string, readonly string[]>, domain: Domain): Result<ImportedRecord, ApiProblem> {
	const lost: string[] = [];
	const listed = Object.entries(SRV_SOCKET_SERVICES).flatMap(([label, { service, security }]): readonly ImportedServer[] =>
		parseSrvTargets(answers.get(label)).map(({ host, port }) => ({ service, security, host, port })),
	);
	const { services, lost: unfit } = mergeServers(listed);
	for (const [label, { service, path }] of Object.entries(SRV_URL_SERVICES)) {
		const [first, ...others] = parseSrvTargets(answers.get(label));
		if (first === undefined) continue;
		services[service] = { url: `https://${first.host}${first.port === 443 ? '' : `:${first.port}`}${path}` };
		lost.push(`${label}: the path is a guess (${path}); SRV has none.`);
		if (others.length > 0) lost.push(`${label} has more than one target: a record has one.`);
	}
	lost.push('SRV has no names, no logins and no ways to log in: the defaults stand here.');
	return importedRecord(domain, services, {}, [...unfit, ...lost]);
}

// RFC 2782: lowest priority first; a target of "." means that there is none.
function parseSrvTargets(data: readonly string[] = []): readonly SrvTarget[] {
	return data
		.flatMap((text): readonly SrvTarget[] => {
			const [priority, , port, target] = text.trim().split(/\s+/);
			const host = (target ?? '').replace(/\.$/, '').toLowerCase();
			return host === '' ? [] : [{ priority: Number(priority), port: Number(port), host }];
		})
		.sort((a, b) => a.priority - b.priority);
}
