/** Logs as servers write them, by the day. */

import { createLogCounter, type LogCounter } from '../../../src/cli/usage/evidence/log-counter.ts';
import type { LogCounts } from '../../../src/cli/usage/evidence/log-counts.ts';
import { createLogReader } from '../../../src/cli/usage/forms/read-log.ts';
import { settingOf } from '../../../src/cli/usage/servers/servers.ts';
import { addDays } from '../../../src/lib/time.ts';

export const TODAY = '2026-11-24';

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

export function rfc3339Timestamp(day: string): string {
	return `${day}T12:00:00.123456+00:00`;
}

export function bsdTimestamp(day: string): string {
	const [, month, date] = day.split('-').map(Number);
	return `${MONTHS[(month ?? 1) - 1]} ${String(date).padStart(2)} 12:00:00`;
}

let queued = 0;

/** A queue id: no two messages have the same. */
function queueId(): string {
	queued += 1;
	return `4F${queued.toString(16).toUpperCase().padStart(6, '0')}`;
}

/** A submission through the service with that name in master.cf; '' stands for a service without a name. */
export function submissionLine(stamp: string, service: string, account = 'alice@example.org', client = '192.0.2.7'): string {
	const tag = service === '' ? 'postfix/smtpd' : `postfix/${service}/smtpd`;
	return `${stamp} mx ${tag}[812]: ${queueId()}: client=c.example.net[${client}], sasl_method=PLAIN, sasl_username=${account}\n`;
}

/** Somebody on port 25, and the queue manager: no submission, but proof that there is a whole log of the day. */
export function connectLine(stamp: string): string {
	return `${stamp} mx postfix/smtpd[7]: connect from unknown[198.51.100.9]\n${stamp} mx postfix/smtpd[7]: disconnect from unknown[198.51.100.9] ehlo=1 quit=1 commands=2\n${stamp} mx postfix/qmgr[5]: 4F2A90: removed\n`;
}

/** Somebody on 465, under its name: without such a line nobody can tell whether 465 has 587's name. */
export function knockOn465(stamp: string): string {
	return `${stamp} mx postfix/submissions/smtpd[8]: connect from unknown[198.51.100.9]\n`;
}

/** The days before TODAY and itself, the oldest first. */
export function lastDays(count: number, today = TODAY): readonly string[] {
	return Array.from({ length: count }, (_, at) => addDays(today, at - count + 1));
}

/** Each day's submissions over 465, and over 587 where `over587` says so. */
export function sampleLog(count: number, over587: (day: string, ago: number) => number, stamp = rfc3339Timestamp, today = TODAY): string {
	return lastDays(count, today)
		.map((day, at) => {
			const used = Array.from({ length: over587(day, count - 1 - at) }, (_, nth) =>
				submissionLine(stamp(day), 'submission', `user${nth}@example.org`, `192.0.2.${nth + 10}`),
			);
			return (
				connectLine(stamp(day)) +
				Array.from({ length: 2 + (at % 3) }, () => submissionLine(stamp(day), 'submissions')).join('') +
				used.join('')
			);
		})
		.join('');
}

/** The lines of several logs as one server writes them: day by day. */
export function inOrder(...logs: readonly string[]): string {
	const lines = logs.flatMap((log) => log.match(/.*\n/g) ?? []);
	return lines
		.toSorted((one, other) => (one.slice(0, 10) < other.slice(0, 10) ? -1 : Number(one.slice(0, 10) > other.slice(0, 10))))
		.join('');
}

/** Reads pieces of bytes as one stream. */
export async function countLog(pieces: readonly (string | Uint8Array)[], today = TODAY): Promise<LogCounts> {
	return countLogs([pieces], today);
}

/** Reads several logs, each in pieces. */
export async function countLogs(
	logs: readonly (readonly (string | Uint8Array)[])[],
	today = TODAY,
	{ tlsOnly = false, room = 20_000 } = {},
): Promise<LogCounts> {
	const counter = createLogCounter({ room });
	const reader = createLogReader(counter);
	for (const pieces of logs) await reader.read(streamOf(pieces), { today, lastWritten: today });
	reader.end();
	return resultOf(counter, tlsOnly);
}

export function resultOf(counter: LogCounter, tlsOnly = false): LogCounts {
	return counter.result({ tlsOnly, settingOf });
}

async function* streamOf(pieces: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
	for (const piece of pieces) yield Buffer.from(piece);
}
