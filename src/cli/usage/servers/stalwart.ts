/**
 * Stalwart: "2026-11-24T10:00:00Z INFO Authentication successful (auth.success) listenerId = "submissions", localPort = 465, remoteIp =
 * 192.0.2.7, …, accountName = "alice"". The port, or the listener's name, stands in the line.
 */
import type { EvidenceSink, ServiceKind, TlsMode } from '../evidence/submission.ts';
import type { LogLine } from '../forms/log-line.ts';
import { mailboxPort, submissionKind } from './port-kinds.ts';
import { reportSubmission, type ServerLog, type ServerReader } from './server-reader.ts';

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

/** The names of listeners in Stalwart's own configuration, for lines without a port. */
const KINDS: Readonly<Record<string, ServiceKind>> = { submissions: '465', smtps: '465', submission: '587', smtp: '25' };
const MAILBOXES: Readonly<Record<string, readonly ['imap' | 'pop3', TlsMode]>> = {
	imaptls: ['imap', 'implicit'],
	imaps: ['imap', 'implicit'],
	imap: ['imap', 'starttls'],
	pop3s: ['pop3', 'implicit'],
	pop3: ['pop3', 'starttls'],
};
/** Listeners that do not accept mail by SMTP. */
const OTHERS = /^(?:https?|jmap|sieve|managesieve|4190|443|80|8080)/;

function mailboxOf(port: number): readonly ['imap' | 'pop3', TlsMode] | undefined {
	const found = mailboxPort(port);
	return found === null ? undefined : [found.service, found.mode];
}

function textOf({ program, message }: LogLine): string {
	return program === '' ? message : `${program}: ${message}`;
}

function startStalwartLog(sink: EvidenceSink): ServerLog {
	return {
		line(line, raw) {
			const text = textOf(line).slice(0, 4000);
			const { day, time, host } = line;
			sink.read('Stalwart');
			const port = PORT.exec(text)?.[1];
			const listener = port ?? LISTENER.exec(text)?.[1] ?? '';
			const mailbox = port === undefined ? MAILBOXES[listener] : mailboxOf(Number(port));
			const kind = port === undefined ? (KINDS[listener] ?? 'other') : submissionKind(Number(port));
			if (kind !== '465') sink.whole(day, host);
			if (OTHERS.test(listener)) return;
			const success = SUCCESS.test(text);
			if (mailbox !== undefined) {
				if (success) sink.mailboxLogin(...mailbox);
				return;
			}
			sink.logged(day, host);
			sink.serviceSeen({ day, time, host, service: `Stalwart, ${listener}`, kind });
			if (!success) return;
			const [account, client] = [ACCOUNT.exec(text)?.[1] ?? '', CLIENT.exec(text)?.[1] ?? null];
			reportSubmission(sink, { line, raw, service: `Stalwart, ${listener}`, kind, shape: 'untold', account, client });
		},
		end: () => undefined,
	};
}
