/** The tool against the started service: records as files, what was put into KV by hand, and the trail of it all. */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer } from 'dns-packet';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OPERATOR_TOKEN, readPublicName, sampleRecord, useAdminService, waitUntil } from '../support/admin-service.ts';
import { startFakeNameServer } from '../support/fake-name-server.ts';
import { runSignpost, type ToolResult } from '../support/run-signpost.ts';

const DOMAIN = 'tool.example';

let folder: string;
const service = useAdminService(() => ({ KEEP_SECONDS: '0' }));

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'signpost-tool-'));
});

afterAll(() => rm(folder, { recursive: true }));

const signpost = (...args: readonly string[]): Promise<ToolResult> =>
	runSignpost(args, folder, { env: { SIGNPOST_TOKEN: OPERATOR_TOKEN, SIGNPOST_API: service.origin } });

async function writeRecordFile(file: string, name: string): Promise<string> {
	const path = join(folder, file);
	await writeFile(path, JSON.stringify(sampleRecord(name)));
	return path;
}

/** Puts a record into KV past the admin. */
async function putByHand(name: string): Promise<void> {
	const file = await writeRecordFile('by-hand.json', name);
	const put = spawnSync(process.execPath, ['src/cli/main.ts', 'record', 'put', DOMAIN, file, '--state', service.state], {
		encoding: 'utf8',
	});
	expect([put.status, put.stderr.includes('ERROR')]).toEqual([0, false]);
	await waitUntil('clients get it', async () => (await readPublicName(service, DOMAIN)) === name);
}

it('a file becomes a record, and a record a file', async () => {
	await mkdir(join(folder, 'records'));
	await writeRecordFile(`records/${DOMAIN}.json`, 'First');
	expect(await signpost('push', '--note', 'first')).toMatchObject({ code: 0, out: `${DOMAIN}  created\n` });
	await waitUntil('clients get it', async () => (await readPublicName(service, DOMAIN)) === 'First');
	expect(await signpost('outside', DOMAIN)).toMatchObject({ code: 0, out: `${DOMAIN}  the copy in KV is the service's own\n` });
	expect((await signpost('outside')).code).toBe(0);
});

it('what was put into KV by hand is shown, and refused by push, until it is adopted', async () => {
	await putByHand('Second');
	expect(await signpost('outside', DOMAIN)).toMatchObject({
		code: 1,
		out: `${DOMAIN}  was edited in KV by hand\n  - provider.name: "First"\n  + provider.name: "Second"\n`,
	});
	expect(await signpost('outside')).toMatchObject({ code: 1, out: `${DOMAIN}\n` });
	await writeRecordFile(`records/${DOMAIN}.json`, 'Mine');
	expect(await signpost('push')).toMatchObject({ code: 1, out: expect.stringContaining('edited outside') });
	expect(await signpost('outside', DOMAIN, '--adopt', '--yes', '--note', 'in a hurry')).toMatchObject({
		code: 0,
		out: `${DOMAIN} is as the copy was, now r2\n`,
	});
	expect((await signpost('outside', DOMAIN)).code).toBe(0);
	await rm(join(folder, 'records', `${DOMAIN}.json`));
	await signpost('pull');
	expect(JSON.parse(await readFile(join(folder, 'records', `${DOMAIN}.json`), 'utf8'))).toMatchObject({ provider: { name: 'Second' } });
});

it('or until it is overwritten', async () => {
	await putByHand('Third');
	const done = await signpost('outside', DOMAIN, '--overwrite', '--yes');
	expect([done.code, done.out]).toEqual([0, expect.stringMatching(/^tool\.example is as it was saved last, now r\d+\n$/)]);
	await waitUntil('clients get the revision again', async () => (await readPublicName(service, DOMAIN)) === 'Second');
});

it('the acts are opposites, and about one domain', async () => {
	expect(await signpost('outside', DOMAIN, '--adopt', '--overwrite')).toMatchObject({ code: 2 });
	expect(await signpost('outside', '--adopt')).toMatchObject({ code: 2 });
	expect((await signpost('outside', DOMAIN, '--adopt')).err).toContain('not edited outside');
});

it('the audit trail has it all, newest first, as many as are asked for', async () => {
	const lines = async (...args: readonly string[]) =>
		(await signpost('audit', ...args, '--json')).out
			.trim()
			.split('\n')
			.map((line) => JSON.parse(line) as { act: string; domain: string; who: string });
	expect((await lines(DOMAIN)).map(({ act, who }) => [act, who])).toEqual([
		['overwrite', 'operator'],
		['adopt', 'operator'],
		['import', 'operator'],
	]);
	expect((await lines('--limit', '1')).map(({ act }) => act)).toEqual(['overwrite']);
	expect((await lines('--limit', '0')).length).toBeGreaterThan(3);
	const shown = await signpost('audit', DOMAIN, '--limit', '2');
	expect(shown.out).toMatch(/^\d{4}-\d\d-\d\dT\S+Z {2}overwrite {2}tool\.example {2}operator.*\n\d{4}\S+Z {2}adopt {6}/);
	expect((await signpost('audit', '--limit', 'all')).code).toBe(2);
});

it('a token is for domains or for a tag, and the list says which', async () => {
	const create = (...reach: readonly string[]) => signpost('token', 'create', '--name', 'Sales', ...reach);
	for (const reach of [[], ['--domains', DOMAIN, '--tag', 'access:sales']])
		expect(await create(...reach)).toMatchObject({ code: 2, out: '', err: expect.stringContaining('either --domains or --tag') });
	expect(await create('--tag', 'sales')).toMatchObject({ code: 2, err: expect.stringContaining('must begin with access:') });
	expect(await create('--tag', 'access:sales')).toMatchObject({ code: 0, out: expect.stringMatching(/^signpost_\S+\n$/) });
	expect((await signpost('token', 'ls')).out).toContain('all with the tag access:sales');
});

it('a token is revoked once somebody agrees, and what is shown before says whose it is', async () => {
	const created = await signpost('token', 'create', '--name', 'Deploy script', '--role', 'write', '--domains', DOMAIN, '--json');
	const { id } = JSON.parse(created.out);
	const listed = async (): Promise<string> => (await signpost('token', 'ls')).out.split('\n').find((line) => line.startsWith(id)) ?? '';
	// Nobody is there to ask.
	const refused = await signpost('token', 'revoke', id);
	expect(refused).toMatchObject({ code: 2, out: '' });
	expect(refused.err).toContain(
		`Deploy script, write: ${DOMAIN}\nIt stops working at once, and with it every token that it has created.\n`,
	);
	expect(refused.err).toContain('--yes goes on without a question');
	expect(await listed()).toContain('until ');
	expect(await signpost('token', 'revoke', id, '--yes')).toMatchObject({ code: 0, out: '' });
	expect(await listed()).toContain('revoked');
	expect(await signpost('token', 'revoke', 'nobody')).toMatchObject({
		code: 2,
		out: '',
		err: expect.not.stringContaining('nobody is there'),
	});
});

it('zone --diff --api takes out what an earlier revision gave, and nothing else', async () => {
	const earlier = {
		...sampleRecord('Earlier'),
		services: {
			imap: { host: 'imap.example.com' },
			submission: { host: 'smtp.example.com' },
			caldav: { url: 'https://dav.tool.example/' },
		},
	};
	await writeFile(join(folder, 'earlier.json'), JSON.stringify(earlier));
	await writeRecordFile('now.json', 'Now');
	const save = async (file: string) => {
		await rm(join(folder, 'records'), { recursive: true, force: true });
		await mkdir(join(folder, 'records'));
		await signpost('pull');
		await writeFile(join(folder, 'records', `${DOMAIN}.json`), await readFile(join(folder, file)));
		expect((await signpost('push')).code).toBe(0);
	};
	await save('earlier.json');
	await save('now.json');
	const srv = (label: string, port: number, target: string): Answer => ({
		name: `${label}._tcp.${DOMAIN}`,
		type: 'SRV',
		ttl: 300,
		data: { priority: 0, weight: 1, port, target },
	});
	const nameServer = await startFakeNameServer([
		srv('_caldavs', 443, 'dav.tool.example'),
		srv('_jmap', 443, 'jmap.elsewhere.example'),
		{ name: `_mta-sts.${DOMAIN}`, type: 'TXT', ttl: 300, data: 'v=STSv1; id=mine' },
	]);
	const diff = (...more: readonly string[]) =>
		signpost('zone', DOMAIN, '--diff', '--site', 'signpost.example.net', '--resolver', nameServer.address, ...more);
	const ofService = await diff('--api', service.origin);
	const ofFile = await diff('--record', join(folder, 'now.json'));
	await nameServer.close();
	const removed = ({ out }: ToolResult) => out.split('\n').filter((line) => line.startsWith('update delete'));
	expect(removed(ofService)).toEqual([expect.stringContaining(`_caldavs._tcp.${DOMAIN}. SRV`)]);
	expect(removed(ofFile)).toEqual([]);
	for (const { out } of [ofService, ofFile]) {
		expect(out).toContain(`; left as it is, for it is another's (--prune removes it): _jmap._tcp.${DOMAIN} SRV`);
		expect(out).toContain(`(--prune removes it): _mta-sts.${DOMAIN} TXT`);
	}
});
