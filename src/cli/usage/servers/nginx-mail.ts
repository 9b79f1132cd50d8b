/**
 * nginx as a mail proxy, as in Mailu: "*712 client logged in, client: 192.0.2.7, server: 0.0.0.0:587, login: "alice@example.org", upstream:
 * …", at error_log's level info.
 */
import type { EvidenceSink } from '../evidence/submission.ts';
import { mailboxPort, submissionKind } from './port-kinds.ts';
import { reportSubmission, type ServerLog, type ServerReader } from './server-reader.ts';

export const nginxReader: ServerReader = {
	name: 'nginx (mail proxy)',
	setting: 'error_log … info; in nginx, whose “client logged in” names the port',
	joinsSessions: false,
	claims: ({ program, message }) =>
		program === 'nginx' && / client (?:logged in|login failed|\S+ connected to)/.test(message.slice(0, 200)),
	start: startNginxLog,
};

const LOGGED_IN =
	/^\[\w+\] \*\d+ client logged in, client: ([\da-fA-F.:]+), server: (?:[\d.]+|\[[\da-fA-F:.]+\]):(\d{1,5}), login: "([^"]+)"/;

function startNginxLog(sink: EvidenceSink): ServerLog {
	return {
		line(line, raw) {
			const { day, time, host, message } = line;
			sink.read('nginx (mail proxy)');
			const login = LOGGED_IN.exec(message);
			if (login !== null && submissionKind(Number(login[2])) !== '465') sink.whole(day, host);
			if (login === null) {
				sink.logged(day, host);
				if (message.includes(' client logged in')) sink.unread(day, host, raw);
				return;
			}
			const [, client = '', port = '', account = ''] = login;
			const mailbox = mailboxPort(Number(port));
			if (mailbox !== null) return sink.mailboxLogin(mailbox.service, mailbox.mode);
			sink.logged(day, host);
			const kind = submissionKind(Number(port));
			const service = `nginx, port ${port}`;
			sink.serviceSeen({ day, time, host, service, kind });
			sink.proxyLogin({ day, client, account });
			reportSubmission(sink, { line, raw, service, kind, shape: 'untold', account, client });
		},
		end: () => undefined,
	};
}
