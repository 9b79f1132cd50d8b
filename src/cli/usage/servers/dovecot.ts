/**
 * Dovecot: as a submission server or proxy, and who reads mail. "dovecot: imap-login: Login: user=<alice@example.org>, method=PLAIN,
 * rip=192.0.2.7, lip=198.51.100.1, mpid=17, TLS, session=<…>"; in a log file of its own "imap-login: Info: Login: …". From 2.4 on it says
 * "Logged in:". lport= is there where login_log_format_elements has it: neither TLS nor anything else in the line tells the ports apart.
 */
import type { EvidenceSink } from '../evidence/submission.ts';
import type { LogLine } from '../forms/log-line.ts';
import { mailboxPort, submissionKind } from './port-kinds.ts';
import { reportSubmission, type ServerLog, type ServerReader } from './server-reader.ts';

export const dovecotReader: ServerReader = {
	name: 'Dovecot',
	setting: 'add lport=%{local_port} (2.3: lport=%a) to login_log_format_elements',
	joinsSessions: false,
	claims: ({ program, message }) => LOGIN_PROCESS.test(program) || (program === 'dovecot' && LOGIN_PROCESS.test(message.slice(0, 24))),
	start: startDovecotLog,
};

const LOGIN_PROCESS = /^(?:imap|pop3|submission)-login(?:$|: )/;

const LEVEL = /^(?:Info|Debug|Warning|Error): /;
const USER = ': user=<';
const REMOTE_IP = /, rip=([\da-fA-F.:]+)/;
const LOCAL_PORT = /, (?:lport|local_port)=(\d{1,5})/;

/** Other messages of submission-login: about sessions without a login, and about itself. */
const NO_LOGIN =
	/^(?:Disconnected|Aborted login|Login aborted|Connection (?:closed|queue full)|Maximum number of connections|Internal login failure|auth |Auth|Error|Warning|Fatal|Panic|Debug|SSL|TLS|read\(|write\(|master|Disconnecting|proxy\([^()]{0,320}\): (?!started))/;

function startDovecotLog(sink: EvidenceSink): ServerLog {
	return {
		line(line, raw) {
			const [service = '', text] = serviceAndText(line);
			sink.read('Dovecot');
			const success = successOf(text);
			const client = success === null ? undefined : REMOTE_IP.exec(success.rest)?.[1];
			const port = LOCAL_PORT.exec(text)?.[1];
			const { day, time, host } = line;
			if (success === null) sink.dovecotOthers(day, host);
			if (service !== 'submission') {
				if (success === null) return;
				sink.whole(day, host);
				if (client !== undefined)
					sink.mailboxLogin(
						service === 'imap' ? 'imap' : 'pop3',
						port === undefined ? 'unknown' : (mailboxPort(Number(port))?.mode ?? 'unknown'),
					);
				return;
			}
			const kind = port === undefined ? 'hidden' : submissionKind(Number(port));
			const name = port === undefined ? 'submission-login' : `submission-login, port ${port}`;
			sink.logged(day, host);
			if (kind !== '465' && success !== null) sink.whole(day, host);
			if (port !== undefined) sink.serviceSeen({ day, time, host, service: name, kind });
			if (success !== null && client !== undefined)
				reportSubmission(sink, { line, raw, service: name, kind, shape: 'untold', account: success.account, client });
			else if (!NO_LOGIN.test(text)) sink.unread(day, host, raw);
		},
		end: () => undefined,
	};
}

/** The service and its message, whether the program is called "dovecot" or "submission-login". */
function serviceAndText({ program, message }: LogLine): readonly [string, string] {
	const own = LOGIN_PROCESS.test(program);
	const text = own ? message : message.slice(message.indexOf(': ') + 2);
	const process = own ? program : message;
	return [process.slice(0, process.indexOf('-')), LEVEL.test(text) ? text.replace(LEVEL, '') : text];
}

interface Success {
	readonly account: string;
	/** What stands behind the account, where no client has written anything. */
	readonly rest: string;
}

/**
 * 2.3: "Login: user=<…>", "proxy(alice): started proxying to 127.0.0.1:587: user=<…>"; 2.3.21 and 2.4: "Started proxying to remote host …: user=<…>", "Logged in: user=<…>". Null
 * for anything else.
 */
function successOf(text: string): Success | null {
	const at = text.indexOf(USER);
	const end = text.indexOf('>', at);
	if (at < 0 || end < 0) return null;
	const event = text.slice(0, at);
	const isSuccess = event === 'Login' || event === 'Logged in' || /[Ss]tarted proxying to /.test(event);
	return isSuccess ? { account: text.slice(at + USER.length, end), rest: text.slice(end) } : null;
}
