/** Over which port a session came, judged when every line has been read: names of services come and go, and each host has its own. */
import { addDays } from '../../../lib/time.ts';
import type { DayRecord, HostRecord, SessionGroup } from './host-record.ts';
import type { TlsMode } from './submission.ts';

/**
 * `elsewhere`: a submission over neither 465 nor 587. `none`: mail of other servers, over port 25. `undecided`: mail without a login that may be such mail or a submission.
 */
export type Judgement = TlsMode | 'elsewhere' | 'none' | 'undecided';

export interface JudgeOptions {
	/** The operator says that no login is taken without TLS (Postfix: smtpd_tls_auth_only = yes). */
	readonly tlsOnly: boolean;
}

export function judgeSession(group: SessionGroup, host: HostRecord, options: JudgeOptions): Judgement {
	switch (group.kind) {
		case '25':
		case 'internal':
			return group.login ? 'elsewhere' : 'none';
		case '465':
			return judge465(group, host);
		case '587':
			return judge587(group, host, options);
		case 'hidden':
			return judgeHidden(group);
		case 'unnamed':
		case 'other':
			return group.login ? judgeUnknownLogin(group, host, options) : judgeUnknownMail(group, host);
	}
}

/** A session with STARTTLS did not come over 465, whatever its service is called; one without may have, unless two services share the name. */
function judge465({ shape, service }: SessionGroup, host: HostRecord): Judgement {
	if (shape === 'starttls') return 'starttls';
	return shape !== 'implicit' && host.services.get(service)?.starttls === true ? 'unknown' : 'implicit';
}

/**
 * mail-in-a-box calls 465 as it calls 587. TLS without STARTTLS is 465 for certain; no STARTTLS, and no line about TLS, is 465 or a session in the clear. It was in the clear where 465 has a
 * name of its own, or where this log has lines about TLS, and none for this session.
 */
function judge587({ shape, service, login }: SessionGroup, host: HostRecord, { tlsOnly }: JudgeOptions): Judgement {
	const record = host.services.get(service);
	if (shape === 'implicit') return 'implicit';
	if (shape === 'starttls') return 'starttls';
	if (shape === 'untold') return record?.implicit === true ? 'unknown' : 'starttls';
	if (record?.tlsLogged === true || has465(host)) return 'starttls';
	return tlsOnly && login ? 'implicit' : 'unknown';
}

function has465(host: HostRecord): boolean {
	return [...host.services.values()].some(({ kind }) => kind === '465');
}

function judgeHidden({ login, likely, shape }: SessionGroup): Judgement {
	// Exim's P=esmtpa: a login in the clear, which 465 never has.
	if (login) return shape === 'starttls' ? 'starttls' : 'unknown';
	return likely ? 'undecided' : 'none';
}

/** Port 25, 465 or 587, by what the session says of itself; port 25 where 587 has a name all about it. */
function judgeUnknownLogin(group: SessionGroup, host: HostRecord, { tlsOnly }: JudgeOptions): Judgement {
	const { shape, service, kind } = group;
	if (shape === 'implicit') return 'implicit';
	if (kind === 'unnamed' && isNamedAbout(host, group.day)) return 'elsewhere';
	if (shape === 'starttls') return 'starttls';
	if (shape === 'untold') return 'unknown';
	if (host.services.get(service)?.tlsLogged === true) return 'starttls';
	return tlsOnly ? 'implicit' : 'unknown';
}

/** Mail without a login on a service that has no name: other servers' mail over port 25, or what one of the server's own networks submits. */
function judgeUnknownMail({ shape, day, likely, kind }: SessionGroup, host: HostRecord): Judgement {
	if (shape === 'implicit') return 'implicit';
	const record = host.days.get(day);
	if (kind === 'unnamed' && isNamedAbout(host, day)) return 'none';
	// While names are in force, what has none is port 25; but not for those that look like submitters.
	if (!likely && (record?.named465 === true || (record?.first587 ?? '') !== '')) return 'none';
	// What a content filter hands back comes from the host itself, in the clear.
	return likely || kind === 'unnamed' ? 'undecided' : 'none';
}

/**
 * Whether 587 had its name before and behind every login without a name on a day: on the days about it or earlier and later that day, and without a restart of Postfix, with which
 * names change. A name that was lost weeks ago says nothing of today.
 */
function isNamedAbout(host: HostRecord, day: string): boolean {
	const record = host.days.get(day);
	if (record === undefined || record.first587 === '' || record.reloaded) return false;
	const before = host.days.get(addDays(day, -1));
	const after = host.days.get(addDays(day, 1));
	const namedBefore = has587(before) || record.first587 < record.firstUnnamed || record.firstUnnamed === '';
	const namedAfter = has587(after) || record.last587 > record.lastUnnamed || record.lastUnnamed === '';
	return namedBefore && namedAfter && before?.reloaded !== true && after?.reloaded !== true;
}

function has587(record: DayRecord | undefined): boolean {
	return record !== undefined && record.first587 !== '';
}

/** Whether a host's log of a day would show submissions over 587, had there been any. */
export function isCovered({ others, first587 }: DayRecord): boolean {
	return others || first587 !== '';
}
