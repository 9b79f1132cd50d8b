/** `signpost check --send`: the result arrives at the service, or the tool says why not. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Answer } from 'dns-packet';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyArea, gradedReport } from '../../../src/cli/check/finding.ts';
import { createCheckSender } from '../../../src/cli/check/send/check-sender.ts';
import { recordDigest } from '../../../src/cli/workspace/record-folder.ts';
import { DAY_MS } from '../../../src/lib/time.ts';
import { type FakeAdminApi, startFakeAdminApi, TOKEN } from '../../support/fake-admin-api.ts';
import { type FakeInternet, SITE, startFakeInternet } from '../../support/fake-internet.ts';
import { fixtureText, resolvedFixture } from '../../support/fixture-records.ts';
import { runSignpost } from '../../support/run-signpost.ts';

const RECORD = join(import.meta.dirname, '../../fixtures/records/everything.json');
const EVERYTHING = JSON.parse(fixtureText('everything'));

let world: FakeInternet;
let zone: Answer[];
let folder: string;
let api: FakeAdminApi;
beforeAll(async () => {
	world = await startFakeInternet({ found: resolvedFixture('everything') });
	zone = [...world.nameServer.zone];
	folder = await mkdtemp(join(tmpdir(), 'signpost-send-'));
});
afterAll(async () => {
	await world.close();
	await rm(folder, { recursive: true });
});
beforeEach(async () => {
	api = await startFakeAdminApi();
	save('example.com', EVERYTHING);
});
afterEach(async () => {
	world.nameServer.zone = zone;
	await api.close();
});

function save(domain: string, record: unknown): void {
	api.revisions.set(domain, [{ revision: 1, record, note: '' }]);
}

/** A zone in which a warning is found. */
const worseZone = () => zone.filter(({ name }) => name !== '_imaps._tcp.example.com');

const SITE_OPTIONS = ['--site', SITE.host];
const environment = () => ({ SIGNPOST_TOKEN: TOKEN, SIGNPOST_API: api.origin });

async function check(args: readonly string[], env: Readonly<Record<string, string>> = environment()) {
	const { code, out, err } = await runSignpost(['check', ...args, ...SITE_OPTIONS, ...world.toolArguments], folder, { env });
	// What takes more than a second is said to be under way.
	return { code, out, err: err.replace(/^(?:Looking at .*|\d+\/\d+ .*)\n/gm, '') };
}

const sentTo = (domain: string) => api.checks?.get(domain) ?? [];

describe('a result', () => {
	it('arrives, with the digest of the record that was checked, and without the address', async () => {
		const { code, out, err } = await check(['alice@example.com', '--send']);
		expect([code, err]).toEqual([0, `sent to ${api.origin}\n`]);
		expect(out).toMatch(/^A {2}alice@example\.com/);
		const [sent] = sentTo('example.com');
		expect(sent?.areas.map(({ area }) => area)).toEqual(['dns', 'http', 'mail', 'mta-sts']);
		expect(sent?.recordDigest).toBe(recordDigest(EVERYTHING));
		expect(JSON.stringify(sent)).not.toContain('alice');
	});

	it('that is worse is said on stderr, so that JSON stays JSON; the exit code is that of the findings', async () => {
		await check(['example.com', '--only', 'dns', '--send']);
		world.nameServer.zone = worseZone();
		const { code, out, err } = await check(['example.com', '--only', 'dns', '--send', '--json']);
		expect([code, err]).toEqual([1, `sent to ${api.origin}; dns went from A to B\n`]);
		expect(JSON.parse(out)).toMatchObject([{ overall: 'B', recordDigest: recordDigest(EVERYTHING) }]);
		expect(sentTo('example.com').map(({ areas }) => areas.length)).toEqual([1, 1]);
	});

	it('of a record in a file goes to the service all the same, with the digest of the file’s record', async () => {
		await writeFile(join(folder, 'example.com.yaml'), `# the same record\n${JSON.stringify(EVERYTHING, null, 4)}`);
		const { code } = await check(['example.com', '--only', 'dns', '--send', '--record', 'example.com.yaml']);
		const named = await check(['example.com', '--only', 'dns', '--send', '--record', RECORD, '--api', api.origin], {
			SIGNPOST_TOKEN: TOKEN,
		});
		expect([code, named.code]).toEqual([0, 0]);
		expect(sentTo('example.com').map((sent) => sent.recordDigest)).toEqual(Array(2).fill(recordDigest(EVERYTHING)));
		expect(api.requests.every((request) => request === 'PUT /admin/api/domains/example.com/check')).toBe(true);
	});

	it('of an alias has the digest of the alias, which is what is saved under its name', async () => {
		const alias = { kind: 'alias', of: 'example.com' };
		save('alias.example.org', alias);
		const { err } = await check(['alias.example.org', '--only', 'mta-sts', '--send']);
		expect(err).toBe(`sent to ${api.origin}\n`);
		expect(sentTo('alias.example.org')[0]?.recordDigest).toBe(recordDigest(alias));
	});
});

describe('what cannot be sent', () => {
	it('for want of a service is said before anything is looked at', async () => {
		world.requests.length = 0;
		const { code, out, err } = await check(['example.com', '--send', '--record', RECORD], {});
		expect([code, out, world.requests]).toEqual([2, '', []]);
		expect(err).toMatch(/--send needs the service[\s\S]*--api https:.*SIGNPOST_API.*SIGNPOST_TOKEN/);
	});

	it('because a wildcard’s record answers is said in plain words', async () => {
		save('*.wild.example', EVERYTHING);
		const { code, err } = await check(['one.wild.example', '--only', 'mta-sts', '--send']);
		expect(code).toBe(2);
		expect(err).toMatch(/^not sent: .* has no record that is saved as one\.wild\.example[\s\S]*wildcard/);
	});

	it('is exit code 2 though all is well', async () => {
		api.revisions.delete('example.com');
		const { code, out, err } = await check(['example.com', '--only', 'dns', '--send', '--record', RECORD]);
		expect([code, out.startsWith('A  ')]).toEqual([2, true]);
		expect(err).toMatch(/^not sent: .* has no record that is saved as example\.com/);
	});

	it('because the service keeps no results yet is not said to be for want of a record', async () => {
		api.checks = null;
		const { code, err } = await check(['example.com', '--only', 'dns', '--send']);
		expect([code, err]).toEqual([2, expect.stringMatching(/^not sent: .* keeps no results of checks: it is of an earlier release/)]);
	});

	it('is exit code 2 also where something was found', async () => {
		world.nameServer.zone = worseZone();
		const { code, out, err } = await check(['example.com', '--only', 'dns', '--send', '--record', RECORD], {
			...environment(),
			SIGNPOST_TOKEN: 'not-a-token-of-this-service-at-all-0123',
		});
		expect([code, out.startsWith('B  ')]).toEqual([2, true]);
		expect(err).toMatch(/^not sent: .*No valid token[\s\S]*SIGNPOST_TOKEN/);
	});
});

it('of many domains the tool names those that got worse or did not arrive, and counts', async () => {
	await writeFile(join(folder, 'domains.txt'), 'example.com\nabsent.example.org\nfine.example.org\n');
	save('fine.example.org', EVERYTHING);
	const args = ['--from', 'domains.txt', '--only', 'dns', '--send', '--record', RECORD];
	await check(args);
	world.nameServer.zone = worseZone();
	const { code, err } = await check(args);
	const lines = err.split('\n').filter((line) => !line.startsWith('   '));
	expect([code, lines]).toEqual([
		2,
		[
			'example.com: dns went from A to B',
			expect.stringContaining('absent.example.org: not sent: '),
			`2 of 3 sent to ${api.origin}; 1 worse than before`,
			'',
		],
	]);
});

it('--watch sends the first round, and then only what has changed', async () => {
	const args = ['check', 'example.com', '--only', 'dns', '--watch', '1', '--json', '--send', ...SITE_OPTIONS, ...world.toolArguments];
	const child = spawn(process.execPath, [join(import.meta.dirname, '../../../src/cli/main.ts'), ...args], {
		cwd: folder,
		env: { ...process.env, ...environment() },
	});
	const told: string[] = [];
	const rounds = () => api.requests.filter((request) => request === 'GET /admin/api/domains/example.com').length;
	const watching = setInterval(() => {
		// Three rounds in which nothing has changed go by before something does.
		if (told.length === 1 && rounds() >= 4) world.nameServer.zone = worseZone();
		if (told.length === 2 && rounds() >= 7) child.kill();
	}, 50);
	for await (const line of createInterface(child.stderr)) told.push(line);
	clearInterval(watching);
	expect(told).toEqual([`sent to ${api.origin}`, `sent to ${api.origin}; dns went from A to B`]);
	expect(sentTo('example.com')).toHaveLength(2);
});

it('an unchanged result is sent again after a day, and one that did not arrive at once', async () => {
	vi.stubEnv('SIGNPOST_TOKEN', TOKEN);
	let time = Date.parse('2026-11-28T06:00:00Z');
	const sender = createCheckSender({ api: api.origin }, () => time);
	vi.unstubAllEnvs();
	if (!sender.ok) throw new Error(sender.error.message);
	const about = { address: 'alice@example.com', domain: 'example.com', recordDigest: '0'.repeat(64), at: '' };
	const report = gradedReport(about, [emptyArea('dns')]);
	const sendAfter = async (passed: number) => {
		time += passed;
		await sender.value.send(report);
		return [sender.value.tell(), sentTo('example.com').length];
	};
	const kept = api.checks;
	api.checks = null;
	expect(await sendAfter(0)).toEqual([false, 0]);
	api.checks = kept;
	expect(await sendAfter(1)).toEqual([true, 1]);
	expect(await sendAfter(DAY_MS - 1)).toEqual([true, 1]);
	expect(await sendAfter(1)).toEqual([true, 2]);
});
