/** Collects sums for each host while logs are read, in memory that does not grow with the log. */
import type { ServiceKind, SessionShape, Submission } from './submission.ts';

/** Sessions of one host and day that are alike in everything that the judgement depends on. */
export interface SessionGroup {
	readonly id: number;
	readonly host: string;
	readonly day: string;
	readonly service: string;
	readonly kind: ServiceKind;
	readonly shape: SessionShape;
	readonly login: boolean;
	/**
	 * Mail without a login, from an address that no other mail server would come from, or that submitted by name before, or with a
	 * certificate that is trusted.
	 */
	readonly likely: boolean;
	/** Under which lines of these sessions are kept as samples. */
	readonly sampleKey: string;
	count: number;
}

export interface DayRecord {
	/** By the service, and there by variantOf(). */
	readonly groups: Map<string, (SessionGroup | undefined)[]>;
	/** Whether a service that takes submissions logged anything. */
	logged: boolean;
	unread: number;
	suppressed: number;
	/** Whether another of Postfix's programs logged, which shows that the log has not been filtered by service. */
	postfixWhole: boolean;
	/** Whether sessions begin, and whether any line tells what happened in one: not where the lines were chosen by what they say. */
	hasSessions: boolean;
	hasInsides: boolean;
	/** Whether Dovecot logged anything but logins. */
	dovecotOthers: boolean;
	/** Servers whose own lines show that their log has not been filtered. */
	readonly whole: Set<string>;
	/** Servers other than Postfix that had 587, by the port in their lines: Postfix had it not. */
	readonly others587: Set<string>;
	/** Servers that had 465. */
	readonly servers465: Set<string>;
	/** Times of the first and the last line of a service of Postfix that is 587 by its name; empty where there was none. */
	first587: string;
	last587: string;
	/**
	 * Times of the first and the last session under that name that did not come over 465: with STARTTLS, or taken for 587 for lack of other
	 * signs.
	 */
	firstOwn587: string;
	lastOwn587: string;
	/** A service that only a distribution's master.cf has logged (mailcow's): that file names 465 and 587. */
	distribution: boolean;
	named465: boolean;
	/** Times of the first and the last login over a service without a name. */
	firstUnnamed: string;
	lastUnnamed: string;
	/** Times of the first and the last reload of the server's configuration; empty where there was none. */
	firstReload: string;
	lastReload: string;
}

/** What the log of a service shows over all days. */
export interface ServiceActivity {
	readonly kind: ServiceKind;
	/** Whether there were sessions with STARTTLS, and sessions with TLS but without STARTTLS. */
	starttls: boolean;
	implicit: boolean;
	/** Whether there were lines about TLS. */
	tlsLogged: boolean;
}

export interface HostRecord {
	readonly host: string;
	readonly days: Map<string, DayRecord>;
	readonly services: Map<string, ServiceActivity>;
	/** Addresses that sent mail without a login to 465 or 587 by name. */
	readonly submitters: Set<string>;
	/** The servers (Postfix, Dovecot …) of which there are lines about taking mail; Dovecot may also do no more than let it be read. */
	readonly takers: Set<string>;
	/** Whether there was no room to keep what belongs to this name apart: too many hosts, or too many services. */
	isOverfull: boolean;
}

const MAX_HOSTS = 500;
const MAX_SERVICES = 200;
const MAX_SUBMITTERS = 5000;

/** The host under which everything is counted once there are too many hosts, as a broken log may seem to have. */
const OVERFLOW = '(others)';

export function createHostRecords() {
	const hosts = new Map<string, HostRecord>();
	let groups = 0;

	let lastHost: HostRecord | null = null;
	let lastDay: { readonly host: HostRecord; readonly day: string; readonly record: DayRecord } | null = null;

	// There are millions of lines but only dozens of hosts and days, so the last record that was found is remembered.
	function hostRecord(name: string): HostRecord {
		if (lastHost?.host === name) return lastHost;
		lastHost = findHost(name);
		return lastHost;
	}

	function findHost(name: string): HostRecord {
		const host = hosts.has(name) || hosts.size < MAX_HOSTS ? name : OVERFLOW;
		const known = hosts.get(host);
		if (known !== undefined) return known;
		const made: HostRecord = {
			host,
			days: new Map(),
			services: new Map(),
			submitters: new Set(),
			takers: new Set(),
			isOverfull: host === OVERFLOW,
		};
		hosts.set(host, made);
		return made;
	}

	function dayRecord(name: string, day: string): DayRecord {
		const host = hostRecord(name);
		if (lastDay?.host === host && lastDay.day === day) return lastDay.record;
		const record = findDay(host, day);
		lastDay = { host, day, record };
		return record;
	}

	function findDay({ days }: HostRecord, day: string): DayRecord {
		const known = days.get(day);
		if (known !== undefined) return known;
		const made = emptyDay();
		// Only calendar days of this century get here, so their number is bounded.
		days.set(day, made);
		return made;
	}

	function serviceActivity(name: string, service: string, kind: ServiceKind): ServiceActivity {
		const record = hostRecord(name);
		const { services } = record;
		const key = services.has(service) || services.size < MAX_SERVICES ? service : OVERFLOW;
		if (key === OVERFLOW) record.isOverfull = true;
		const known = services.get(key);
		if (known !== undefined) return known;
		const made = { kind, starttls: false, implicit: false, tlsLogged: false };
		services.set(key, made);
		return made;
	}

	function groupOf(found: Submission): SessionGroup {
		const { host, day, service, kind, shape } = found;
		const login = found.account !== null;
		const likely = !login && isLikely(hostRecord(host), found);
		const day_ = dayRecord(host, day);
		const ofService = day_.groups.get(service) ?? [];
		const variant = variantOf(shape, login, likely);
		const known = ofService[variant];
		if (known !== undefined) return known;
		groups += 1;
		const name = hostRecord(host).host;
		const sampleKey = `submission ${name}|${service}|${shape}|${login}|${likely}`;
		const made = { id: groups, host: name, day, service, kind, shape, login, likely, sampleKey, count: 0 };
		ofService[variant] = made;
		day_.groups.set(service, ofService);
		return made;
	}

	return { hosts, hostRecord, dayRecord, serviceActivity, groupOf };
}

const SHAPES: readonly SessionShape[] = ['implicit', 'starttls', 'no-starttls', 'untold', 'unended'];

/** A number for what distinguishes the sessions of a service. */
function variantOf(shape: SessionShape, login: boolean, likely: boolean): number {
	return SHAPES.indexOf(shape) * 4 + (login ? 2 : 0) + (likely ? 1 : 0);
}

export type HostRecords = ReturnType<typeof createHostRecords>;

export function rememberSubmitter({ submitters }: HostRecord, client: string | null): void {
	if (client !== null && submitters.size < MAX_SUBMITTERS) submitters.add(client);
}

function isLikely({ submitters }: HostRecord, { client, certificate }: Submission): boolean {
	return certificate || (client !== null && (submitters.has(client) || isPrivateAddress(client)));
}

// RFC 1918, RFC 1122 §3.2.1.3, RFC 3927, RFC 4193 and RFC 4291 §2.5: other organisations' mail servers never have such an address.
const PRIVATE_ADDRESS = /^(?:10\.|127\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|::1$|f[cd][\da-f]{2}:|fe[89ab][\da-f]:)/i;

export function isPrivateAddress(address: string): boolean {
	return PRIVATE_ADDRESS.test(address);
}

// RFC 1122 §3.2.1.3, RFC 4291 §2.5.3.
export function isLoopback(address: string): boolean {
	return address.startsWith('127.') || address === '::1';
}

function emptyDay(): DayRecord {
	return {
		groups: new Map(),
		logged: false,
		unread: 0,
		suppressed: 0,
		postfixWhole: false,
		hasSessions: false,
		hasInsides: false,
		dovecotOthers: false,
		whole: new Set(),
		others587: new Set(),
		servers465: new Set(),
		first587: '',
		last587: '',
		firstOwn587: '',
		lastOwn587: '',
		distribution: false,
		named465: false,
		firstUnnamed: '',
		lastUnnamed: '',
		firstReload: '',
		lastReload: '',
	};
}
