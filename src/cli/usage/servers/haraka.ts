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
	claims: ({ message, program }) => EVENT.test(message) || EVENT.test(`${program}: ${message}`),
	start: startHarakaLog,
};

const EVENT = /\[([\dA-F]{8}-[\dA-F-]{27})(?:\.\d+)?\] \[[\w./-]{1,60}\] (?:\[[\w./-]{1,60}\] )?(.*)$/;
const LOCAL_PORT = / local_port=(\d{1,5})/;
const CLIENT = /^(?:connect|disconnect) ip=([\da-fA-F.:]{2,45}) /;
const USER = /(?:^|[ ,])(?:auth_user|user|authenticated)=["']?([^\s"',]{1,254})/;

interface Session {
	port: string | null;
	account: string | null;
}

function startHarakaLog(sink: EvidenceSink): ServerLog {
	const sessions = createSessions<Session>(() => undefined);
	return {
		line(line, raw) {
			const whole = EVENT.test(line.message) ? line.message : `${line.program}: ${line.message}`;
			const [, id = '', text = ''] = EVENT.exec(whole) ?? [];
			const { day, time, host } = line;
			sink.read('Haraka');
			sink.logged(day, host);
			const session = sessions.get(id) ?? { port: null, account: null };
			sessions.set(id, session);
			session.port = LOCAL_PORT.exec(text.slice(0, 400))?.[1] ?? session.port;
			session.account = /\bauth/.test(whole.slice(0, 120)) ? (USER.exec(text.slice(0, 600))?.[1] ?? session.account) : session.account;
			const isOver465 = session.port !== null && submissionKind(Number(session.port)) === '465';
			if (!isOver465) sink.whole(day, host);
			if (!text.startsWith('disconnect ')) return;
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
