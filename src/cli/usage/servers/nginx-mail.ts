/** nginx as a mail proxy, as in Mailu: "*712 client logged in, client: 192.0.2.7, server: 0.0.0.0:587, login: "alice@example.org", upstream: …", at error_log's level info. */
import type { EvidenceSink, ServiceKind, TlsMode } from '../evidence/submission.ts';
import type { ServerLog, ServerReader } from './server-reader.ts';

export const nginxReader: ServerReader = {
	name: 'nginx (mail proxy)',
	setting: 'error_log … info; in nginx, whose “client logged in” names the port',
	joinsSessions: false,
	claims: ({ program, message }) =>
		program === 'nginx' && / (?:client logged in|client \S{1,60} connected to|client login failed)/.test(message.slice(0, 200)),
	start: startNginxLog,
};

const LOGGED_IN =
	/^\[\w+\] \*\d+ client logged in, client: ([\da-fA-F.:]{2,45}), server: (?:[\d.]{7,15}|\[[\da-fA-F:.]{2,45}\]):(\d{1,5}), login: "([^"]{1,320})"/;

const KINDS: Readonly<Record<string, ServiceKind>> = { '465': '465', '587': '587', '25': '25' };
const MAILBOXES: Readonly<Record<string, readonly ['imap' | 'pop3', TlsMode]>> = {
	'993': ['imap', 'implicit'],
	'143': ['imap', 'starttls'],
	'995': ['pop3', 'implicit'],
	'110': ['pop3', 'starttls'],
};

function startNginxLog(sink: EvidenceSink): ServerLog {
	return {
		line(line, raw) {
			const { day, time, host, message } = line;
			sink.read('nginx (mail proxy)');
			sink.logged(day, host, true);
			const login = LOGGED_IN.exec(message);
			if (login === null) {
				if (message.includes(' client logged in')) sink.unread(day, host, raw);
				return;
			}
			const [, client = '', port = '', account = ''] = login;
			const mailbox = MAILBOXES[port];
			if (mailbox !== undefined) return sink.mailboxLogin(...mailbox);
			const kind = KINDS[port] ?? 'other';
			const service = `nginx, port ${port}`;
			sink.serviceSeen({ day, time, host, service, kind });
			sink.submission({ day, time, host, service, kind, shape: 'untold', account, client, certificate: false, count: 1, line: raw });
		},
		end: () => undefined,
	};
}
