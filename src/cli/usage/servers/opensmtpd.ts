/**
 * OpenSMTPD: "smtpd[812]: 57e30c6ad1add90a smtp connected address=192.0.2.7 host=c.example.net", "… smtp authentication user=alice …
 * result=ok", "… smtp message msgid=…"; before 6.4 "… smtp event=connected address=…". Sessions are joined by their number. The log does
 * not say which listener took the session: with two of them nobody can tell.
 */
import type { EvidenceSink } from '../evidence/submission.ts';
import type { LogLine } from '../forms/log-line.ts';
import { fieldValue } from './field-value.ts';
import { createWholeDays, reportSubmission, type ServerLog, type ServerReader } from './server-reader.ts';
import { createSessions } from './sessions.ts';

export const openSmtpdReader: ServerReader = {
	name: 'OpenSMTPD',
	setting: 'OpenSMTPD’s log never names the port: count new connections to 587 in the firewall (pf or nftables) instead',
	joinsSessions: false,
	claims: ({ program }) => program === 'smtpd',
	start: startOpenSmtpdLog,
};

const EVENT = /^([\da-f]{16}) smtp (?:event=)?([\w-]{1,30})(?: |$)/;

interface OpenSmtpdSession {
	client: string | null;
	account: string | null;
}

function startOpenSmtpdLog(sink: EvidenceSink): ServerLog {
	const sessions = createSessions<OpenSmtpdSession>(() => undefined);
	const seeKind = createWholeDays(sink);

	function report(line: LogLine, raw: string, { account, client }: OpenSmtpdSession): void {
		reportSubmission(sink, { line, raw, service: 'OpenSMTPD', kind: 'hidden', shape: 'untold', account, client });
	}

	return {
		line(line, raw) {
			const { day, host, message } = line;
			const [, id, event = ''] = EVENT.exec(message) ?? [];
			sink.read('OpenSMTPD');
			seeKind(line, event === 'message' || event === 'authentication');
			if (id === undefined) {
				if (message.startsWith('smtp-in: ') && /authentication|[Mm]essage/.test(message)) sink.unread(day, host, raw);
				return;
			}
			sink.logged(day, host);
			const key = `${host}|${id}`;
			const session = sessions.get(key) ?? { client: null, account: null };
			sessions.set(key, session);
			if (event === 'connected') session.client = fieldValue(message, ' address=', ' ');
			if (event === 'disconnected' || event === 'closed') sessions.take(key);
			// Mail without a login is other servers' mail over 25, or a device's submission. It is reported once for each session.
			if (event === 'message' && session.account === null) report(line, raw, session);
			if (event !== 'authentication' || fieldValue(message, ' result=', ' ') !== 'ok') return;
			session.account = fieldValue(message, ' user=', ' ') ?? '';
			report(line, raw, session);
		},
		end: () => undefined,
	};
}
