/** Records as files in git, synchronised with the service: nobody's work is overwritten, and an interrupted push can be continued. */
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeAdminApi, startFakeAdminApi, TOKEN } from '../../support/fake-admin-api.ts';
import { fixtureText } from '../../support/fixture-records.ts';
import { runSignpost } from '../../support/run-signpost.ts';

let api: FakeAdminApi;
let folder: string;
beforeEach(async () => {
	api = await startFakeAdminApi();
	folder = await mkdtemp(join(tmpdir(), 'signpost-admin-'));
});
afterEach(async () => {
	await api.close();
	await rm(folder, { recursive: true });
});

const signpost = (...args: readonly string[]) => runSignpost(args, folder, { env: { SIGNPOST_TOKEN: TOKEN, SIGNPOST_API: api.origin } });
const recordPath = (name: string) => join(folder, 'records', name);
const minimalRecord = (host: string) => fixtureText('minimal').replace('imap.example.com', host);
const imapHosts = (domain: string) =>
	api.revisions
		.get(domain)
		?.map(({ record }) => (record === null ? null : (record as { services: { imap: { host: string } } }).services.imap.host));

async function pullRecord(domain: string): Promise<void> {
	api.revisions.set(domain, [{ revision: 1, record: JSON.parse(minimalRecord('old.example.com')), note: '' }]);
	await signpost('pull');
}

it('pull, edit, push: the file is the next revision', async () => {
	await pullRecord('example.org');
	await writeFile(recordPath('example.org.json'), minimalRecord('new.example.com'));
	expect((await signpost('diff')).out).toBe(
		'example.org  differs\n  - services.imap.host: "old.example.com"\n  + services.imap.host: "new.example.com"\n',
	);
	expect(await signpost('push', '--note', 'moved')).toMatchObject({ code: 0, out: 'example.org  changed\n' });
	expect(imapHosts('example.org')).toEqual(['old.example.com', 'new.example.com']);
	expect(api.revisions.get('example.org')?.[1]?.note).toBe('moved');
	expect(await signpost('push')).toMatchObject({ code: 0, out: '', err: 'nothing has changed here\n' });
	expect((await signpost('diff')).code).toBe(0);
});

it('diff tells null from nothing: without implicit TLS is not the same as by default', async () => {
	await pullRecord('example.org');
	const record = JSON.parse(minimalRecord('old.example.com'));
	record.services.submission.implicit = null;
	await writeFile(recordPath('example.org.json'), JSON.stringify(record));
	expect(await signpost('diff')).toMatchObject({ code: 1, out: 'example.org  differs\n  + services.submission.implicit: null\n' });
});

it('push of a file that was never pulled says so, and names both ways out', async () => {
	await pullRecord('example.org');
	await rm(recordPath('.signpost.json'));
	await writeFile(recordPath('example.org.json'), minimalRecord('mine.example.com'));
	const { code, out } = await signpost('push');
	expect(code).toBe(1);
	expect(out).toMatch(/^example\.org {2}refused: .*never pulled.*signpost diff example\.org.*signpost pull --force/);
	expect(imapHosts('example.org')).toEqual(['old.example.com']);
});

describe('diff with more in the service than in the folder', () => {
	beforeEach(async () => {
		for (let at = 0; at < 200; at++)
			api.revisions.set(`d${at}.example.net`, [{ revision: 1, record: JSON.parse(minimalRecord('other.example.com')), note: '' }]);
		api.revisions.set('example.org', [{ revision: 1, record: JSON.parse(minimalRecord('old.example.com')), note: '' }]);
	});

	it('compares what the folder has, and says that it left out the rest', async () => {
		await signpost('pull', 'example.org');
		const { code, out, err } = await signpost('diff');
		expect([code, out]).toEqual([0, '']);
		expect(err).toContain('--all');
	});

	it('names what was deleted here, and with --all what was never here', async () => {
		await signpost('pull', 'example.org');
		await rm(recordPath('example.org.json'));
		expect(await signpost('diff')).toMatchObject({ code: 1, out: 'example.org  only there\n' });
		expect((await signpost('diff', '--all')).out.split('\n')).toHaveLength(202);
		expect((await signpost('diff', 'd19')).out.split('\n')).toHaveLength(12);
	});

	it('is no answer where the folder is empty', async () => {
		expect(await signpost('diff')).toMatchObject({ code: 2, err: expect.stringMatching(/no file or folder records[\s\S]*signpost pull/) });
	});
});

it('a name that is none never becomes a path', async () => {
	api.revisions.set('../../outside', [{ revision: 1, record: JSON.parse(minimalRecord('old.example.com')), note: '' }]);
	const { code, err } = await signpost('pull');
	expect([code, err]).toEqual([2, expect.stringContaining('no domain name')]);
});

it('history follows the pages to the end', async () => {
	api.revisions.set(
		'example.org',
		Array.from({ length: 7 }, (_, at) => ({ revision: at + 1, record: JSON.parse(minimalRecord('old.example.com')), note: `n${at}` })),
	);
	expect((await signpost('history', 'example.org')).out.split('\n')).toHaveLength(8);
	expect(JSON.parse((await signpost('history', 'example.org', '--json')).out)).toHaveLength(7);
});

describe('outside, with nothing edited', () => {
	it.each([
		[[], []],
		[['example.org'], { domain: 'example.org', outside: null }],
	])('%j --json prints JSON', async (words, answer) => {
		await pullRecord('example.org');
		const { code, out } = await signpost('outside', ...words, '--json');
		expect([code, JSON.parse(out)]).toEqual([0, answer]);
	});
});

describe('what stands in the way is said, with the file and what to do', () => {
	it.each<[string, readonly string[], RegExp]>([
		['an automx2 seed that is not there', ['import', '--automx2', 'no.json'], /there is no file or folder no\.json[\s\S]*--automx2/],
		['a document that is not there', ['import', '--domain', 'example.org', '--autoconfig', 'no.xml'], /no\.xml[\s\S]*--autoconfig/],
		['a document that is empty', ['import', '--domain', 'example.org', '--autoconfig', 'empty.xml'], /empty\.xml is empty/],
		['a seed that is no JSON', ['import', '--automx2', 'broken.json'], /broken\.json is not JSON/],
		['a seed that is not UTF-8', ['import', '--automx2', 'latin1.json'], /latin1\.json is not UTF-8 text/],
		['a folder where a file is needed', ['import', '--automx2', 'records'], /records is a folder, and a file is needed/],
		['a file where a folder is needed', ['pull', '--dir', 'broken.json'], /broken\.json is there already/],
		['a state that is no state', ['push'], /\.signpost\.json is not what pull and push write[\s\S]*pull --force/],
	])('%s', async (_, args, message) => {
		await pullRecord('example.org');
		await writeFile(join(folder, 'broken.json'), '{"version": 2');
		await writeFile(join(folder, 'empty.xml'), ' \n');
		await writeFile(join(folder, 'latin1.json'), '{"version": 2, "provider": "M\xFCller"}', 'latin1');
		if (args[0] === 'push') await writeFile(recordPath('.signpost.json'), '{"example.org": 7}');
		const { code, out, err } = await signpost(...args);
		expect([code, out]).toEqual([2, '']);
		expect(err).toMatch(message);
		expect(err).not.toContain('    at ');
	});
});

describe('whatever lies in the folder', () => {
	it.each<[string, (folder: string) => Promise<unknown>, RegExp]>([
		[
			'a link that leads nowhere',
			(records) => symlink('gone.json', join(records, 'x.example.json')),
			/x\.example\.json is a link that leads nowhere/,
		],
		['a folder named like a record', (records) => mkdir(join(records, 'x.example.json')), /x\.example\.json is a folder/],
		['a name that is no domain', (records) => writeFile(join(records, 'notes.json'), '{}'), /notes\.json is not named after a domain/],
		[
			'two files for one domain',
			async (records) => {
				await writeFile(join(records, 'X.example.json'), minimalRecord('a.example.com'));
				await writeFile(join(records, 'x.example.yaml'), minimalRecord('a.example.com'));
			},
			/X\.example\.json and .*x\.example\.yaml are both the record of x\.example/,
		],
		[
			'marks of a merge in the state',
			(records) => writeFile(join(records, '.signpost.json'), '<<<<<<< HEAD\n{}\n=======\n'),
			/\.signpost\.json/,
		],
		['marks of a merge in a record', (records) => writeFile(join(records, 'x.example.json'), '<<<<<<< HEAD\n{}\n'), /x\.example\.json/],
		[
			'bytes that are no text',
			(records) => writeFile(join(records, 'x.example.json'), new Uint8Array([0, 255, 254, 10, 0])),
			/x\.example\.json/,
		],
	])('%s is named, without a stack trace', async (_, prepare, message) => {
		await pullRecord('example.org');
		await prepare(join(folder, 'records'));
		for (const command of [['push'], ['diff'], ['pull']]) {
			const { code, out, err } = await signpost(...command);
			expect([code, out]).toEqual([2, '']);
			expect(err).toMatch(message);
			expect(err).not.toContain('    at ');
		}
	});

	it('a folder that is not there is an error where nothing is written', async () => {
		for (const command of ['push', 'diff']) {
			const { code, err } = await signpost(command, '--dir', 'TYPO');
			expect([code, err]).toEqual([2, expect.stringContaining('there is no file or folder TYPO')]);
		}
		expect(await readdir(folder)).toEqual([]);
	});

	it('the domain is the key, however the file is spelt', async () => {
		await signpost('pull');
		await writeFile(recordPath('UPPER.example.json'), minimalRecord('a.example.com'));
		await writeFile(recordPath('münchen.example.json'), minimalRecord('a.example.com'));
		expect((await signpost('push')).out).toBe('upper.example  created\nxn--mnchen-3ya.example  created\n');
		expect(await signpost('push')).toMatchObject({ code: 0, err: 'nothing has changed here\n' });
		expect((await signpost('pull')).out).toBe('');
		expect((await signpost('diff', 'München.example')).code).toBe(0);
		expect((await readdir(join(folder, 'records'))).sort()).toEqual(['.signpost.json', 'UPPER.example.json', 'münchen.example.json']);
	});
});

describe('deleted in the service, and kept here', () => {
	beforeEach(async () => {
		await pullRecord('example.org');
		await writeFile(recordPath('example.org.json'), minimalRecord('new.example.com'));
		api.revisions.get('example.org')?.push({ revision: 2, record: null, note: '' });
	});

	it('pull and push ask what to do', async () => {
		const pulled = await signpost('pull');
		expect([pulled.code, pulled.out]).toEqual([1, 'example.org  kept: deleted there, changed here\n']);
		expect(pulled.err).toMatch(/push --revive example\.org[\s\S]*pull --prune/);
		const pushed = await signpost('push');
		expect(pushed.code).toBe(1);
		expect(pushed.out).toMatch(/^example\.org {2}refused: the service has deleted it: .*--revive.*--prune/);
	});

	it('push --revive stores it again', async () => {
		expect(await signpost('push', '--revive')).toMatchObject({ code: 0, out: 'example.org  changed\n' });
		expect(imapHosts('example.org')).toEqual(['old.example.com', null, 'new.example.com']);
		expect(await signpost('push')).toMatchObject({ code: 0, err: 'nothing has changed here\n' });
	});

	it('pull --prune removes the file', async () => {
		expect(await signpost('pull', '--prune')).toMatchObject({ code: 0, out: 'example.org  removed: deleted there\n' });
		expect(await readdir(join(folder, 'records'))).toEqual(['.signpost.json']);
		expect((await signpost('push')).code).toBe(0);
	});

	it('a file that has not changed here is stored again too, and diff says how', async () => {
		await writeFile(recordPath('example.org.json'), minimalRecord('old.example.com'));
		expect((await signpost('diff')).err).toMatch(/the service has deleted it since: .*push --revive example\.org.*pull --prune/);
		expect(await signpost('push')).toMatchObject({ code: 0, err: 'nothing has changed here\n' });
		expect(await signpost('push', '--revive', 'example.org')).toMatchObject({ code: 0, out: 'example.org  changed\n' });
		expect(imapHosts('example.org')).toEqual(['old.example.com', null, 'old.example.com']);
	});

	it('push --revive leaves alone what has changed there and not here', async () => {
		await pullRecord('other.example');
		await signpost('pull');
		api.revisions.get('other.example')?.push({ revision: 2, record: JSON.parse(minimalRecord('theirs.example.com')), note: '' });
		expect((await signpost('push', '--revive', 'other.example')).out).toBe('');
		expect(imapHosts('other.example')).toEqual(['old.example.com', 'theirs.example.com']);
	});

	it('a file that the folder has no memory of is stored again too', async () => {
		await rm(recordPath('.signpost.json'));
		expect((await signpost('push')).out).toContain('--revive');
		expect(await signpost('push', '--revive')).toMatchObject({ code: 0 });
	});
});

it('--dry-run stores nothing', async () => {
	await pullRecord('example.org');
	await writeFile(recordPath('example.org.json'), minimalRecord('new.example.com'));
	expect(await signpost('push', '--dry-run')).toMatchObject({ code: 0, out: 'example.org  changed\n' });
	expect(imapHosts('example.org')).toEqual(['old.example.com']);
	// A dry run does not change the state: the next push still sends the file.
	expect((await signpost('push')).out).toBe('example.org  changed\n');
});

it('--free-plan sends what a day of the free plan allows, and the rest when it is run again', { timeout: 120_000 }, async () => {
	await signpost('pull');
	for (let at = 0; at < 955; at++) await writeFile(recordPath(`d${at}.example.org.json`), minimalRecord('imap.example.com'));
	const first = await signpost('push', '--free-plan');
	expect(first.code).toBe(1);
	expect(first.err).toMatch(/950 sent[\s\S]*5 files are left: .*free plan.*again tomorrow/);
	expect(api.revisions.size).toBe(950);
	const second = await signpost('push', '--free-plan');
	expect(second).toMatchObject({ code: 0, err: '5 sent\n' });
	expect(api.revisions.size).toBe(955);
	// A file that is as it was takes nothing of the day's writes, so that those behind it have their turn.
	api.revisions.get('d99.example.org')?.push({ revision: 2, record: null, note: '' });
	expect(await signpost('push', '--free-plan', '--revive')).toMatchObject({ code: 0, out: 'd99.example.org  changed\n' });
});

it('an edit of somebody else in between is not overwritten, by push or by pull', async () => {
	await pullRecord('example.org');
	await writeFile(recordPath('example.org.json'), minimalRecord('mine.example.com'));
	api.revisions.get('example.org')?.push({ revision: 2, record: JSON.parse(minimalRecord('theirs.example.com')), note: '' });
	expect(await signpost('push')).toMatchObject({
		code: 1,
		out: 'example.org  refused: the service has revision 2, this file was made from 1: signpost diff example.org shows the difference\n',
	});
	expect(await signpost('pull')).toMatchObject({ code: 1, out: 'example.org  kept: changed here\n' });
	expect(await readFile(recordPath('example.org.json'), 'utf8')).toContain('mine.example.com');
	expect(imapHosts('example.org')).toEqual(['old.example.com', 'theirs.example.com']);
});

it('a push that breaks off goes on where it was', async () => {
	await signpost('pull');
	for (let at = 0; at < 20; at++) await writeFile(recordPath(`d${at}.example.org.json`), minimalRecord('imap.example.com'));
	api.breaksAfter = 5;
	const broken = await signpost('push');
	expect(broken.code).toBe(2);
	expect(broken.err).toMatch(/broke off[\s\S]*Run it again/);
	expect(api.revisions.size).toBe(5);
	api.breaksAfter = null;
	const rest = await signpost('push');
	expect(rest.code).toBe(0);
	// The five records that were stored before are known, and not sent again.
	expect(rest.err).toContain('15 sent');
	expect(api.revisions.size).toBe(20);
	// No record has a second revision: nothing was sent twice as a change.
	expect([...api.revisions.values()].every((revisions) => revisions.length === 1)).toBe(true);
});

it('a file with faults sends nothing at all', async () => {
	await pullRecord('example.org');
	await writeFile(recordPath('example.org.json'), minimalRecord('new.example.com'));
	await writeFile(recordPath('broken.example.org.yaml'), 'kind: domain\nservices: {imap: {}}\n');
	const { code, err } = await signpost('push');
	expect(code).toBe(2);
	expect(err).toMatch(/broken\.example\.org\.yaml: .*services\.imap\.host is missing/);
	expect(imapHosts('example.org')).toEqual(['old.example.com']);
});

it('a key that stands twice in a file is a fault, in JSON too', async () => {
	await pullRecord('example.org');
	await writeFile(recordPath('example.org.json'), minimalRecord('new.example.com').replace('"kind"', '"kind": "domain", "kind"'));
	const { code, err } = await signpost('push');
	expect([code, err]).toEqual([2, expect.stringContaining('keys must be unique')]);
});

it('keeps a YAML file YAML', async () => {
	await pullRecord('example.org');
	await rm(recordPath('example.org.json'));
	await writeFile(recordPath('example.org.yaml'), minimalRecord('old.example.com'));
	api.revisions.get('example.org')?.push({ revision: 2, record: JSON.parse(minimalRecord('new.example.com')), note: '' });
	expect((await signpost('pull')).out).toBe('example.org  changed\n');
	expect(await readFile(recordPath('example.org.yaml'), 'utf8')).toContain('host: new.example.com');
	expect((await readdir(join(folder, 'records'))).sort()).toEqual(['.signpost.json', 'example.org.yaml']);
});

describe('one record', () => {
	it('rm deletes, pull takes the file away, restore brings it back', async () => {
		await pullRecord('example.org');
		expect((await signpost('rm', 'example.org', '--yes', '--note', 'left')).out).toBe(
			'example.org is deleted. Undo: signpost restore example.org 1\n',
		);
		expect((await signpost('ls')).out).toBe('');
		expect((await signpost('pull')).out).toBe('example.org  removed: deleted there\n');
		expect((await signpost('restore', 'example.org', 'r1', '--yes')).out).toBe('example.org is as it was in r1, now r3\n');
		expect((await signpost('history', 'example.org')).out).toMatch(/^r3 .*\nr2 .*left\nr1 /);
		expect(imapHosts('example.org')).toEqual(['old.example.com', null, 'old.example.com']);
	});

	it('rm and restore show what they would change, and change nothing without a terminal to ask on', async () => {
		await pullRecord('example.org');
		expect(await signpost('rm', 'example.org')).toEqual({
			code: 2,
			out: '',
			err: expect.stringMatching(/^example\.org r1\n[\s\S]* {2}- services\.imap\.host: "old\.example\.com"\n[\s\S]*nobody is there to ask/),
		});
		expect(imapHosts('example.org')).toEqual(['old.example.com']);
		api.revisions.get('example.org')?.push({ revision: 2, record: JSON.parse(minimalRecord('new.example.com')), note: '' });
		expect(await signpost('restore', 'example.org', '1')).toEqual({
			code: 2,
			out: '',
			err: expect.stringMatching(
				/^example\.org {2}would change\n {2}- services\.imap\.host: "new\.example\.com"\n {2}\+ services\.imap\.host: "old\.example\.com"\nerror: nobody is there to ask/,
			),
		});
		await signpost('rm', 'example.org', '--yes');
		const ofDeletion = await signpost('restore', 'example.org', '3');
		expect(ofDeletion.err).toMatch(
			/^r3 was a deletion: the record before it, r2, is restored\.\n[\s\S]*\+ services\.imap\.host: "new\.example\.com"/,
		);
		expect(await signpost('restore', 'example.org', '9')).toMatchObject({ code: 2, err: expect.stringContaining('no such revision') });
		expect(imapHosts('example.org')).toEqual(['old.example.com', 'new.example.com', null]);
	});

	it('render reads it from the service', async () => {
		await pullRecord('example.org');
		const { code, out } = await signpost('render', 'alice@example.org', '--api', api.origin);
		expect(code).toBe(0);
		expect(out).toContain('<hostname>old.example.com</hostname>');
	});

	it.each([
		['render', 'alice@example.org'],
		['zone', 'example.org', '--site', 'signpost.example.net'],
		['postfix', 'example.org'],
		['dovecot', 'example.org'],
	])('%s takes it from SIGNPOST_API, unless a file is named', async (...args) => {
		await pullRecord('example.org');
		expect(await signpost(...args)).toMatchObject({ code: 0 });
		await writeFile(join(folder, 'other.json'), minimalRecord('file.example.com'));
		expect(await signpost(...args, '--record', 'other.json')).toMatchObject({ code: 0 });
		expect(await signpost(...args, '--record', 'nowhere.json')).toMatchObject({ code: 2 });
	});
});

it('a wrong token is said so', async () => {
	const { code, err } = await runSignpost(['ls', '--api', api.origin], folder, { env: { SIGNPOST_TOKEN: 'wrong' } });
	expect(code).toBe(2);
	expect(err).toMatch(/No valid token came[\s\S]*SIGNPOST_TOKEN/);
});
