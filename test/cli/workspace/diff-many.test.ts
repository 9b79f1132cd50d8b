/** `diff` of more records than it reads one by one: it takes the digests of the list, and never says "the same" of what it cannot know. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { recordDigest } from '../../../src/cli/workspace/record-folder.ts';
import { type FakeAdminApi, startFakeAdminApi, TOKEN } from '../../support/fake-admin-api.ts';
import { fixtureText } from '../../support/fixture-records.ts';
import { runSignpost } from '../../support/run-signpost.ts';

const COUNT = 250;
const LIST = 'GET /admin/api/domains';

let api: FakeAdminApi;
let folder: string;
beforeEach(async () => {
	api = await startFakeAdminApi();
	folder = await mkdtemp(join(tmpdir(), 'signpost-diff-'));
	await mkdir(join(folder, 'records'));
	for (let at = 0; at < COUNT; at++)
		api.revisions.set(`d${at}.example.net`, [{ revision: 1, record: JSON.parse(hostedAt('imap.example.com')), note: '' }]);
	await signpost('pull');
	api.requests.length = 0;
});
afterEach(async () => {
	await api.close();
	await rm(folder, { recursive: true });
});

const signpost = (...args: readonly string[]) => runSignpost(args, folder, { env: { SIGNPOST_TOKEN: TOKEN, SIGNPOST_API: api.origin } });
const hostedAt = (host: string) => fixtureText('minimal').replace('imap.example.com', host);
const CHANGED = '  differs\n  - services.imap.host: "imap.example.com"\n  + services.imap.host: "new.example.com"\n';

it('reads no record that is the same', async () => {
	expect(await signpost('diff')).toMatchObject({ code: 0, out: '' });
	expect(api.requests).toEqual([LIST]);
});

it('reads those alone that differ', async () => {
	await writeFile(join(folder, 'records/d7.example.net.json'), hostedAt('new.example.com'));
	await rm(join(folder, 'records/d8.example.net.json'));
	api.revisions.set('other.example.net', [{ revision: 1, record: JSON.parse(hostedAt('imap.example.com')), note: '' }]);
	api.revisions.get('d9.example.net')?.push({ revision: 2, record: null, note: '' });
	const { code, out, err } = await signpost('diff');
	expect([code, out]).toEqual([1, `d7.example.net${CHANGED}d8.example.net  only there\nd9.example.net  only here\n`]);
	expect(err).toContain('d9.example.net: the service has deleted it since');
	// The two are read side by side.
	expect(api.requests.toSorted()).toEqual([LIST, `${LIST}/d7.example.net`, `${LIST}/d8.example.net`]);
	expect((await signpost('diff', '--all')).out).toContain('other.example.net  only there\n');
});

it('reads a record whose entry in the list is older than what the folder had from the service', async () => {
	const path = join(folder, 'records/.signpost.json');
	const state: Record<string, { revision: number }> = JSON.parse(await readFile(path, 'utf8'));
	await writeFile(path, JSON.stringify({ ...state, 'd7.example.net': { ...state['d7.example.net'], revision: 2 } }));
	// The list has the digest of the file; the record is another one by now.
	const pulled = recordDigest(JSON.parse(hostedAt('imap.example.com')));
	api.digestOf = () => pulled;
	api.revisions.set('d7.example.net', [{ revision: 1, record: JSON.parse(hostedAt('new.example.com')), note: '' }]);
	const { code, out } = await signpost('diff');
	expect([code, out.split('\n')[0]]).toEqual([1, 'd7.example.net  differs']);
	expect(api.requests).toEqual([LIST, `${LIST}/d7.example.net`]);
});

it('reads the records of which the list has no digest, or another one', async () => {
	const digestOf = api.digestOf;
	await writeFile(join(folder, 'records/d7.example.net.json'), hostedAt('new.example.com'));
	let asked = 0;
	// As of records that an earlier release has saved, and of those that it has saved with their fields in another order.
	api.digestOf = (record) => {
		asked += 1;
		return asked === 1 ? null : asked === 2 ? 'another' : digestOf(record);
	};
	expect(await signpost('diff')).toMatchObject({ code: 1, out: `d7.example.net${CHANGED}` });
	expect(api.requests).toHaveLength(4);
});

it('exports all where the service has no digests', async () => {
	api.digestOf = () => null;
	await writeFile(join(folder, 'records/d7.example.net.json'), hostedAt('new.example.com'));
	expect(await signpost('diff')).toMatchObject({ code: 1, out: `d7.example.net${CHANGED}` });
	expect(api.requests).toEqual([LIST, 'GET /admin/api/export']);
});
