/** The kinds of service that a record can offer, and the registered ports of mail services. Every other file takes a port from here. */

/**
 * When TLS begins. `tls`: with the first byte (implicit TLS). `starttls`: the connection begins in cleartext, and the client either
 * upgrades it to TLS or gives up. There is no value for a connection without TLS.
 */
export type Security = 'tls' | 'starttls';

export type SocketService = 'imap' | 'pop3' | 'submission' | 'sieve';
export type HttpService = 'jmap' | 'caldav' | 'carddav' | 'webdav';

interface SocketDefaults {
	/** The name of the service for people. */
	readonly title: string;
	/** The kind of offer that clients get; they call submission smtp. */
	readonly kind: 'imap' | 'pop3' | 'smtp' | 'sieve';
	/** The port of implicit TLS unless the record says otherwise; null where none is registered. */
	readonly implicit: number | null;
	/** The port of STARTTLS unless the record says otherwise; null where STARTTLS is offered only if the record asks for it. */
	readonly starttls: number | null;
	/**
	 * The registered STARTTLS port: the only one on which Outlook, Thunderbird and Apple Mail use STARTTLS when they know a port number
	 * alone.
	 */
	readonly registeredStarttls: number;
}

// RFC 8314 §3.2, §3.1, §3.3: 993, 995 and 465 are implicit TLS. §3.3 keeps STARTTLS on 587 as the fallback for a transition;
// 143 and 110 are offered only where the record asks for them. RFC 5804 §1.8: ManageSieve has one port, 4190, with STARTTLS.
export const SOCKET_SERVICES = {
	imap: { title: 'IMAP', kind: 'imap', implicit: 993, starttls: null, registeredStarttls: 143 },
	pop3: { title: 'POP3', kind: 'pop3', implicit: 995, starttls: null, registeredStarttls: 110 },
	submission: { title: 'Submission (SMTP)', kind: 'smtp', implicit: 465, starttls: 587, registeredStarttls: 587 },
	sieve: { title: 'ManageSieve', kind: 'sieve', implicit: null, starttls: 4190, registeredStarttls: 4190 },
} as const satisfies Record<SocketService, SocketDefaults>;

/** The order of services in what clients get: IMAP before POP3, both before submission. */
export const SOCKET_SERVICE_ORDER = ['imap', 'pop3', 'submission', 'sieve'] as const satisfies readonly SocketService[];
export const HTTP_SERVICE_ORDER = ['jmap', 'caldav', 'carddav', 'webdav'] as const satisfies readonly HttpService[];

interface RecordPorts {
	readonly implicit?: number | null | undefined;
	readonly starttls?: number | null | { readonly port: number; readonly until: string } | undefined;
}

/** The ports of a service with defaults filled in. `until` is the first day (UTC, YYYY-MM-DD) on which STARTTLS is not offered any more. */
export interface SocketPorts {
	readonly implicit: number | null;
	readonly starttls: number | null;
	readonly until: string | null;
}

export function socketPorts(service: SocketService, choice: RecordPorts): SocketPorts {
	const defaults = SOCKET_SERVICES[service];
	const implicit = choice.implicit === undefined ? defaults.implicit : choice.implicit;
	const starttls = choice.starttls === undefined ? defaults.starttls : choice.starttls;
	if (starttls === null || typeof starttls === 'number') return { implicit, starttls, until: null };
	return { implicit, starttls: starttls.port, until: starttls.until };
}

/** The port on which mail servers take mail from each other (RFC 5321 §4.5.4.2). */
export const SMTP_PORT = 25;

/** The port of https, where a URL names none. */
export const HTTPS_PORT = 443;

const STARTTLS_PORTS: readonly number[] = [
	SMTP_PORT,
	...Object.values(SOCKET_SERVICES).map(({ registeredStarttls }) => registeredStarttls),
];

/**
 * The security that clients assume from a port number alone (Apple, FairEmail, and Thunderbird for Autodiscover): STARTTLS on the
 * registered ports, implicit TLS on every other.
 */
export function securityByPort(port: number): Security {
	return STARTTLS_PORTS.includes(port) ? 'starttls' : 'tls';
}

/** A port and its security as text for people: `465, implicit TLS`. */
export function describePort(port: number): string {
	return `${port}, ${securityByPort(port) === 'tls' ? 'implicit TLS' : 'STARTTLS'}`;
}

/** The service that this port is registered for, and its security there; null for every other port. */
export function findServiceByPort(port: number): { readonly service: SocketService; readonly security: Security } | null {
	for (const service of SOCKET_SERVICE_ORDER) {
		const { implicit, registeredStarttls } = SOCKET_SERVICES[service];
		if (port === implicit) return { service, security: 'tls' };
		if (port === registeredStarttls) return { service, security: 'starttls' };
	}
	return null;
}

/**
 * The one place that puts 465 before 587, 993 before 143 and 995 before 110. Puts every offer with implicit TLS before every offer with
 * STARTTLS (RFC 8314 §3.3). Offers of the same security keep their order. A record has no field for an order, and each protocol writes the
 * offers as they come.
 */
export function implicitTlsFirst<T extends { readonly security: 'tls' | 'starttls' }>(offers: readonly T[]): readonly T[] {
	return [...offers.filter(({ security }) => security === 'tls'), ...offers.filter(({ security }) => security === 'starttls')];
}
