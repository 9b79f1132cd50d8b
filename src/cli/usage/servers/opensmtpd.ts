/**
 * OpenSMTPD: "smtpd[812]: 57e30c6ad1add90a smtp connected address=192.0.2.7 host=c.example.net", "… smtp authentication user=alice … result=ok", "… smtp message msgid=…". Sessions
 * are joined by their number. The log does not say which listener took the session: with two of them nobody can tell.
 */
import type { EvidenceSink } from '../evidence/submission.ts';
import type { ServerLog, ServerReader } from './server-reader.ts';
import { createSessions } from './sessions.ts';

export const openSmtpdReader: ServerReader = {
	name: 'OpenSMTPD',
	setting: 'OpenSMTPD’s log never names the port: count new connections to 587 in the firewall (pf or nftables) instead',
	joinsSessions: false,
	claims: ({ program, message }) => program === 'smtpd' && EVENT.test(message),
	start: startOpenSmtpdLog,
};

const EVENT = /^([\da-f]{16}) smtp ([\w-]{1,30})(?: |$)/;
const FIELD = (name: string) => new RegExp(` ${name}=([^\\s]{1,254})`);
const [ADDRESS, USER, RESULT] = [FIELD('address'), FIELD('user'), FIELD('result')];

interface Session {
	client: string | null;
	account: string | null;
	readonly host: string;
}

function startOpenSmtpdLog(sink: EvidenceSink): ServerLog {
	const sessions = createSessions<Session>(() => undefined);
	return {
		line(line, raw) {
			const [, id = '', event = ''] = EVENT.exec(line.message) ?? [];
			const { day, time, host, message } = line;
			sink.read('OpenSMTPD');
			sink.logged(day, host, true);
			const key = `${host}|${id}`;
			const session = sessions.get(key) ?? { client: null, account: null, host };
			sessions.set(key, session);
			if (event === 'connected') session.client = ADDRESS.exec(message)?.[1] ?? null;
			if (event === 'disconnected' || event === 'closed') sessions.take(key);
			if (event !== 'authentication' || RESULT.exec(message)?.[1] !== 'ok') return;
			session.account = USER.exec(message)?.[1] ?? '';
			sink.submission({
				day,
				time,
				host,
				service: 'OpenSMTPD',
				kind: 'hidden',
				shape: 'untold',
				account: session.account,
				client: session.client,
				certificate: false,
				count: 1,
				line: raw,
			});
		},
		end: () => undefined,
	};
}
