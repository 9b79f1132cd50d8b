/** The same log in every form counts the same. */
import { spawnSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { LogCounts } from '../../../src/cli/usage/evidence/log-counts.ts';
import { FORM_NAMES, inForm, withoutProcessIds } from './log-forms.ts';
import { queueManagerLine, session } from './random-logs.ts';
import { countLog, countLogs, knockOn465, lastDays, TODAY } from './sample-logs.ts';

const DAYS = lastDays(12);

const LOG = DAYS.map((day, at) =>
	[
		queueManagerLine(day),
		session({ day, tag: 'postfix/submissions/smtpd', pid: 500, account: 'alice@example.org', tls: 'implicit' }),
		session({ day, tag: 'postfix/submission/smtpd', pid: 600 + at, account: `user${at % 3}@example.org`, tls: 'starttls' }),
		session({ day, tag: 'postfix/submission/smtpd', pid: 700, client: '10.0.0.9', account: null, tls: 'starttls', time: '11:00:00' }),
	].join(''),
).join('');

const essence = ({ days, submission, accounts, doubts }: LogCounts) => ({
	days: days.map(({ day, counts, covered }) => ({ day, counts, covered })),
	submission,
	accounts,
	doubts: [doubts.port.count, doubts.line.count, doubts.suppressed.count],
});

const WANTED = {
	submission: { implicit: 12, starttls: 24, unknown: 0 },
	accounts: [4, 4, 4],
	days: 12,
};

describe('lines', () => {
	it('as they are', async () => {
		const { submission, accounts, days } = await countLog([LOG]);
		expect({ submission, accounts: accounts.map(({ count }) => count), days: days.length }).toEqual(WANTED);
	});

	it.each(FORM_NAMES)('%s', async (name) => {
		expect(essence(await countLog([inForm(name, LOG)]))).toEqual(essence(await countLog([LOG])));
	});

	// https://systemd.io/JOURNAL_EXPORT_FORMATS: what has control characters comes with its length, which may have any byte.
	it.each([
		['of ten bytes: its length is a line feed', 'x'.repeat(10)],
		['of thirteen bytes: its length is a carriage return', 'x'.repeat(13)],
		['of 266 bytes', 'x'.repeat(266)],
		['of 2,570 bytes', 'x'.repeat(2570)],
		['of several lines', 'first\nMESSAGE=second\n\n__CURSOR=third\r\n{'],
		['that ends in a line feed', 'last\n'],
		['without any byte', ''],
	])('journalctl -o export, beside fields in binary form %s', async (_, text) => {
		const other = Buffer.from(text);
		const length = Buffer.alloc(8);
		length.writeBigUInt64LE(BigInt(other.length));
		const field = (name: string) => Buffer.concat([Buffer.from(`${name}\n`), length, other, Buffer.from('\n')]);
		const exported = inForm('journalctl -o export', LOG).trim().split('\n\n');
		const pieces = exported.flatMap((each) => [
			Buffer.from(`${each}\n`),
			field('_CMDLINE'),
			Buffer.from('\n__CURSOR=s=1\nSYSLOG_IDENTIFIER=other\n'),
			field('MESSAGE'),
			Buffer.from('\n'),
		]);
		expect(essence(await countLog(pieces))).toEqual(essence(await countLog([LOG])));
	});

	it('journalctl -o export, its own messages in binary form', async () => {
		const pieces = inForm('journalctl -o export', LOG)
			.split('\n')
			.map((line) => {
				if (!line.startsWith('MESSAGE=')) return Buffer.from(`${line}\n`);
				const message = Buffer.from(line.slice('MESSAGE='.length));
				const length = Buffer.alloc(8);
				length.writeBigUInt64LE(BigInt(message.length));
				return Buffer.concat([Buffer.from('MESSAGE\n'), length, message, Buffer.from('\n')]);
			});
		expect(essence(await countLog(pieces))).toEqual(essence(await countLog([LOG])));
	});

	it('without process ids', async () => {
		expect(essence(await countLog([withoutProcessIds(LOG)]))).toEqual(essence(await countLog([LOG])));
	});

	it('journalctl -o with-unit has units in the place of programs: nobody can tell, and nothing is passed over', async () => {
		const log = LOG.replaceAll(/ postfix\/\S*smtpd\[/g, ' postfix@-.service[');
		const { submission, doubts } = await countLog([log]);
		expect(submission.implicit).toBe(0);
		expect(submission.starttls + submission.unknown + doubts.port.count).toBeGreaterThanOrEqual(24);
	});

	it('message repeated: so often', async () => {
		const [day = ''] = DAYS.slice(-1);
		const once = `${day}T12:00:00+00:00 mx postfix/submission/smtpd[9]: `;
		const log = `${once}4F2A9999: client=c[192.0.2.7], sasl_method=PLAIN, sasl_username=bob\n${once}message repeated 3 times: [ 4F2A9999: client=c[192.0.2.7], sasl_method=PLAIN, sasl_username=bob]\n${knockOn465(`${day}T12:00:00+00:00`)}`;
		expect((await countLog([log])).submission.starttls).toBe(4);
	});

	it.each([
		'systemd-journald[1]: Suppressed 1200 messages from postfix.service',
		'rsyslogd: imuxsock[pid 812]: begin to drop messages due to rate-limiting',
		'rsyslogd[7]: imjournal: 300 messages lost due to rate-limiting (20000 allowed within 600 seconds)',
		'rsyslogd: imuxsock lost 200 messages from pid 812 due to rate-limiting',
	])('in doubt: %s', async (text) => {
		const [day = ''] = DAYS.slice(-1);
		const { doubts, days } = await countLog([`${LOG}${day}T12:00:00+00:00 mx ${text}\n`]);
		expect([doubts.suppressed.count, days.at(-1)?.doubts]).toEqual([1, 1]);
	});

	it('what another unit lost is no doubt', async () => {
		const { doubts } = await countLog([
			`${LOG}${DAYS[11]}T12:00:00+00:00 mx systemd-journald[1]: Suppressed 9 messages from sshd.service\n`,
		]);
		expect(doubts.suppressed.count).toBe(0);
	});
});

const has = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

describe('files', () => {
	it.each([
		['gzip', 'gzip'],
		['xz', 'xz'],
		['zstd', 'zstd'],
		['bzip2', 'bzip2'],
	])('%s', async (_, program) => {
		if (!has(program)) return;
		const packed = spawnSync(program, ['-c'], { input: LOG, maxBuffer: 1 << 24 }).stdout;
		expect(essence(await countLog([packed]))).toEqual(essence(await countLog([LOG])));
		await expect(countLog([packed.subarray(0, packed.length >> 1)])).rejects.toThrow();
	});

	it('zip', async () => {
		if (!has('zip')) return;
		const packed = spawnSync('zip', ['-q', '-', '-'], { input: LOG, maxBuffer: 1 << 24 }).stdout;
		expect(essence(await countLog([packed]))).toEqual(essence(await countLog([LOG])));
		await expect(countLog([packed.subarray(0, packed.length >> 1)])).rejects.toThrow(/broken zip/);
	});

	it.each<[why: string, bytes: Uint8Array]>([
		['a mark of UTF-8: the first line counts', Buffer.from(`\ufeff${LOG}`)],
		['UTF-16, as PowerShell writes it', Buffer.from(`\ufeff${LOG}`, 'utf16le')],
		['UTF-16 without a mark', Buffer.from(LOG, 'utf16le')],
		['big-endian', Buffer.from(`\ufeff${LOG}`, 'utf16le').swap16()],
		['UTF-16 in gzip', gzipSync(Buffer.from(`\ufeff${LOG}`, 'utf16le'))],
	])('%s', async (_, bytes) => expect(essence(await countLog([bytes]))).toEqual(essence(await countLog([LOG]))));

	it.each<[why: string, bytes: Uint8Array, says: RegExp]>([
		['a tar archive', Buffer.concat([Buffer.alloc(257), Buffer.from('ustar'), Buffer.alloc(300)]), /is a tar archive/],
		['tar in gzip', gzipSync(Buffer.concat([Buffer.alloc(257), Buffer.from('ustar'), Buffer.alloc(300)])), /is a tar archive/],
		['a journal file', Buffer.from('LPKSHHRH and more'), /is a journal file of systemd: journalctl/],
	])('%s is called by its name', async (_, bytes, says) => {
		await expect(countLog([bytes])).rejects.toThrow(says);
	});
});

describe('the same lines twice', () => {
	it('in two files count once', async () => {
		expect(essence(await countLogs([[LOG], [gzipSync(LOG)]]))).toEqual(essence(await countLog([LOG])));
	});

	it('in two forms, too', async () => {
		expect(essence(await countLogs([[LOG], [inForm('journalctl -o json', LOG)]]))).toEqual(essence(await countLog([LOG])));
	});

	it('where files overlap', async () => {
		const lines = LOG.trimEnd().split('\n');
		const part = (from: number, to: number) => [`${lines.slice(from, to).join('\n')}\n`];
		const session = LOG.split('connect from').length;
		expect(session).toBeGreaterThan(30);
		// Cut between days, of which each has 13 lines.
		expect(essence(await countLogs([part(0, 104), part(52, 156)]))).toEqual(essence(await countLog([LOG])));
	});

	it('within one stream, as cat of a log and its copy makes it', async () => {
		expect(essence(await countLogs([[LOG + LOG]]))).toEqual(essence(await countLog([LOG])));
	});

	it('messages of one second and client are as many as their queue ids', async () => {
		const alike = session({ day: TODAY, tag: 'postfix/submission/smtpd', pid: 600, account: 'bob@example.org', tls: 'starttls' });
		const next = alike.replace(/4F2A\w+/, '4F2AFFFF').replaceAll('[600]', '[601]');
		expect((await countLog([alike + next])).submission.starttls).toBe(2);
	});
});
