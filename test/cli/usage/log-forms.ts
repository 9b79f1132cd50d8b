/** A log in every form in which people have it: the same lines as each logging daemon, container runtime and pager writes them. */
import { bsdTimestamp } from './sample-logs.ts';

/** A line as rsyslog writes it with its own stamp: "2026-11-24T10:00:00.123456+00:00 mx postfix/smtpd[812]: …". */
interface SyslogLine {
	readonly stamp: string;
	readonly day: string;
	readonly time: string;
	readonly host: string;
	readonly program: string;
	readonly pid: string;
	readonly message: string;
}

const LINE = /^((\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})\S*) (\S+) ([^[\s]+)\[(\d+)\]: (.*)$/;

function parsed(log: string): readonly SyslogLine[] {
	return log.split('\n').flatMap((text) => {
		const match = LINE.exec(text);
		if (match === null) return [];
		const [, stamp = '', day = '', time = '', host = '', program = '', pid = '', message = ''] = match;
		return [{ stamp, day, time, host, program, pid, message }];
	});
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const weekday = (day: string) => DAYS[new Date(day).getUTCDay()] ?? '';
const bsd = (line: SyslogLine) => `${bsdTimestamp(line.day).slice(0, 6)} ${line.time}`;
const millis = (line: SyslogLine) => Date.parse(`${line.day}T${line.time}Z`);
const utc = (line: SyslogLine) => new Date(millis(line)).toISOString();
const syslog = (line: SyslogLine) => `${bsd(line)} ${line.host} ${line.program}[${line.pid}]: ${line.message}`;

function journalEntry(line: SyslogLine): Readonly<Record<string, string>> {
	return {
		__CURSOR: `s=1;i=${line.pid}`,
		__REALTIME_TIMESTAMP: String(millis(line) * 1000),
		_HOSTNAME: line.host,
		PRIORITY: '6',
		SYSLOG_IDENTIFIER: line.program,
		_PID: line.pid,
		MESSAGE: line.message,
	};
}

type Render = (line: SyslogLine) => string;

const RENDERERS: Readonly<Record<string, Render>> = {
	'syslog (RFC 3164)': syslog,
	'syslog with its priority': (line) => `<22>${syslog(line)}`,
	'syslog (RFC 5424)': (line) => `<22>1 ${line.stamp} ${line.host} ${line.program} ${line.pid} - - ${line.message}`,
	'syslog with a year before the month': (line) => `${line.day.slice(0, 4)} ${syslog(line)}`,
	'syslog with a year behind the day': (line) => syslog(line).replace(/^(.{6})/, `$1 ${line.day.slice(0, 4)}`),
	'syslog with a facility': (line) => `${bsd(line)} <mail.info> ${line.host} ${line.program}[${line.pid}]: ${line.message}`,
	Solaris: (line) => `${bsd(line)} ${line.host} ${line.program}[${line.pid}]: [ID 197553 mail.info] ${line.message}`,
	'OpenWrt’s logread': (line) =>
		`${weekday(line.day)} ${bsdTimestamp(line.day).slice(0, 6)} ${line.time} ${line.day.slice(0, 4)} mail.info ${line.program}[${line.pid}]: ${line.message}`,
	'journalctl -o short-precise': (line) => syslog(line).replace(/^(.{15})/, '$1.123456'),
	'journalctl -o short-full': (line) =>
		`${weekday(line.day)} ${line.day} ${line.time} UTC ${line.host} ${line.program}[${line.pid}]: ${line.message}`,
	'journalctl -o short-iso': (line) => `${line.day}T${line.time}+0000 ${line.host} ${line.program}[${line.pid}]: ${line.message}`,
	'journalctl -o short-iso-precise': (line) =>
		`${line.day}T${line.time}.123456+00:00 ${line.host} ${line.program}[${line.pid}]: ${line.message}`,
	'journalctl -o short-unix': (line) => `${millis(line) / 1000}.123456 ${line.host} ${line.program}[${line.pid}]: ${line.message}`,
	'journalctl -o json': (line) => JSON.stringify(journalEntry(line)),
	'journalctl -o json-seq': (line) => `\u001e${JSON.stringify(journalEntry(line))}`,
	'journalctl -o json-sse': (line) => `data: ${JSON.stringify(journalEntry(line))}\n`,
	'journalctl -o json-pretty': (line) =>
		`{\n${Object.entries(journalEntry(line))
			.map(([key, value]) => `\t${JSON.stringify(key)} : ${JSON.stringify(value)}`)
			.join(',\n')}\n}`,
	'journalctl -o export': (line) =>
		`${Object.entries(journalEntry(line))
			.map(([key, value]) => `${key}=${value}`)
			.join('\n')}\n`,
	'journalctl -o json, messages as bytes': (line) => JSON.stringify({ ...journalEntry(line), MESSAGE: [...Buffer.from(line.message)] }),
	'docker compose logs': (line) => `postfix-mailcow_1     | ${syslog(line)}`,
	'docker compose logs, new names': (line) =>
		`mailserver-postfix-1  | ${line.stamp} ${line.host} ${line.program}[${line.pid}]: ${line.message}`,
	'docker logs -t': (line) => `${utc(line).replace('Z', '000000Z')} ${syslog(line)}`,
	'Docker’s json-file': (line) => JSON.stringify({ log: `${syslog(line)}\n`, stream: 'stdout', time: utc(line) }),
	'Kubernetes (CRI)': (line) => `${utc(line).replace('Z', '000000Z')} stdout F ${syslog(line)}`,
	'kubectl logs --prefix': (line) => `[pod/mail-0/postfix] ${syslog(line)}`,
	'Loki (logcli -o jsonl)': (line) => JSON.stringify({ labels: { job: 'mail' }, line: syslog(line), timestamp: utc(line) }),
	Filebeat: (line) => JSON.stringify({ '@timestamp': utc(line), host: { name: 'shipper' }, message: syslog(line) }),
	'Filebeat’s syslog input': (line) =>
		JSON.stringify({
			'@timestamp': utc(line),
			host: { hostname: line.host },
			process: { name: line.program, pid: Number(line.pid) },
			message: line.message,
		}),
	'colours of a pager': (line) =>
		`\u001b[32m${bsd(line)}\u001b[0m ${line.host} \u001b[1;34m${line.program}[${line.pid}]\u001b[0m: ${line.message}`,
	'CRLF at the ends': (line) => `${syslog(line)}\r`,
	'IPv6 with a zone': (line) => syslog(line).replaceAll(/\[(\d+\.\d+\.\d+\.\d+)\]/g, '[fe80::1%eth0]'),
};

/** Forms that change what a line says of its client: sessions are counted alike, and by other names. */
export const FORM_NAMES = Object.keys(RENDERERS);

/** The log in one of the forms; lines that are no lines of syslog are left out. */
export function inForm(name: string, log: string): string {
	const render = RENDERERS[name];
	if (render === undefined) throw new Error(`no form ${name}`);
	return `${parsed(log).map(render).join('\n')}\n`;
}

/** Without process ids, as some daemons' own logs have it: sessions are joined by their client then. */
export function withoutProcessIds(log: string): string {
	return log.replaceAll(/^(\S+ \S+ [^[\s]+)\[\d+\]: /gm, '$1: ');
}
