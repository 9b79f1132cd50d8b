/**
 * Exim's main log: "2026-11-24 10:00:00 1abc… <= alice@example.org H=(x) [192.0.2.7]:52110 I=[192.0.2.25]:465 P=esmtpsa X=TLS1.3:…
 * A=plain_login:alice@example.org S=…", and lines of mail that was refused, with the same fields. The port stands behind I=, where
 * log_selector has +incoming_interface; P=esmtpsa says TLS and a login, on whatever port.
 */
import type { EvidenceSink, SessionShape } from '../evidence/submission.ts';
import { submissionKind } from './port-kinds.ts';
import { createWholeDays, reportSubmission, type ServerLog, type ServerReader } from './server-reader.ts';

export const eximReader: ServerReader = {
	name: 'Exim',
	setting: 'log_selector = +incoming_interface +incoming_port',
	joinsSessions: false,
	claims: ({ program, message }) =>
		/^exim\d?$/.test(program) || (program === '' && EVENT.test(message)) || ARRIVAL.test(message) || REFUSAL.test(message),
	start: startEximLog,
};

// "1tF4Xy-000abc-2E" until 4.96, "1tF4Xy-0000000abc1-2EfG" since 4.97; "[812]" before it with log_selector = +pid. Through syslog the stamp
// may stand there again.
const STAMP = /^(?:\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?: [+-]\d{4})? )?(?:\[\d{1,10}\] )?/;
const MESSAGE_ID = /^[\dA-Za-z]{1,10}(?:-[\dA-Za-z]{1,12}-[\dA-Za-z]{1,6})? /;
const ARRIVAL =
	/^(?:\d{4}-\d{2}-\d{2} [\d:.]{8,15}(?: [+-]\d{4})? )?(?:\[\d{1,10}\] )?[\dA-Za-z]{1,10}(?:-[\dA-Za-z]{1,12}-[\dA-Za-z]{1,6})? <= /;
const REFUSAL =
	/^(?:\d{4}-\d{2}-\d{2} [\d:.]{8,15}(?: [+-]\d{4})? )?(?:\[\d{1,10}\] )?(?:[\dA-Za-z]{1,10}-[\dA-Za-z]{1,12}-[\dA-Za-z]{1,6} )?H=[^\n]{1,2000} (?:temporarily )?rejected /;

/** Other lines of Exim's log: deliveries, ends of messages, and messages about itself. */
const EVENT =
	/^(?:\[\d{1,10}\] )?(?:[\dA-Za-z]{1,10}-[\dA-Za-z]{1,12}-[\dA-Za-z]{1,6} (?:=>|->|==|\*\*|>>|Completed)|Start queue run|End queue run|exim \d|SMTP connection from|no host name found)/;

/** The fields that matter come before those that a sender can choose (T=, from <…>). */
const MAX_FIELDS_LENGTH = 2000;

function startEximLog(sink: EvidenceSink): ServerLog {
	const seeKind = createWholeDays(sink);
	return {
		line(line, raw) {
			const text = line.message.replace(STAMP, '').replace(MESSAGE_ID, '');
			sink.read('Exim');
			sink.logged(line.day, line.host);
			const arrived = text.startsWith('<= ');
			seeKind(line, arrived);
			const refused = /(?: temporarily)? rejected (?:RCPT|MAIL|DATA|after DATA|EHLO|VRFY|AUTH)/.exec(text);
			if (!arrived && refused === null) return;
			const fields = fieldsOf(arrived ? text.slice(3) : text.slice(0, refused?.index ?? 0));
			// Mail of the machine's own programs (U=, P=local), and a delivery report, which has no host.
			if (fields.host === null) return;
			// A client that was refused without a login has submitted nothing.
			if (!arrived && fields.account === null) return;
			const { day, time, host } = line;
			const kind = fields.port === null ? 'hidden' : submissionKind(Number(fields.port));
			const service = fields.port === null ? 'Exim' : `Exim, port ${fields.port}`;
			sink.serviceSeen({ day, time, host, service, kind });
			const { account, host: client } = fields;
			reportSubmission(sink, { line, raw, service, kind, shape: shapeOf(fields.protocol), account, client });
		},
		end: () => undefined,
	};
}

/** P=esmtpsa is a login over TLS, esmtpa one without TLS, which is possible on 587 or 25 only. */
function shapeOf(protocol: string): SessionShape {
	return /^e?smtpa?$/.test(protocol) ? 'starttls' : 'untold';
}

interface Fields {
	readonly host: string | null;
	readonly port: string | null;
	readonly protocol: string;
	readonly account: string | null;
}

/**
 * Reads "H=… [address]:port I=[address]:port P=… A=driver:account". The HELO name stands in parentheses and may hold anything: fields are
 * taken from behind it.
 */
function fieldsOf(text: string): Fields {
	const line = text.slice(0, MAX_FIELDS_LENGTH);
	const start = / H=/.exec(` ${line}`)?.index ?? -1;
	const rest = start < 0 ? '' : line.slice(start);
	const host = /\[([\da-fA-F.:]+)\](?::\d{1,5})?(?= |$)/.exec(rest);
	const behind = host === null ? '' : rest.slice(host.index + host[0].length);
	const port = /^(?: \S{1,300}){0,8}? I=\[[\da-fA-F.:]+\]:(\d{1,5})(?= |$)/.exec(behind)?.[1] ?? null;
	const protocol = / P=(\w{1,20})(?= |$)/.exec(behind)?.[1] ?? '';
	const login = / A=[\w-]{1,64}(?::(\S{1,254}))?(?= |$)/.exec(behind);
	return { host: host?.[1] ?? null, port, protocol, account: login === null ? null : (login[1] ?? '') };
}
