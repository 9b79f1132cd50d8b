/** Judges over which port a session came, once every line has been read: the names of services change over time and from host to host. */
import type { DayRecord, HostRecord, SessionGroup } from './host-record.ts';
import type { NamedDays } from './named-days.ts';
import type { TlsMode } from './submission.ts';

/** Their logs are seen to be whole by lines of their other programs. */
export const POSTFIX = 'Postfix';
const DOVECOT = 'Dovecot';

/**
 * `elsewhere`: a submission over neither 465 nor 587. `none`: mail of other servers, over port 25. `undecided`: mail without a login that
 * may be such mail or a submission.
 */
export type Judgement = TlsMode | 'elsewhere' | 'none' | 'undecided';

export interface JudgeOptions {
	/** Whether the operator says that no login is accepted without TLS (Postfix: smtpd_tls_auth_only = yes). */
	readonly tlsOnly: boolean;
}

/** What is known about all sessions together, once everything has been read. */
export interface SessionContext extends JudgeOptions {
	/** On which days the host's 587 is known to have had its own name. */
	readonly named: NamedDays;
	/** Whether the log of the proxy in front has every session of this group, with its port. */
	readonly isInProxyLog: boolean;
}

export function judgeSession(group: SessionGroup, host: HostRecord, context: SessionContext): Judgement {
	switch (group.kind) {
		case '25':
		case 'internal':
			return group.login ? 'elsewhere' : 'none';
		case '465':
			return judge465(group, host);
		case '587':
			return judge587(group, host, context);
		case 'proxied':
			return context.isInProxyLog ? 'none' : judgeHidden(group);
		case 'hidden':
			return judgeHidden(group);
		case 'unnamed':
		case 'other':
			return group.login ? judgeUnknownLogin(group, host, context) : judgeUnknownMail(group, context.named);
	}
}

/**
 * A session with STARTTLS did not come over 465, whatever its service is called; one without may have, unless two services share the name,
 * or the service logs TLS and this session has none: a session in the clear is not 465's.
 */
function judge465({ shape, service }: SessionGroup, host: HostRecord): Judgement {
	if (shape === 'starttls') return 'starttls';
	if (shape === 'implicit') return 'implicit';
	const record = host.services.get(service);
	const isInTheClear = shape === 'no-starttls' && record?.tlsLogged === true;
	return record?.starttls === true || isInTheClear ? 'unknown' : 'implicit';
}

/**
 * mail-in-a-box calls 465 as it calls 587. TLS without STARTTLS is 465 for certain; no STARTTLS, and no line about TLS, is 465 or a session in the clear. It was in the clear where 465 has a
 * name of its own, or where this log has lines about TLS, and none for this session. Without the session's end the name is all that there is: it is taken at its word where 465 has another.
 */
function judge587({ shape, service, login }: SessionGroup, host: HostRecord, { tlsOnly }: SessionContext): Judgement {
	const record = host.services.get(service);
	if (shape === 'implicit') return 'implicit';
	if (shape === 'starttls') return 'starttls';
	if (shape === 'untold') return record?.implicit === true ? 'unknown' : 'starttls';
	if (shape === 'unended') return record?.implicit !== true && has465(host) ? 'starttls' : 'unknown';
	if (record?.tlsLogged === true || has465(host)) return 'starttls';
	return tlsOnly && login ? 'implicit' : 'unknown';
}

function has465(host: HostRecord): boolean {
	return [...host.services.values()].some(({ kind }) => kind === '465');
}

function judgeHidden({ login, shape }: SessionGroup): Judgement {
	// Exim's P=esmtpa is a login without TLS, which never happens on 465.
	if (login) return shape === 'starttls' ? 'starttls' : 'unknown';
	return 'undecided';
}

/** Port 25, 465 or 587, by what the session says of itself; port 25 where 587 has a name all about it. */
function judgeUnknownLogin(group: SessionGroup, host: HostRecord, { named, tlsOnly }: SessionContext): Judgement {
	const { shape, service, kind } = group;
	if (shape === 'implicit') return 'implicit';
	if (kind === 'unnamed' && named.forLogins.has(group.day)) return 'elsewhere';
	if (shape === 'starttls') return 'starttls';
	if (shape === 'untold' || shape === 'unended') return 'unknown';
	if (host.services.get(service)?.tlsLogged === true) return 'starttls';
	return tlsOnly ? 'implicit' : 'unknown';
}

/**
 * Mail without a login on a service that has no name: other servers' mail over port 25, or what a machine hands in over 587, from whatever
 * address. While 587 has a name it is port 25.
 */
function judgeUnknownMail({ shape, day, likely, kind }: SessionGroup, { forMail }: NamedDays): Judgement {
	if (shape === 'implicit') return 'implicit';
	if (!forMail.has(day)) return 'undecided';
	// What a content filter hands back comes from the host itself, in the clear; a second service of 587 under a name of its own has
	// STARTTLS.
	return kind === 'unnamed' || (likely && shape !== 'starttls') ? 'none' : 'undecided';
}

/**
 * Whether a host's log of a day would show submissions over 587, had there been any: that of no server was cut down to chosen services, or
 * it has what is 587's for certain; nor was it cut down to chosen lines of sessions.
 */
export function isCovered(day: string, record: DayRecord, { seen }: NamedDays, { takers }: HostRecord): boolean {
	if (record.hasSessions && !record.hasInsides) return false;
	if (seen.has(day)) return true;
	if (takers.has(DOVECOT) && !record.dovecotOthers) return false;
	return [...takers].every((server) => record.whole.has(server) || (server === POSTFIX && record.postfixWhole));
}
