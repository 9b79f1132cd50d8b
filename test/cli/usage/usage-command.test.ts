/** `signpost usage` as users call it: files in, an answer and an exit code out, and the record changed or not. */
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays } from '../../../src/lib/time.ts';
import { type FakeAdminApi, startFakeAdminApi, TOKEN } from '../../support/fake-admin-api.ts';
import { runSignpost } from '../../support/run-signpost.ts';
import { bsdTimestamp, rfc3339Timestamp, sampleLog, submissionLine } from './sample-logs.ts';

const TODAY = new Date().toISOString().slice(0, 10);
const QUIET_LOG = sampleLog(60, (_, ago) => (ago >= 34 ? 1 : 0), bsdTimestamp, TODAY);
const USED_LOG = sampleLog(10, () => 1, rfc3339Timestamp, TODAY);
const RECORD = { kind: 'domain', provider: { name: 'Example' }, services: { submission: { host: 'smtp.example.org' } } };

let folder: string;
let api: FakeAdminApi;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'signpost-usage-'));
	api = await startFakeAdminApi();
	await writeFile(pathOf('quiet.log'), QUIET_LOG);
	await writeFile(pathOf('used.log'), USED_LOG);
	await writeFile(pathOf('unnamed.log'), submissionLine(rfc3339Timestamp(TODAY), ''));
});
afterAll(async () => {
	await api.close();
	await rm(folder, { recursive: true });
});

function pathOf(name: string): string {
	return join(folder, name);
}

function runUsage(args: readonly string[], input = '') {
	return runSignpost(['usage', ...args], folder, { input, env: { SIGNPOST_TOKEN: TOKEN } });
}

describe('exit codes', () => {
	it.each<[why: string, args: readonly string[], code: number, out: RegExp]>([
		[
			'587 can go',
			['quiet.log'],
			0,
			/587 unused for 34 days \(last on .*\): safe to end it\.\nRun: signpost usage quiet\.log --write[\s\S]*\nNot looked at\n.*about mx alone/,
		],
		['it is used', ['used.log'], 1, /No: 587 was last used on .*One account in this log/],
		['not for long enough', ['quiet.log', '--quiet-days', '35'], 1, /Not yet: 587 unused for 34 days, of 35/],
		['nobody can tell: what to set', ['unnamed.log'], 2, /Cannot tell: [\s\S]*-o syslog_name=postfix\/submissions[\s\S]*lport=/],
	])('%s', async (_, args, code, out) => {
		const answer = await runUsage(args);
		expect(answer).toMatchObject({ code, err: '' });
		expect(answer.out).toMatch(out);
	});

	it.each<[why: string, args: readonly string[], err: RegExp]>([
		[
			'no such file, told before the others are read',
			['quiet.log', 'nowhere.log'],
			/error: nowhere\.log: no such file or directory\n[\s\S]*Check the path/,
		],
		['a folder', ['.'], /\.: it is a folder/],
		['broken gzip', ['cut.gz'], /cut\.gz is broken gzip/],
		['no file', [], /LOG/],
		['no number of days', ['quiet.log', '--quiet-days', 'ten'], /--quiet-days ten is no number of days/],
		['no day', ['quiet.log', '--write', 'r.json', '--until', '2027-02-30'], /--until 2027-02-30 is no day/],
		['a day, and nothing to write', ['quiet.log', '--until', '2027-02-20'], /--write is not given/],
		['another kind of report', ['quiet.log', '--report', 'usage.pdf'], /neither \.html nor \.svg/],
	])('2: %s', async (_, args, err) => {
		await writeFile(pathOf('cut.gz'), gzipSync(QUIET_LOG).subarray(0, 200));
		const answer = await runUsage(args);
		expect([answer.code, answer.out]).toEqual([2, '']);
		expect(answer.err).toMatch(err);
	});
});

describe('where it reads from', () => {
	it('standard input, packed or not', async () => {
		// With --write the advice to use it is left out.
		const withoutAdvice = (await runUsage(['quiet.log', '--write', 'nowhere'])).out;
		const out = withoutAdvice.replace('\n\nNot looked at', `\n${RUN_ADVICE}\nNot looked at`);
		expect(await runUsage(['-'], QUIET_LOG)).toMatchObject({ code: 0, out });
	});

	it('rotated files, in any order, one of them twice', async () => {
		const lines = QUIET_LOG.trimEnd().split('\n');
		const [a, b, c] = [lines.slice(0, 60), lines.slice(60, 100), lines.slice(100)].map((part) => `${part.join('\n')}\n`);
		await writeFile(pathOf('mail.log.2.gz'), gzipSync(a ?? ''));
		await writeFile(pathOf('mail.log.1'), b ?? '');
		await writeFile(pathOf('mail.log'), c ?? '');
		const whole = JSON.parse((await runUsage(['quiet.log', '--json'])).out);
		const { code, out } = await runUsage(['mail.log', 'mail.log.2.gz', 'mail.log.1', 'mail.log', '--json']);
		expect([code, JSON.parse(out)]).toEqual([0, whole]);
	});

	it('a file without years, of the year in which it was last written to', async () => {
		const then = addDays(TODAY, -800);
		await writeFile(
			pathOf('archive.log'),
			sampleLog(20, () => 1, bsdTimestamp, then),
		);
		const time = new Date(`${then}T12:00:00Z`);
		await utimes(pathOf('archive.log'), time, time);
		const { verdict, days } = JSON.parse((await runUsage(['archive.log', '--json'])).out);
		expect(verdict).toEqual({ answer: 'stale', last: then, ago: 800 });
		expect(days.length).toBe(20);
	});
});

const RUN_ADVICE =
	'Run: signpost usage LOGFILE… --write RECORD.json (or --write DOMAIN --api URL)\n     It sets "until": from that day on no client is told of 587.\n     signpost usage LOGFILE… --plan says what else changes that day, and whom it cuts off.\n';

describe('--report', () => {
	it('a page, or the chart alone', async () => {
		expect(await runUsage(['used.log', '--report', 'usage.html'])).toMatchObject({ code: 1, err: 'wrote usage.html\n' });
		expect(await readFile(pathOf('usage.html'), 'utf8')).toMatch(/^<!DOCTYPE html>\n<html lang="en">[\s\S]*user0@example\.org/);
		expect(await runUsage(['used.log', '--report', 'usage.svg', '--anonymous'])).toMatchObject({ code: 1, err: 'wrote usage.svg\n' });
		expect(await readFile(pathOf('usage.svg'), 'utf8')).toMatch(/^<\?xml[^\n]*\n<svg xmlns/);
	});
});

it('--report where there is no folder: 2, and the answer all the same', async () => {
	const { code, out, err } = await runUsage(['used.log', '--report', 'nowhere/usage.html']);
	expect(code).toBe(2);
	expect(out).toContain('No: 587 was last used');
	expect(err).toMatch(/^error: there is no file or folder nowhere\/usage\.html/);
});

describe('--write', () => {
	it('a file: that value alone, by default in thirty days', async () => {
		await writeFile(
			pathOf('example.org.yaml'),
			'kind: domain # ours\nprovider: { name: Example }\nservices:\n  submission:\n    host: smtp.example.org\n',
		);
		const until = addDays(TODAY, 30);
		const { code, err } = await runUsage(['quiet.log', '--write', 'example.org.yaml']);
		expect([code, err]).toEqual([0, `example.org.yaml: from ${until} on (UTC) no client is told of 587.\n`]);
		expect(await readFile(pathOf('example.org.yaml'), 'utf8')).toBe(
			`kind: domain # ours\nprovider: { name: Example }\nservices:\n  submission:\n    host: smtp.example.org\n    starttls: { port: 587, until: ${until} }\n`,
		);
		// Again, later: the end is not put off.
		expect(await runUsage(['quiet.log', '--write', 'example.org.yaml', '--until', '2099-01-01'])).toMatchObject({
			code: 0,
			err: `example.org.yaml is left as it is: it ends 587 on ${until} already.\n`,
		});
	});

	it.each([
		['used.log', 1],
		['unnamed.log', 2],
	])('nothing while it is not safe: %s', async (log, code) => {
		await writeFile(pathOf('kept.json'), JSON.stringify(RECORD));
		const answer = await runUsage([log, '--write', 'kept.json']);
		expect(answer).toMatchObject({ code, err: 'kept.json is left as it is: the log does not say that it is safe.\n' });
		expect(await readFile(pathOf('kept.json'), 'utf8')).toBe(JSON.stringify(RECORD));
	});

	it.each<[why: string, text: string, err: RegExp]>([
		['no record', '{"kind":', /broken\.json is (neither JSON nor YAML|no good record)/],
		['an alias', '{"kind":"alias","of":"example.net"}', /broken\.json is an alias: .*example\.net/],
	])('%s: 2, and left alone', async (_, text, err) => {
		await writeFile(pathOf('broken.json'), text);
		const answer = await runUsage(['quiet.log', '--write', 'broken.json']);
		expect(answer.code).toBe(2);
		expect(answer.err).toMatch(err);
		expect(await readFile(pathOf('broken.json'), 'utf8')).toBe(text);
	});

	it('the service’s record, as a new revision with the reason', async () => {
		api.revisions.set('example.org', [{ revision: 3, record: RECORD, note: '' }]);
		const { code, err } = await runUsage(['quiet.log', '--write', 'example.org', '--api', api.origin, '--until', '2099-01-01']);
		expect([code, err]).toEqual([0, 'example.org: from 2099-01-01 on (UTC) no client is told of 587. It is revision 4 now.\n']);
		expect(api.revisions.get('example.org')?.at(-1)).toMatchObject({
			revision: 4,
			note: expect.stringMatching(/^587 unused for 34 days/),
			record: { ...RECORD, services: { submission: { host: 'smtp.example.org', starttls: { port: 587, until: '2099-01-01' } } } },
		});
		expect(await runUsage(['quiet.log', '--write', 'example.org', '--api', api.origin, '--until', '2099-01-01'])).toMatchObject({
			code: 0,
		});
		expect(api.revisions.get('example.org')?.length).toBe(2);
	});

	it('nobody else’s edit is overwritten', async () => {
		api.revisions.set('example.net', [{ revision: 1, record: RECORD, note: '' }]);
		api.onRead = () => api.revisions.get('example.net')?.push({ revision: 2, record: RECORD, note: 'somebody else' });
		const { code, err } = await runUsage(['quiet.log', '--write', 'example.net', '--api', api.origin]);
		api.onRead = null;
		expect(code).toBe(2);
		expect(err).toMatch(/The record has changed since[\s\S]*try again/);
		expect(api.revisions.get('example.net')?.at(-1)?.note).toBe('somebody else');
	});

	it('SIGNPOST_API alone is enough for a domain, and makes no domain of a file', async () => {
		const env = { SIGNPOST_TOKEN: TOKEN, SIGNPOST_API: api.origin };
		const write = (target: string) => runSignpost(['usage', 'quiet.log', '--write', target, '--until', '2099-01-01'], folder, { env });
		api.revisions.set('env.example.org', [{ revision: 1, record: RECORD, note: '' }]);
		expect(await write('env.example.org')).toMatchObject({ code: 0, err: expect.stringContaining('It is revision 2 now.') });
		await writeFile(pathOf('here.example.org'), JSON.stringify(RECORD));
		expect(await write('here.example.org')).toMatchObject({
			code: 0,
			err: expect.stringMatching(/^here\.example\.org: from 2099-01-01 on/),
		});
		expect(await write('gone.json')).toMatchObject({ code: 2, err: expect.stringContaining('there is no file or folder gone.json') });
	});

	it('a domain that the service does not have', async () => {
		const { code, err } = await runUsage(['quiet.log', '--write', 'example.com', '--api', api.origin]);
		expect(code).toBe(2);
		expect(err).toMatch(/example\.com has no record/);
	});
});
