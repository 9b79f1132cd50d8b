/** Lines that show only that a log is whole: one a day of each program and host is looked at, in logs of millions. */
import { describe, expect, it } from 'vitest';
import { createWitnessLines } from '../../../src/cli/usage/forms/witness-lines.ts';

const time = (nth: number) => `10:${String(Math.floor(nth / 60)).padStart(2, '0')}:${String(nth % 60).padStart(2, '0')}`;
const id = (nth: number) => `1tF4Xy-0000000${String(nth).padStart(4, '0')}-2EfG`;

describe('of a day, one line of a program on a host', () => {
	it.each<[form: string, line: (nth: number) => string]>([
		['Exim’s own file', (nth) => `2026-11-24 ${time(nth)} ${id(nth)} Completed`],
		['Exim’s own file, with zone and process id', (nth) => `2026-11-24 ${time(nth)}.123 +0100 [${nth + 1}] ${id(nth)} Completed`],
		['Exim through syslog', (nth) => `Nov 24 ${time(nth)} mx exim[${nth + 1}]: ${id(nth)} Completed`],
		['Exim in RFC 5424', (nth) => `<22>1 2026-11-24T${time(nth)}Z mx exim ${nth + 1} - - ${id(nth)} Completed`],
		['Dovecot’s own file', (nth) => `Nov 24 ${time(nth)} imap(alice)<${nth}><x>: Info: Disconnected: Logged out in=1 out=2`],
		[
			'Postfix in JSON',
			(nth) => `{"_HOSTNAME":"mx","_PID":"${nth}","MESSAGE":"x","SYSLOG_IDENTIFIER":"postfix/cleanup","day":"2026-11-24"}`,
		],
	])('%s', (_, line) => {
		const isWitness = createWitnessLines();
		expect(Array.from({ length: 600 }, (_, nth) => isWitness(line(nth))).filter(Boolean)).toHaveLength(1);
	});
});
