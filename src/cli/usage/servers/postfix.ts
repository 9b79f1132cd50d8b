/**
 * Postfix's SMTP server, by what it says of each session and by the names of its services. Sessions are joined by host, process and client: an smtpd(8) process has one client
 * at a time. From Postfix 3.0 on the line "disconnect from" counts the commands, and so tells STARTTLS from TLS that was there from the first byte; 2.11 has no such counts.
 */
import { daysBetween } from '../../../lib/time.ts';
import type { EvidenceSink, ServiceKind, SessionShape } from '../evidence/submission.ts';
import type { LogLine } from '../forms/log-line.ts';
import { isPostfixSmtpd, postfixServiceKind } from './postfix-names.ts';
import type { ServerLog, ServerReader } from './server-reader.ts';
import { createSessions } from './sessions.ts';

export const postfixReader: ServerReader = {
	name: 'Postfix',
	setting: '-o syslog_name=postfix/submission for 587, and postfix/submissions for 465, in master.cf',
	joinsSessions: true,
	claims: ({ program }) => isPostfixSmtpd(program) || program.endsWith('/master') || isUnitName(program),
	start: startPostfixLog,
};

/** journalctl -o with-unit writes "postfix@-.service" where the program's name would be. */
function isUnitName(program: string): boolean {
	return program.startsWith('postfix') && program.endsWith('.service');
}

/** Messages of a session that are kept until it ends; a longer one is reported as it goes. */
const MAX_MESSAGES = 50;

interface Message {
	readonly day: string;
	readonly time: string;
	readonly account: string | null;
	readonly line: string;
	count: number;
}

interface Session {
	readonly host: string;
	readonly service: string;
	kind: ServiceKind;
	readonly client: string;
	readonly messages: Message[];
	day: string;
	/** A line said that TLS is there. */
	tls: boolean;
	certificate: boolean;
	/** A message was accepted. */
	submitted: boolean;
	/** The account of mail that was refused. */
	refused: string | null;
}

// "connect from host[192.0.2.7]", "disconnect from host[192.0.2.7]:51234 ehlo=1 …"; "fe80::1%eth0" has a zone.
const PEER = /^[^\s[\]]{0,260}\[([\da-fA-F.:]{2,45}(?:%[\w.-]{1,20})?|unknown)\](?::\w{1,8})?/;
// A queue id, short or long (enable_long_queue_ids), or NOQUEUE before a proxy filter (smtpd_proxy_filter).
const QUEUE_ID = /^(?:[0-9A-F]{5,20}|[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{12,24}|NOQUEUE)$/;
const CONNECT = /^connect from /;
const DISCONNECT = /^disconnect from /;
// "reject: RCPT from host[192.0.2.7]: 554 …".
const BEFORE_PEER = /^[\w-]{1,20}: [\w ]{1,20} from /;
const TLS_ESTABLISHED = /^(Anonymous|Untrusted|Trusted|Verified) TLS connection established from /;
const REFUSED_ACCOUNT = / sasl_username=<?([^<>\s]{1,254})>?$/;
const COMMAND_COUNT = /(starttls|auth|mail|commands)=(\d{1,9})/g;

/** Counts of the commands that succeeded; null where the line has none (Postfix 2.11, and a line that was cut). */
interface CommandCounts {
	readonly starttls: number;
	readonly auth: number;
}

function startPostfixLog(sink: EvidenceSink): ServerLog {
	const sessions = createSessions<Session>((session) => finish(session, null));
	const kinds = new Map<string, ServiceKind>();

	function kindOf(program: string): ServiceKind {
		const known = kinds.get(program);
		if (known !== undefined) return known;
		const kind = isUnitName(program) ? 'other' : postfixServiceKind(program);
		if (kinds.size < 1000) kinds.set(program, kind);
		return kind;
	}

	function open(line: LogLine, client: string): Session {
		const key = `${line.host}|${line.program}|${line.pid === '' ? client : line.pid}`;
		const known = sessions.get(key);
		if (known !== undefined && known.client === client && isNextTo(known.day, line.day)) {
			known.day = line.day;
			return known;
		}
		if (known !== undefined) finish(known, null);
		const { host, program: service, day } = line;
		const session: Session = {
			host,
			service,
			kind: kindOf(service),
			client,
			messages: [],
			day,
			tls: false,
			certificate: false,
			submitted: false,
			refused: null,
		};
		sessions.set(key, session);
		return session;
	}

	function close(line: LogLine, client: string, stats: string, raw: string): void {
		const session = open(line, client);
		const { day, time, host, program: service } = line;
		sessions.take(`${line.host}|${line.program}|${line.pid === '' ? client : line.pid}`);
		const counts = commandCounts(stats);
		if (counts !== null && counts.starttls > 0) sink.starttlsSeen({ day, time, host, service, kind: kindOf(service) });
		// Somebody logged in, and no mail came of it.
		const account = session.refused ?? '';
		if (!session.submitted && hasLoggedIn(session, counts) && sink.isNew({ day, time, host, service, account, client }))
			session.messages.push({ day, time, account, line: raw, count: 1 });
		finish(session, counts);
	}

	/** A session that began anew where no end was logged. */
	function connect(line: LogLine, client: string): void {
		const key = `${line.host}|${line.program}|${line.pid === '' ? client : line.pid}`;
		const known = sessions.take(key);
		if (known !== undefined) finish(known, null);
		open(line, client);
	}

	function finish(session: Session, counts: CommandCounts | null): void {
		const { host, service, kind, client, certificate, messages } = session;
		const shape = shapeOf(session, counts);
		for (const { day, time, account, line, count } of messages.splice(0))
			sink.submission({ day, time, host, service, kind, shape, account, client, certificate, count, line });
	}

	function accepted(line: LogLine, rest: string, raw: string): void {
		const peer = PEER.exec(rest);
		const account = peer === null ? undefined : accountOf(rest.slice(peer[0].length));
		if (peer === null || account === undefined) {
			sink.unread(line.day, line.host, raw);
			return;
		}
		const session = open(line, peer[1] ?? '');
		// Mailu: nginx takes 465 and 587, and hands over every session alike. The port is in nginx's log.
		if (rest.includes('sasl_method=XCLIENT')) session.kind = 'hidden';
		session.submitted = true;
		const { day, time, host, program: service } = line;
		if (!sink.isNew({ day, time, host, service, account, client: session.client })) return;
		const last = session.messages.at(-1);
		if (last !== undefined && last.day === day && last.account === account) last.count += 1;
		else session.messages.push({ day, time, account, line: raw, count: 1 });
		if (session.messages.length > MAX_MESSAGES) finish(session, null);
	}

	function secured(line: LogLine, client: string, certificate: string): void {
		const session = open(line, client);
		session.tls = true;
		session.certificate ||= certificate === 'Trusted' || certificate === 'Verified';
	}

	/** A line about a message: "4F2A9: client=…", "NOQUEUE: reject: RCPT from …". */
	function aboutMessage(line: LogLine, raw: string): void {
		const at = line.message.indexOf(': ');
		if (at < 0 || !QUEUE_ID.test(line.message.slice(0, at))) return;
		const rest = line.message.slice(at + 2);
		if (rest.startsWith('client=')) {
			accepted(line, rest.slice(7), raw);
			return;
		}
		const refused = REFUSED_ACCOUNT.exec(rest.slice(-300));
		if (refused === null) return;
		withPeer(rest.replace(BEFORE_PEER, ''), (client) => {
			open(line, client).refused = refused[1] ?? null;
		});
	}

	function said(line: LogLine, raw: string): void {
		const text = line.message;
		const tls = text.includes(' TLS connection ') ? TLS_ESTABLISHED.exec(text) : null;
		if (CONNECT.test(text)) withPeer(text.replace(CONNECT, ''), (client) => connect(line, client));
		else if (DISCONNECT.test(text)) withPeer(text.replace(DISCONNECT, ''), (client, rest) => close(line, client, rest, raw));
		else if (tls !== null) {
			sink.tlsLogged(line.host, line.program);
			withPeer(text.slice(tls[0].length), (client) => secured(line, client, tls[1] ?? ''));
		} else aboutMessage(line, raw);
	}

	return {
		line(line, raw) {
			const { day, host, time, program } = line;
			if (program.endsWith('/master')) {
				if (/^(reload|daemon started)/.test(line.message)) sink.reloaded(day, host, time);
				return;
			}
			sink.read('Postfix');
			sink.logged(day, host, false);
			sink.serviceSeen({ day, time, host, service: program, kind: kindOf(program) });
			said(line, raw);
		},
		end: () => sessions.endAll(),
	};
}

/** By the count of logins; where there are none (2.11), by the account of refused mail. */
function hasLoggedIn({ refused }: Session, counts: CommandCounts | null): boolean {
	return counts === null ? refused !== null : counts.auth > 0;
}

function withPeer(text: string, act: (client: string, rest: string) => void): void {
	const peer = PEER.exec(text);
	if (peer !== null) act(peer[1] ?? '', text.slice(peer[0].length));
}

function shapeOf({ tls }: Session, counts: CommandCounts | null): SessionShape {
	if (counts === null) return 'untold';
	if (counts.starttls > 0) return 'starttls';
	return tls ? 'implicit' : 'no-starttls';
}

/** " ehlo=2 starttls=1 auth=1 mail=1 rcpt=0/1 commands=5/6": successes, and what was tried behind the slash. */
function commandCounts(stats: string): CommandCounts | null {
	const counts: Record<string, number> = {};
	for (const [, command = '', count] of stats.slice(0, 400).matchAll(COMMAND_COUNT)) counts[command] = Number(count);
	return counts.commands === undefined ? null : { starttls: counts.starttls ?? 0, auth: counts.auth ?? 0 };
}

/**
 * The account in ", sasl_method=PLAIN, sasl_username=alice@example.org, sasl_sender=…, orig_client=…"; null where there was no login; undefined where the line was cut
 * before one could stand. By position and not by a pattern: a client writes most of it.
 */
function accountOf(rest: string): string | null | undefined {
	const line = rest.trimEnd();
	if (line === '') return null;
	if (!line.startsWith(', ')) return undefined;
	const at = line.indexOf(' sasl_username=');
	if (at < 0) return /^(, (orig_queue_id|orig_client)=[^,]*)+$/.test(line.slice(0, 1000)) ? null : undefined;
	const account = line.slice(at + ' sasl_username='.length);
	const ends = [', sasl_sender=', ', orig_queue_id=', ', orig_client='].map((word) => account.indexOf(word)).filter((end) => end >= 0);
	const end = ends.length === 0 ? account.length : Math.min(...ends);
	return account.slice(0, end) === '' ? undefined : account.slice(0, end);
}

/** Whether a session may go on from one day to another: over midnight, and not over a week. */
function isNextTo(before: string, day: string): boolean {
	return before === day || Math.abs(daysBetween(before, day)) <= 1;
}
