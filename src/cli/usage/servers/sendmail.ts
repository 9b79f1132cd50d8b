/**
 * Sendmail: "sm-mta[812]: AUTH=server, relay=c.example.net [192.0.2.7], authid=alice, mech=PLAIN, bits=256" and "sm-mta[812]: 4AO…:
 * from=<…>, …, daemon=MSA, relay=… [192.0.2.7]". The daemon's name stands for the port: MSA is 587's and TLSMTA 465's, as sendmail.mc's
 * DAEMON_OPTIONS have them. One process serves one session.
 */
import { isIP } from 'node:net';
import type { EvidenceSink, ServiceKind } from '../evidence/submission.ts';
import type { LogLine } from '../forms/log-line.ts';
import { createWholeDays, reportSubmission, type ServerLog, type ServerReader } from './server-reader.ts';
import { createSessions } from './sessions.ts';

export const sendmailReader: ServerReader = {
	name: 'Sendmail',
	setting: 'DAEMON_OPTIONS(`Port=submission, Name=MSA, M=E’) and DAEMON_OPTIONS(`Port=smtps, Name=TLSMTA, M=s’) in sendmail.mc',
	joinsSessions: true,
	claims: ({ program }) => /^(?:sm-mta|sendmail|sm-msp-queue|sm-acceptingconnections)$/.test(program),
	start: startSendmailLog,
};

const KINDS: Readonly<Record<string, ServiceKind>> = {
	MSA: '587',
	'MSA-V4': '587',
	'MSA-V6': '587',
	TLSMTA: '465',
	'TLSMTA-V4': '465',
	'TLSMTA-V6': '465',
	SMTPS: '465',
	MTA: '25',
	'MTA-V4': '25',
	'MTA-V6': '25',
};

const AUTHID = /, authid=([^,\s]+)/;
const DAEMON = /, daemon=([\w-]{1,40})/;

interface Login {
	readonly account: string;
	readonly client: string | null;
	readonly first: LogLine;
	readonly raw: string;
	used: boolean;
}

function startSendmailLog(sink: EvidenceSink): ServerLog {
	const seeKind = createWholeDays(sink);
	// A login without mail does not log its port.
	const logins = createSessions<Login>(({ used, first, account, client, raw }) => {
		if (used) return;
		reportSubmission(sink, { line: first, raw, service: 'Sendmail', kind: 'hidden', shape: 'untold', account, client });
	});
	return {
		line(line, raw) {
			const { day, time, host, pid, message } = line;
			sink.read('Sendmail');
			sink.logged(day, host);
			const text = message.slice(0, 2000);
			const authid = text.includes('AUTH=server') ? AUTHID.exec(text)?.[1] : undefined;
			if (authid !== undefined)
				logins.set(`${host}|${pid}`, { account: authid, client: relayOf(text), first: line, raw, used: !sink.isNew(line) });
			const arrived = /^\w{8,20}: from=/.test(text);
			if (arrived || authid === undefined) seeKind(line, arrived);
			if (!arrived) return;
			const daemon = DAEMON.exec(text)?.[1];
			const login = logins.get(`${host}|${pid}`);
			const kind = daemon === undefined ? 'hidden' : (KINDS[daemon.toUpperCase()] ?? 'other');
			if (daemon === undefined && login === undefined) return;
			if (login !== undefined) login.used = true;
			if (!sink.isNew(line)) return;
			const service = `Sendmail, daemon ${daemon ?? 'not named'}`;
			sink.serviceSeen({ day, time, host, service, kind });
			const client = login?.client ?? relayOf(text);
			reportSubmission(sink, { line, raw, service, kind, shape: 'untold', account: login?.account ?? null, client });
		},
		end: () => logins.endAll(),
	};
}

/** The address in ", relay=c.example.net [192.0.2.7]" and ", relay=[IPv6:2001:db8::1]". */
function relayOf(text: string): string | null {
	const at = text.indexOf(', relay=');
	const open = text.indexOf('[', at);
	const close = text.indexOf(']', open);
	if (at < 0 || open < 0 || close < 0 || text.slice(at + 2, open).includes(',')) return null;
	const address = text.slice(open + 1, close).replace(/^IPv6:/, '');
	return isIP(address) === 0 ? null : address;
}
