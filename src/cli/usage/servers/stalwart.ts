/**
 * Stalwart: "2026-11-24T10:00:00Z INFO Authentication successful (auth.success) listenerId = "submissions", localPort = 465, remoteIp =
 * 192.0.2.7, …, accountName = "alice"". The port, or the listener's name, stands in the line.
 */
import type { EvidenceSink, ServiceKind, TlsMode } from '../evidence/submission.ts';
import type { LogLine } from '../forms/log-line.ts';
import { fieldValue } from './field-value.ts';
import { mailboxPort, submissionKind } from './port-kinds.ts';
import { reportSubmission, type ServerLog, type ServerReader } from './server-reader.ts';

export const stalwartReader: ServerReader = {
	name: 'Stalwart',
	setting: 'log at level info, and name the listeners submissions and submission',
	joinsSessions: false,
	claims: (line) => textOf(line).includes('listenerId = '),
	start: startStalwartLog,
};

const field = (text: string, name: string) => fieldValue(text, ` ${name} = `, '",');

const SUCCESS = / \(auth\.success\) /;
/** A message was taken from somebody who had not logged in, such as a machine whose address may relay. */
const QUEUED = / \(queue\.(?:queue-message|message-queued)\) /;

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
			const port = field(text, 'localPort');
			const listener = port ?? field(text, 'listenerId') ?? '';
			const mailbox = port === null ? MAILBOXES[listener] : mailboxOf(Number(port));
			const kind = port === null ? (KINDS[listener] ?? 'other') : submissionKind(Number(port));
			const success = SUCCESS.test(text);
			const isQueued = QUEUED.test(text);
			if (kind !== '465' && (success || isQueued)) sink.whole(day, host);
			if (OTHERS.test(listener)) return;
			if (mailbox !== undefined) {
				if (success) sink.mailboxLogin(...mailbox);
				return;
			}
			sink.logged(day, host);
			sink.serviceSeen({ day, time, host, service: `Stalwart, ${listener}`, kind });
			if (!success && !(isQueued && (kind === '587' || kind === 'other'))) return;
			const [account, client] = [success ? (field(text, 'accountName') ?? '') : null, field(text, 'remoteIp')];
			reportSubmission(sink, { line, raw, service: `Stalwart, ${listener}`, kind, shape: 'untold', account, client });
		},
		end: () => undefined,
	};
}
