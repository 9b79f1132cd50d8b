/** From bytes to counts: compressed or not, in pieces of any size, with other content between the lines. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCompression } from '../../../src/cli/usage/forms/compressed.ts';
import { bsdTimestamp, connectLine, countLog, countLogs, knockOn465, rfc3339Timestamp, sampleLog, submissionLine } from './sample-logs.ts';

const SAMPLE_LOG = sampleLog(40, (_, ago) => (ago > 30 ? 2 : 0));
const SUBMISSION_LINE = submissionLine(rfc3339Timestamp('2026-11-20'), 'submission');
const KNOCK_ON_465 = knockOn465(rfc3339Timestamp('2026-11-20'));
const OTHER_LINE = submissionLine(rfc3339Timestamp('2026-11-20'), 'submission');

describe('forms', () => {
	it('reads gzip by its first bytes, not by its name', async () => {
		expect(await countLog([gzipSync(SAMPLE_LOG)])).toEqual(await countLog([SAMPLE_LOG]));
	});

	it('reads gzip after gzip, as cat and logrotate leave it', async () => {
		const [a, b] = [SAMPLE_LOG.slice(0, 3000), SAMPLE_LOG.slice(3000)];
		expect(await countLog([Buffer.concat([gzipSync(a), gzipSync(b)])])).toEqual(await countLog([SAMPLE_LOG]));
	});

	it('reads syslog’s stamps as RFC 3339’s, over New Year', async () => {
		const used = (_: string, ago: number) => (ago > 30 ? 1 : 0);
		const today = '2027-01-10';
		expect(await countLog([sampleLog(60, used, bsdTimestamp, today)], today)).toEqual({
			...(await countLog([sampleLog(60, used, rfc3339Timestamp, today)], today)),
			areYearsGuessed: true,
		});
	});

	it('reads the journal', async () => {
		const line = (identifier: string, message: string) =>
			`${JSON.stringify({ __REALTIME_TIMESTAMP: String(Date.UTC(2026, 10, 20) * 1000), SYSLOG_IDENTIFIER: identifier, _PID: '7', MESSAGE: message })}\n`;
		const said = 'client=c[192.0.2.7], sasl_method=PLAIN, sasl_username=jürgen@example.org';
		const { submission: counts, accounts } = await countLog([
			line('postfix/submission/smtpd', `4F2A91: ${said}`),
			line('postfix/smtps/smtpd', `4F2A92: ${said}`),
			line('postfix/qmgr', `4F2A92: ${said}`),
		]);
		expect(counts).toEqual({ implicit: 1, starttls: 1, unknown: 0 });
		expect(accounts).toEqual([{ name: 'jürgen@example.org', count: 1, last: '2026-11-20' }]);
	});

	it('reads CRLF, and a last line without an end', async () => {
		expect(await countLog([SAMPLE_LOG.trimEnd().replaceAll('\n', '\r\n')])).toEqual(await countLog([SAMPLE_LOG]));
	});

	it('reads nothing from nothing', async () => {
		expect(await countLog([])).toMatchObject({ lines: 0, days: [] });
		expect(await countLog([new Uint8Array([0x1f])])).toMatchObject({ lines: 1, days: [] });
	});

	it.each([
		['cut short', gzipSync(SAMPLE_LOG).subarray(0, 300)],
		['with a wrong checksum', Buffer.concat([gzipSync(SAMPLE_LOG).subarray(0, -8), Buffer.alloc(8, 1)])],
	])('gzip %s is no log: half of one proves nothing', async (_, bytes) => {
		await expect(countLog([bytes])).rejects.toThrow();
	});
});

describe('what stands between the lines', () => {
	it.each<[why: string, junk: string | Uint8Array]>([
		['zeros, as a crash leaves them', new Uint8Array(5000)],
		['bytes that are no UTF-8', new Uint8Array([0xff, 0xfe, 0xc0, 0x80, 0x0d])],
		['a line of a megabyte', 'x'.repeat(1_000_000)],
		['a megabyte that ends as a submission does', `${'smtpd'.repeat(200_000)} ${SUBMISSION_LINE.trimEnd()}`],
		['half a line', SUBMISSION_LINE.slice(0, 70)],
		['a line without a stamp', SUBMISSION_LINE.slice(33)],
		['a gzip’s first bytes', new Uint8Array([0x1f, 0x8b, 8])],
	])('%s', async (_, junk) => {
		const { submission: counts } = await countLog([SUBMISSION_LINE, junk, '\n', OTHER_LINE, KNOCK_ON_465]);
		expect(counts).toEqual({ implicit: 0, starttls: 2, unknown: 0 });
	});

	it('a line of any length with a submission at its beginning', async () => {
		const { submission: counts, accounts } = await countLog([
			`${SUBMISSION_LINE.trimEnd()}${'x'.repeat(300_000)}`,
			'y'.repeat(300_000),
			'\n',
			OTHER_LINE,
			KNOCK_ON_465,
		]);
		expect(counts.starttls).toBe(2);
		expect(Math.max(...accounts.map(({ name }) => name.length))).toBe(254);
	});
});

describe('laws', () => {
	const bytes = fc.uint8Array({ maxLength: 400 });

	it('no bytes whatever throw or count, unless they begin as a compressed file', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(bytes, { maxLength: 6 }), async (pieces) => {
				fc.pre(findCompression(Buffer.concat(pieces)) === null);
				expect(await countLog(pieces)).toMatchObject({ days: [], submission: { implicit: 0, starttls: 0, unknown: 0 }, accounts: [] });
			}),
		);
	});

	it('where the pieces are cut does not matter, packed or not', async () => {
		const text = Buffer.from(
			SAMPLE_LOG.slice(0, 4000) + submissionLine(rfc3339Timestamp('2026-11-19'), 'submission', 'jürgen@example.org'),
		);
		const whole = await countLog([text]);
		await fc.assert(
			fc.asyncProperty(fc.boolean(), fc.array(fc.nat(text.length), { maxLength: 8 }), async (packed, cuts) => {
				const all = packed ? gzipSync(text) : text;
				const at = [0, ...cuts.map((cut) => cut % all.length), all.length].sort((a, b) => a - b);
				const pieces = at.slice(1).map((end, nth) => all.subarray(at[nth], end));
				expect(await countLog(pieces)).toEqual(whole);
			}),
			{ numRuns: 40 },
		);
	});

	it('zeros in a line do not matter to the lines around it', async () => {
		// Two hosts: each has a line that shows that its log is whole.
		const lines = ['mx1', 'mx2'].map((host) => SAMPLE_LOG.replaceAll(' mx ', ` ${host} `).slice(0, 3000));
		const other = ' mx2 dovecot[9]: imap(alice)<7><x>: Disconnected: Logged out in=1 out=2\n';
		const text = Buffer.from(
			`${lines.join('\0\n')}\n${rfc3339Timestamp('2026-10-16')}${other}${rfc3339Timestamp('2026-10-16')}${other.replace('mx2', 'mx1')}`,
		);
		const whole = await countLog([text]);
		await fc.assert(
			fc.asyncProperty(fc.array(fc.nat(text.length), { maxLength: 8 }), async (cuts) => {
				const at = [0, ...cuts, text.length].sort((a, b) => a - b);
				expect(await countLog(at.slice(1).map((end, nth) => text.subarray(at[nth], end)))).toEqual(whole);
			}),
			{ numRuns: 40 },
		);
	});

	describe('the order of the files does not matter', () => {
		const lines = fc.array(
			fc.tuple(fc.integer({ min: 1, max: 24 }), fc.constantFrom('submission', 'submissions', 'smtps', '', '25'), fc.nat(5)),
			{ maxLength: 12 },
		);
		const logs = fc.array(lines, { maxLength: 5 });
		const render = (log: readonly (readonly [number, string, number])[], minute: number) =>
			log
				.map(([date, service, who]) => {
					const stamp = rfc3339Timestamp(`2026-11-${String(date).padStart(2, '0')}`).replace('T12:00', `T12:0${minute}`);
					return service === '25' ? connectLine(stamp) : submissionLine(stamp, service, `user${who}@example.org`);
				})
				.join('');
		// Lines that are shown as samples are the latest that were read.
		const read = async (files: readonly string[]) => ({ ...(await countLogs(files.map((file) => [file]))), doubts: null });

		it('where no two have a line in common', async () => {
			await fc.assert(
				fc.asyncProperty(logs, async (parts) => {
					const files = parts.map(render);
					expect(await read([...files].reverse())).toEqual(await read(files));
				}),
				{ numRuns: 60 },
			);
		});

		it('where they have, but for whether two servers seem to share a name: a common line counts for the log that is read first', async () => {
			const readAll = async (files: readonly string[]) => {
				const counts = await read(files);
				return { ...counts, hosts: counts.hosts.map((host) => ({ ...host, isShared: null })) };
			};
			await fc.assert(
				fc.asyncProperty(logs, async (parts) => {
					const files = parts.map((part) => render(part, 0));
					expect(await readAll([...files].reverse())).toEqual(await readAll(files));
				}),
				{ numRuns: 60 },
			);
		});
	});
});
