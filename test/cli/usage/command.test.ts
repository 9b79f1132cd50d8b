/** `signpost usage` as it is called: files in, an answer and an exit code out, and the record changed or not. */
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays } from '../../../src/cli/usage/stamp.ts';
import { type FakeApi, startFakeApi, TOKEN } from '../fake-api.ts';
import { run } from '../run.ts';
import { bsd, plainLog, rfc3339, submission } from './logs.ts';

const TODAY = new Date().toISOString().slice(0, 10);
const QUIET = plainLog(60, (_, ago) => (ago >= 34 ? 1 : 0), bsd, TODAY);
const USED = plainLog(10, () => 1, rfc3339, TODAY);
const RECORD = { kind: 'domain', provider: { name: 'Example' }, services: { submission: { host: 'smtp.example.org' } } };

let folder: string;
let api: FakeApi;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'signpost-usage-'));
	api = await startFakeApi();
	await writeFile(file('quiet.log'), QUIET);
	await writeFile(file('used.log'), USED);
	await writeFile(file('unnamed.log'), submission(rfc3339(TODAY), ''));
});
afterAll(async () => {
	await api.close();
	await rm(folder, { recursive: true });
});

function file(name: string): string {
	return join(folder, name);
}

function usage(args: readonly string[], input = '') {
	return run(['usage', ...args], folder, { input, env: { SIGNPOST_TOKEN: TOKEN } });
}

describe('exit codes', () => {
	it.each<[why: string, args: readonly string[], code: number, out: RegExp]>([
		['587 can go', ['quiet.log'], 0, /587 unused for 34 days \(last on .*\): safe to end it\.\nRun: signpost usage quiet\.log --write/],
		['it is used', ['used.log'], 1, /No: 587 was last used on .*One account in this log/],
		['not for long enough', ['quiet.log', '--quiet-days', '35'], 1, /Not yet: 587 unused for 34 days, of 35/],
		['nobody can tell: what to set', ['unnamed.log'], 2, /Cannot tell: [\s\S]*-o syslog_name=postfix\/submissions[\s\S]*lport=/],
	])('%s', async (_, args, code, out) => {
		const answer = await usage(args);
		expect(answer).toMatchObject({ code, err: '' });
		expect(answer.out).toMatch(out);
	});

	it.each<[why: string, args: readonly string[], err: RegExp]>([
		[
			'no such file, told before the others are read',
			['quiet.log', 'nowhere.log'],
			/error: nowhere\.log: no such file or directory\n[\s\S]*Check the path/,
		],
		['a folder', ['.'], /\.: is a folder/],
		['broken gzip', ['cut.gz'], /cut\.gz is broken gzip/],
		['no file', [], /LOG/],
		['no number of days', ['quiet.log', '--quiet-days', 'ten'], /--quiet-days ten is no number of days/],
		['no day', ['quiet.log', '--write', 'r.json', '--until', '2027-02-30'], /--until 2027-02-30 is no day/],
		['a day, and nothing to write', ['quiet.log', '--until', '2027-02-20'], /--write is not given/],
		['another kind of report', ['quiet.log', '--report', 'usage.pdf'], /neither \.html nor \.svg/],
	])('2: %s', async (_, args, err) => {
		await writeFile(file('cut.gz'), gzipSync(QUIET).subarray(0, 200));
		const answer = await usage(args);
		expect([answer.code, answer.out]).toEqual([2, '']);
		expect(answer.err).toMatch(err);
	});
});

describe('where it reads from', () => {
	it('standard input, packed or not', async () => {
		expect(await usage(['-'], QUIET)).toMatchObject({ code: 0, out: (await usage(['quiet.log', '--write', 'nowhere'])).out + RUN });
	});

	it('rotated files, in any order, one of them twice', async () => {
		const lines = QUIET.trimEnd().split('\n');
		const [a, b, c] = [lines.slice(0, 60), lines.slice(60, 100), lines.slice(100)].map((part) => `${part.join('\n')}\n`);
		await writeFile(file('mail.log.2.gz'), gzipSync(a ?? ''));
		await writeFile(file('mail.log.1'), b ?? '');
		await writeFile(file('mail.log'), c ?? '');
		const whole = JSON.parse((await usage(['quiet.log', '--json'])).out);
		const { code, out } = await usage(['mail.log', 'mail.log.2.gz', 'mail.log.1', 'mail.log', '--json']);
		expect([code, JSON.parse(out)]).toEqual([0, whole]);
	});

	it('a file without years, of the year in which it was last written to', async () => {
		const then = addDays(TODAY, -800);
		await writeFile(
			file('archive.log'),
			plainLog(20, () => 1, bsd, then),
		);
		const time = new Date(`${then}T12:00:00Z`);
		await utimes(file('archive.log'), time, time);
		const { verdict, days } = JSON.parse((await usage(['archive.log', '--json'])).out);
		expect(verdict).toEqual({ answer: 'stale', last: then, ago: 800 });
		expect(days.length).toBe(20);
	});
});

const RUN =
	'Run: signpost usage LOGFILE… --write RECORD.json (or --write DOMAIN --api URL)\n     It sets "until": from that day on no client is told of 587.\n';

describe('--report', () => {
	it('a page, or the chart alone', async () => {
		expect(await usage(['used.log', '--report', 'usage.html'])).toMatchObject({ code: 1, err: 'wrote usage.html\n' });
		expect(await readFile(file('usage.html'), 'utf8')).toMatch(/^<!DOCTYPE html>\n<html lang="en">[\s\S]*user0@example\.org/);
		expect(await usage(['used.log', '--report', 'usage.svg', '--anonymous'])).toMatchObject({ code: 1, err: 'wrote usage.svg\n' });
		expect(await readFile(file('usage.svg'), 'utf8')).toMatch(/^<\?xml[^\n]*\n<svg xmlns/);
	});
});

it('--report where there is no folder: 2, and the answer all the same', async () => {
	const { code, out, err } = await usage(['used.log', '--report', 'nowhere/usage.html']);
	expect(code).toBe(2);
	expect(out).toContain('No: 587 was last used');
	expect(err).toMatch(/^error: nowhere\/usage\.html cannot be written: ENOENT/);
});

describe('--write', () => {
	it('a file: that value alone, by default in thirty days', async () => {
		await writeFile(
			file('example.org.yaml'),
			'kind: domain # ours\nprovider: { name: Example }\nservices:\n  submission:\n    host: smtp.example.org\n',
		);
		const until = addDays(TODAY, 30);
		const { code, err } = await usage(['quiet.log', '--write', 'example.org.yaml']);
		expect([code, err]).toEqual([0, `example.org.yaml: from ${until} on (UTC) no client is told of 587.\n`]);
		expect(await readFile(file('example.org.yaml'), 'utf8')).toBe(
			`kind: domain # ours\nprovider: { name: Example }\nservices:\n  submission:\n    host: smtp.example.org\n    starttls: { port: 587, until: ${until} }\n`,
		);
		// Again, later: the end is not put off.
		expect(await usage(['quiet.log', '--write', 'example.org.yaml', '--until', '2099-01-01'])).toMatchObject({
			code: 0,
			err: `example.org.yaml is left as it is: it ends 587 on ${until} already.\n`,
		});
	});

	it.each([
		['used.log', 1],
		['unnamed.log', 2],
	])('nothing while it is not safe: %s', async (log, code) => {
		await writeFile(file('kept.json'), JSON.stringify(RECORD));
		const answer = await usage([log, '--write', 'kept.json']);
		expect(answer).toMatchObject({ code, err: 'kept.json is left as it is: the log does not say that it is safe.\n' });
		expect(await readFile(file('kept.json'), 'utf8')).toBe(JSON.stringify(RECORD));
	});

	it.each<[why: string, text: string, err: RegExp]>([
		['no record', '{"kind":', /broken\.json is (neither JSON nor YAML|no good record)/],
		['an alias', '{"kind":"alias","of":"example.net"}', /broken\.json is an alias: .*example\.net/],
	])('%s: 2, and left alone', async (_, text, err) => {
		await writeFile(file('broken.json'), text);
		const answer = await usage(['quiet.log', '--write', 'broken.json']);
		expect(answer.code).toBe(2);
		expect(answer.err).toMatch(err);
		expect(await readFile(file('broken.json'), 'utf8')).toBe(text);
	});

	it('the service’s record, as a new revision with the reason', async () => {
		api.kept.set('example.org', [{ revision: 3, record: RECORD, note: '' }]);
		const { code, err } = await usage(['quiet.log', '--write', 'example.org', '--api', api.origin, '--until', '2099-01-01']);
		expect([code, err]).toEqual([0, 'example.org: from 2099-01-01 on (UTC) no client is told of 587. It is revision 4 now.\n']);
		expect(api.kept.get('example.org')?.at(-1)).toMatchObject({
			revision: 4,
			note: expect.stringMatching(/^587 unused for 34 days/),
			record: { ...RECORD, services: { submission: { host: 'smtp.example.org', starttls: { port: 587, until: '2099-01-01' } } } },
		});
		expect(await usage(['quiet.log', '--write', 'example.org', '--api', api.origin, '--until', '2099-01-01'])).toMatchObject({ code: 0 });
		expect(api.kept.get('example.org')?.length).toBe(2);
	});

	it('nobody else’s edit is overwritten', async () => {
		api.kept.set('example.net', [{ revision: 1, record: RECORD, note: '' }]);
		api.onRead = () => api.kept.get('example.net')?.push({ revision: 2, record: RECORD, note: 'somebody else' });
		const { code, err } = await usage(['quiet.log', '--write', 'example.net', '--api', api.origin]);
		api.onRead = null;
		expect(code).toBe(2);
		expect(err).toMatch(/The record has changed since[\s\S]*try again/);
		expect(api.kept.get('example.net')?.at(-1)?.note).toBe('somebody else');
	});

	it('a domain that the service does not have', async () => {
		const { code, err } = await usage(['quiet.log', '--write', 'example.com', '--api', api.origin]);
		expect(code).toBe(2);
		expect(err).toMatch(/example\.com has no record/);
	});
});
