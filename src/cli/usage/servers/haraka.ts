/**
 * Haraka: "[NOTICE] [<uuid>] [core] connect ip=192.0.2.7 port=55885 local_ip=… local_port=587" and "… disconnect ip=… relay=Y … tls=Y …
 * msgs=1/0/0 …", joined by the session's UUID. relay=Y is a client that has logged in, or whose address may relay.
 */
import type { EvidenceSink } from '../evidence/submission.ts';
import { submissionKind } from './port-kinds.ts';
import { reportSubmission, type ServerLog, type ServerReader } from './server-reader.ts';
import { createSessions } from './sessions.ts';

export const harakaReader: ServerReader = {
	name: 'Haraka',
	setting: 'loglevel=notice in log.ini, so that “connect … local_port=” is logged',
	joinsSessions: false,
	claims: ({ message, program }) => SESSION_ID.test(message) || SESSION_ID.test(`${program}: ${message}`),
	start: startHarakaLog,
};

// A session's UUID, with the number of the transaction behind it.
const SESSION_ID = /\[([\dA-F]{8}-[\dA-F]{4}-[\dA-F]{4}-[\dA-F]{4}-[\dA-F]{12})(?:\.\d+)?\] \[/;
const LOCAL_PORT = / local_port=(\d{1,5})/;
const CLIENT = /^(?:connect|disconnect) ip=([\da-fA-F.:]+) /;
const USER = /(?:^|[ ,])(?:auth_user|user|authenticated)=["']?([^\s"',]+)/;

interface HarakaSession {
	port: string | null;
	account: string | null;
}

function startHarakaLog(sink: EvidenceSink): ServerLog {
	const sessions = createSessions<HarakaSession>(() => undefined);
	return {
		line(line, raw) {
			const whole = SESSION_ID.test(line.message) ? line.message : `${line.program}: ${line.message}`;
			const found = SESSION_ID.exec(whole);
			const id = found?.[1] ?? '';
			const text = behindPlugins(whole.slice((found?.index ?? 0) + (found?.[0].length ?? 0)));
			const { day, time, host } = line;
			sink.read('Haraka');
			sink.logged(day, host);
			const session = sessions.get(id) ?? { port: null, account: null };
			sessions.set(id, session);
			session.port = LOCAL_PORT.exec(text.slice(0, 400))?.[1] ?? session.port;
			session.account = /\bauth/.test(whole.slice(0, 120)) ? (USER.exec(text.slice(0, 600))?.[1] ?? session.account) : session.account;
			if (!text.startsWith('disconnect ')) return;
			if (session.port !== null && submissionKind(Number(session.port)) !== '465') sink.whole(day, host);
			sessions.take(id);
			if (!/ relay=(?:Y|true)(?: |$)/.test(text)) return;
			const kind = session.port === null ? 'hidden' : submissionKind(Number(session.port));
			const service = session.port === null ? 'Haraka' : `Haraka, port ${session.port}`;
			sink.serviceSeen({ day, time, host, service, kind });
			const client = CLIENT.exec(text)?.[1] ?? null;
			reportSubmission(sink, { line, raw, service, kind, shape: 'untold', account: session.account ?? '', client });
		},
		end: () => undefined,
	};
}

/** What stands behind "core] " or "plugin] [hook] ": one name in brackets, or two. */
function behindPlugins(text: string): string {
	const rest = text.slice(text.indexOf('] ') + 2);
	return rest.startsWith('[') ? rest.slice(rest.indexOf('] ') + 2) : rest;
}
