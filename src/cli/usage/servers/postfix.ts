/**
 * Postfix's SMTP server, by what it says of each session and by the names of its services. Sessions are joined by host, process and client:
 * an smtpd(8) process has one client at a time. From Postfix 3.0 on the line "disconnect from" counts the commands, and so tells STARTTLS
 * from TLS that was there from the first byte; 2.11 has no such counts.
 */
import { daysBetween } from '../../../lib/time.ts';
import type { EvidenceSink, ServiceKind, SessionShape } from '../evidence/submission.ts';
import type { LogLine } from '../forms/log-line.ts';
import {
	accountOf,
	behindQueueId,
	type CommandCounts,
	commandCounts,
	isSmtpdMessage,
	messageCount,
	peerOf,
	refusedAccount,
} from './postfix-lines.ts';
import { isOtherPostfixDaemon, isPostfixSmtpd, postfixServiceKind } from './postfix-names.ts';
import type { ServerLog, ServerReader } from './server-reader.ts';
import { createSessions } from './sessions.ts';

export const postfixReader: ServerReader = {
	name: 'Postfix',
	setting: '-o syslog_name=postfix/submission for 587, and postfix/submissions for 465, in master.cf',
	joinsSessions: true,
	// A line of Postfix is recognised even where the logging daemon has cut the name ("postfix[812]: connect from …").
	claims: ({ program, message }) =>
		isPostfixSmtpd(program) ||
		program.endsWith('/master') ||
		isCutName(program) ||
		(isSmtpdMessage(message) && !isOtherPostfixDaemon(program)),
	start: startPostfixLog,
};

/** "postfix", where a logging daemon has cut the name; "postfix@-.service", which journalctl -o with-unit writes in its place. */
function isCutName(program: string): boolean {
	return program === 'postfix' || (program.startsWith('postfix') && program.endsWith('.service'));
}

/** Messages of Postfix's other programs about mail. */
const OTHER_DAEMON_MESSAGE = /: (?:removed$|from=<|to=<|message-id=)/;

/** How many messages of different accounts or days are kept until the session ends; further ones are reported at once. */
const MAX_MESSAGES = 50;

interface Message {
	readonly day: string;
	readonly time: string;
	readonly account: string | null;
	readonly line: string;
	count: number;
}

/** A service of a host, identified by the name under which it logs. */
interface Service {
	readonly id: number;
	readonly kind: ServiceKind;
	/** The last day on which the service was reported to the counter. */
	day: string;
}

interface PostfixSession {
	readonly host: string;
	readonly service: string;
	kind: ServiceKind;
	readonly client: string;
	readonly messages: Message[];
	day: string;
	/** Whether a line said that the session has TLS. */
	tls: boolean;
	certificate: boolean;
	/** Whether a message was accepted. */
	submitted: boolean;
	/** A refused message of a user who had logged in. */
	refused: Message | null;
}

// Without the blank behind them: there the client begins.
const CONNECT = 'connect from';
const DISCONNECT = 'disconnect from';
// "reject: RCPT from host[192.0.2.7]: 554 …".
const BEFORE_PEER = /^[\w-]{1,20}: [\w ]{1,20} from /;
const TLS_ESTABLISHED = /^(Anonymous|Untrusted|Trusted|Verified) TLS connection established from /;

/** Process ids are below 2^22 (proc(5), pid_max): a number for service and process together. */
const PROCESS_IDS = 1 << 22;

type SessionKey = number | string;

function startPostfixLog(sink: EvidenceSink): ServerLog {
	const sessions = createSessions<PostfixSession, SessionKey>((session) => finish(session, null));
	const services = new Map<string, Map<string, Service>>();
	let made = 0;

	function serviceOf(host: string, program: string): Service {
		const known = services.get(host);
		const ofHost = known ?? new Map<string, Service>();
		if (known === undefined && services.size < 1000) services.set(host, ofHost);
		const service = ofHost.get(program);
		if (service !== undefined) return service;
		const kind = isPostfixSmtpd(program) ? postfixServiceKind(program) : 'other';
		const fresh: Service = { id: made++, kind, day: '' };
		if (ofHost.size < 1000) ofHost.set(program, fresh);
		return fresh;
	}

	function keyOf({ host, program, pid }: LogLine, { id }: Service, client: string): SessionKey {
		const process = Number(pid);
		return pid === '' || !(process < PROCESS_IDS) ? `${host}|${program}|${pid === '' ? client : pid}` : id * PROCESS_IDS + process;
	}

	function begin({ host, program, day }: LogLine, { kind }: Service, client: string): PostfixSession {
		return { host, service: program, kind, client, messages: [], day, tls: false, certificate: false, submitted: false, refused: null };
	}

	function open(line: LogLine, service: Service, client: string): PostfixSession {
		const key = keyOf(line, service, client);
		const known = sessions.get(key);
		if (known !== undefined && known.client === client && isNextTo(known.day, line.day)) {
			known.day = line.day;
			return known;
		}
		if (known !== undefined) finish(known, null);
		const session = begin(line, service, client);
		sessions.set(key, session);
		return session;
	}

	/** Begins a session, and ends an earlier one of the same process whose end is missing from the log. */
	function connect(line: LogLine, service: Service, client: string): void {
		const key = keyOf(line, service, client);
		const known = sessions.get(key);
		if (known !== undefined) finish(known, null);
		sessions.set(key, begin(line, service, client));
	}

	function disconnect(line: LogLine, service: Service, { client, rest }: { client: string; rest: string }, raw: string): void {
		const found = sessions.take(keyOf(line, service, client));
		const isSame = found !== undefined && found.client === client && isNextTo(found.day, line.day);
		if (found !== undefined && !isSame) finish(found, null);
		const session = found !== undefined && isSame ? found : begin(line, service, client);
		const { day, time, host, program } = line;
		const counts = commandCounts(rest);
		if (counts !== null) sink.session(day, host, 'inside');
		if (counts !== null && counts.starttls > 0) sink.starttlsSeen({ day, time, host, service: program, kind: service.kind });
		// Somebody logged in, and no mail came of it; or mail came, and the line that says so is not in the log, as lines were chosen.
		const account = hasLoggedIn(session, counts) ? (session.refused?.account ?? '') : null;
		if (!session.submitted && (account !== null || (counts !== null && messageCount(rest) > 0)) && sink.isNew(line))
			session.messages.push({ day, time, account, line: raw, count: 1 });
		if (session.messages.length > 0) finish(session, counts ?? 'not counted');
	}

	function finish(session: PostfixSession, counts: SessionEnd): void {
		const { host, service, kind, client, certificate, messages, refused } = session;
		// Where the log lacks the session's end, such as a log of chosen lines, the refusal itself says that somebody had logged in.
		if (refused !== null && !session.submitted && messages.length === 0) messages.push(refused);
		session.refused = null;
		const shape = shapeOf(session, counts);
		for (const { day, time, account, line, count } of messages.splice(0))
			sink.submission({ day, time, host, service, kind, shape, account, client, certificate, count, line });
	}

	function accepted(line: LogLine, service: Service, text: string, raw: string): void {
		const peer = peerOf(text);
		const account = peer === null ? undefined : accountOf(peer.rest);
		if (peer === null || account === undefined) {
			sink.unread(line.day, line.host, raw);
			return;
		}
		const session = open(line, service, peer.client);
		// In Mailu nginx serves 465 and 587 and passes all sessions on in the same way. Only nginx's log has the port.
		if (peer.rest.includes('sasl_method=XCLIENT')) {
			session.kind = 'proxied';
			sink.serviceSeen({ day: line.day, time: line.time, host: line.host, service: `${line.program}, behind nginx`, kind: 'proxied' });
		}
		session.submitted = true;
		if (!sink.isNew(line)) return;
		const { day, time } = line;
		const last = session.messages.at(-1);
		if (last !== undefined && last.day === day && last.account === account) last.count += 1;
		else session.messages.push({ day, time, account, line: raw, count: 1 });
		if (session.messages.length > MAX_MESSAGES) finish(session, null);
	}

	/** A line about a message: "4F2A9: client=…", "NOQUEUE: reject: RCPT from …". */
	function aboutMessage(line: LogLine, service: Service, raw: string): void {
		const text = behindQueueId(line.message);
		if (text === null) return;
		sink.session(line.day, line.host, 'inside');
		if (text.startsWith('client=')) {
			accepted(line, service, text.slice('client='.length), raw);
			return;
		}
		const account = refusedAccount(text);
		if (account === null) return;
		const peer = peerOf(text.replace(BEFORE_PEER, ''));
		if (peer === null) return;
		const session = open(line, service, peer.client);
		const { day, time } = line;
		if (sink.isNew(line)) session.refused = { day, time, account, line: raw, count: 1 };
	}

	function said(line: LogLine, service: Service, raw: string): void {
		const text = line.message;
		if (text.startsWith(CONNECT)) {
			const peer = peerOf(text.slice(CONNECT.length + 1));
			if (peer === null) return;
			sink.session(line.day, line.host, 'begins');
			connect(line, service, peer.client);
			return;
		}
		if (text.startsWith(DISCONNECT)) {
			const peer = peerOf(text.slice(DISCONNECT.length + 1));
			if (peer !== null) disconnect(line, service, peer, raw);
			return;
		}
		const tls = text.includes(' TLS connection ') ? TLS_ESTABLISHED.exec(text) : null;
		if (tls === null) {
			aboutMessage(line, service, raw);
			return;
		}
		sink.tlsLogged(line.host, line.program);
		const peer = peerOf(text.slice(tls[0].length));
		if (peer === null) return;
		const session = open(line, service, peer.client);
		session.tls = true;
		session.certificate ||= tls[1] === 'Trusted' || tls[1] === 'Verified';
	}

	return {
		line(line, raw) {
			const { day, host, time, program } = line;
			if (program.endsWith('/master')) {
				if (/^(reload|daemon started)/.test(line.message)) sink.reloaded(day, host, time);
				return;
			}
			const service = serviceOf(host, program);
			// The times of every line matter for the service of 587; for the others one line a day is enough.
			if (service.day !== day || service.kind === '587') {
				service.day = day;
				sink.read('Postfix');
				sink.serviceSeen({ day, time, host, service: program, kind: service.kind });
			}
			sink.logged(day, host);
			if (isCutName(program) && OTHER_DAEMON_MESSAGE.test(line.message.slice(0, 60))) sink.whole(day, host);
			said(line, service, raw);
		},
		end: () => sessions.endAll(),
	};
}

/** Whether somebody logged in, by the count of logins; where there is none (2.11), by the account of refused mail. */
function hasLoggedIn({ refused }: PostfixSession, counts: CommandCounts | null): boolean {
	return counts === null ? refused !== null : counts.auth > 0;
}

/** Null where the log does not have it. */
type SessionEnd = CommandCounts | 'not counted' | null;

function shapeOf({ tls }: PostfixSession, counts: SessionEnd): SessionShape {
	if (counts === null) return 'unended';
	if (counts === 'not counted') return 'untold';
	if (counts.starttls > 0) return 'starttls';
	return tls ? 'implicit' : 'no-starttls';
}

/** Whether a session may continue from one day to another: across midnight, but not across a week. */
function isNextTo(before: string, day: string): boolean {
	return before === day || Math.abs(daysBetween(before, day)) <= 1;
}
