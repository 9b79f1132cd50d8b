/**
 * Stalwart: "2026-11-24T10:00:00Z INFO Authentication successful (auth.success) listenerId = "submissions", localPort = 465, remoteIp = 192.0.2.7, …, accountName = "alice"". The port, or the
 * listener's name, stands in the line.
 */
import type { EvidenceSink, ServiceKind, TlsMode } from '../evidence/submission.ts';
import type { LogLine } from '../forms/log-line.ts';
import type { ServerLog, ServerReader } from './server-reader.ts';

export const stalwartReader: ServerReader = {
	name: 'Stalwart',
	setting: 'log at level info, and name the listeners submissions and submission',
	joinsSessions: false,
	claims: (line) => textOf(line).includes('listenerId = '),
	start: startStalwartLog,
};

const SUCCESS = / \(auth\.success\) /;
const FIELD = (name: string) => new RegExp(`[ ,]${name} = "?([^",]{1,254})`);
const [LISTENER, PORT, CLIENT, ACCOUNT] = [FIELD('listenerId'), FIELD('localPort'), FIELD('remoteIp'), FIELD('accountName')];

const KINDS: Readonly<Record<string, ServiceKind>> = {
	'465': '465',
	submissions: '465',
	smtps: '465',
	'587': '587',
	submission: '587',
	'25': '25',
	smtp: '25',
};
const MAILBOXES: Readonly<Record<string, readonly ['imap' | 'pop3', TlsMode]>> = {
	imaptls: ['imap', 'implicit'],
	imaps: ['imap', 'implicit'],
	'993': ['imap', 'implicit'],
	imap: ['imap', 'starttls'],
	'143': ['imap', 'starttls'],
	pop3s: ['pop3', 'implicit'],
	'995': ['pop3', 'implicit'],
	pop3: ['pop3', 'starttls'],
	'110': ['pop3', 'starttls'],
};
/** Listeners over which nobody submits mail by SMTP. */
const OTHERS = /^(?:https?|jmap|sieve|managesieve|4190|443|80|8080)/;

function textOf({ program, message }: LogLine): string {
	return program === '' ? message : `${program}: ${message}`;
}

function startStalwartLog(sink: EvidenceSink): ServerLog {
	return {
		line(line, raw) {
			const text = textOf(line).slice(0, 4000);
			const { day, time, host } = line;
			sink.read('Stalwart');
			const listener = PORT.exec(text)?.[1] ?? LISTENER.exec(text)?.[1] ?? '';
			if (OTHERS.test(listener)) return;
			const mailbox = MAILBOXES[listener];
			const success = SUCCESS.test(text);
			if (mailbox !== undefined) {
				if (success) sink.mailboxLogin(...mailbox);
				return;
			}
			const kind = KINDS[listener] ?? 'other';
			sink.logged(day, host, true);
			sink.serviceSeen({ day, time, host, service: `Stalwart, ${listener}`, kind });
			if (!success) return;
			const [account, client] = [ACCOUNT.exec(text)?.[1] ?? '', CLIENT.exec(text)?.[1] ?? null];
			sink.submission({
				day,
				time,
				host,
				service: `Stalwart, ${listener}`,
				kind,
				shape: 'untold',
				account,
				client,
				certificate: false,
				count: 1,
				line: raw,
			});
		},
		end: () => undefined,
	};
}
