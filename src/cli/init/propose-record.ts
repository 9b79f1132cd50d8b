/** Proposes a record from the result of a survey. It does no I/O. */
import { SOCKET_SERVICE_ORDER, SOCKET_SERVICES, type SocketService } from '../../model/service-ports.ts';
import type { DomainSurvey, OpenPort } from './domain-survey.ts';

/** The hosts for the record; null leaves a service out. */
export interface RecordChoices {
	readonly domain: string;
	readonly name: string;
	readonly login: string | null;
	readonly imap: string | null;
	readonly pop3: string | null;
	readonly submission: string | null;
	readonly sieve: string | null;
}

export interface InitOptions {
	readonly name?: string | undefined;
	readonly login?: string | undefined;
	readonly imap?: string | undefined;
	readonly pop3?: string | undefined;
	readonly submission?: string | undefined;
	readonly sieve?: string | undefined;
}

/**
 * Prefers the operator's choice, then a server that answers with a valid certificate, then one that DNS or autoconfig names, then any that
 * answers.
 */
export function proposeChoices(domain: string, found: DomainSurvey, wishes: InitOptions): RecordChoices {
	const host = (service: SocketService) => wishes[service] ?? bestHost(service, found);
	return {
		domain,
		name: wishes.name ?? domain,
		login: wishes.login ?? null,
		imap: host('imap'),
		// POP3 is offered to users only where the operator already names it: most servers have it open, few want it used.
		pop3: wishes.pop3 ?? found.namedHosts.pop3 ?? null,
		submission: host('submission'),
		sieve: host('sieve'),
	};
}

function bestHost(service: SocketService, { namedHosts, ports }: DomainSurvey): string | null {
	const open = ports.filter((port) => port.service === service);
	const score = ({ host, trusted, security }: OpenPort) =>
		(trusted ? 4 : 0) + (host === namedHosts[service] ? 2 : 0) + (security === 'tls' ? 1 : 0);
	const [best] = [...open].sort((a, b) => score(b) - score(a));
	return best?.host ?? namedHosts[service] ?? null;
}

/** A record as it is written in JSON or YAML. */
export interface RecordInput {
	readonly kind: 'domain';
	readonly provider: { readonly name: string };
	readonly login?: string;
	readonly services: Readonly<
		Partial<Record<SocketService, { readonly host: string; readonly implicit?: null; readonly starttls?: number | null }>>
	>;
}

/**
 * Ports are written only where they differ from the default, as far as the survey saw the host at all. The first choice has to be a port that
 * answered, or nobody can set up mail; a fallback is left out only where it is known that there is none.
 */
export function buildRecord(choices: RecordChoices, { ports, unknownPorts }: DomainSurvey): RecordInput {
	const services: Record<string, { host: string; implicit?: null; starttls?: number | null }> = {};
	for (const service of SOCKET_SERVICE_ORDER) {
		const host = choices[service];
		if (host === null) continue;
		const open = ports.filter((port) => port.service === service && port.host === host);
		const has = (security: OpenPort['security']) => open.some((port) => port.security === security);
		const { implicit, starttls } = SOCKET_SERVICES[service];
		const entry: { host: string; implicit?: null; starttls?: number | null } = { host };
		// A host that was not probed, or of which no port is known, keeps the defaults.
		if (open.length > 0 && implicit !== null && !has('tls')) entry.implicit = null;
		const mayHaveFallback = unknownPorts.some((port) => port.service === service && port.host === host && port.security === 'starttls');
		if (open.length > 0 && has('tls') && starttls !== null && !has('starttls') && !mayHaveFallback) entry.starttls = null;
		// IMAP or POP3 with STARTTLS alone is still better for clients than no server.
		if (open.length > 0 && !has('tls') && has('starttls') && starttls === null)
			entry.starttls = SOCKET_SERVICES[service].registeredStarttls;
		services[service] = entry;
	}
	return { kind: 'domain', provider: { name: choices.name }, ...(choices.login === null ? {} : { login: choices.login }), services };
}

/** Sentences about the ports of which the survey knows nothing: what the record says of each. */
export function describeUnknownPorts({ services }: RecordInput, { unknownPorts }: DomainSurvey): readonly string[] {
	return unknownPorts.flatMap(({ service, host, port, security, reason }) => {
		const entry = services[service];
		if (entry?.host !== host) return [];
		const choice = security === 'tls' ? entry.implicit : entry.starttls;
		// What no record has unless somebody asks for it is not left out here.
		if (choice === undefined && SOCKET_SERVICES[service][security === 'tls' ? 'implicit' : 'starttls'] === null) return [];
		const isLeftOut = choice === null;
		return isLeftOut
			? [`${host}:${port} is not offered to clients, because it is not known here: ${reason}. If the server has it, edit the record.`]
			: [`${host}:${port} is offered to clients, but not known here: ${reason}. signpost check tells whether it works.`];
	});
}
