/** Killed in the middle of things, as a power cut would, and started again: whatever was acknowledged is still there. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
	type DomainResponse,
	OPERATOR_HEADERS,
	OPERATOR_TOKEN,
	readPublicName,
	readWholeHistory,
	sampleRecord,
	useAdminService,
	waitUntil,
} from '../support/admin-service.ts';
import { runSignpost } from '../support/run-signpost.ts';
import { type DohServer, startDohServer } from './doh-server.ts';

let dohServer: DohServer;
beforeAll(async () => {
	dohServer = await startDohServer();
});
afterAll(() => dohServer.close());

const service = useAdminService(() => ({ SELF_SERVICE: 'on', DOH_URL: dohServer.url }));

const DOMAINS = Array.from({ length: 8 }, (_, at) => `d${at}.example`);

/** Repeats a step until the service is gone; what the steps returned, each of which was acknowledged. */
async function repeatUntilKilled<T>(step: (acknowledged: readonly T[]) => Promise<T>): Promise<readonly T[]> {
	const acknowledged: T[] = [];
	for (;;) {
		try {
			acknowledged.push(await step(acknowledged));
		} catch (failure) {
			// The connection broke: what fetch throws is a TypeError.
			if (failure instanceof TypeError) return acknowledged;
			throw failure;
		}
	}
}

/** Sends a request to the admin API. @throws where the answer has another status */
async function call<T>(
	method: string,
	path: string,
	status: number,
	body?: object,
	headers: Readonly<Record<string, string>> = {},
): Promise<T> {
	const response = await fetch(`${service.api}${path}`, {
		method,
		headers: { ...OPERATOR_HEADERS, ...headers },
		body: body === undefined ? null : JSON.stringify(body),
	});
	const text = await response.text();
	if (response.status !== status) throw new Error(`${method} ${path}: ${response.status}: ${text}`);
	return (text === '' ? null : JSON.parse(text)) as T;
}

/** Saves one revision after the other until the service is gone; the notes of those that were acknowledged. */
async function writeUntilKilled(domain: string): Promise<readonly string[]> {
	let revision = 0;
	return repeatUntilKilled(async ({ length }) => {
		const note = `${domain} ${length}`;
		const condition: Record<string, string> = revision === 0 ? { 'If-None-Match': '*' } : { 'If-Match': `"${revision}"` };
		const saved = await call<DomainResponse>('PUT', `/domains/${domain}`, 200, { record: sampleRecord(note), note }, condition);
		revision = saved.revision;
		return note;
	});
}

interface ProvedClaim {
	readonly domain: string;
	readonly claim: string;
	readonly secret: string;
}

/** Claims each domain twice, one after the other: the second proof ends the first one's token. */
function claimUntilKilled(): Promise<readonly ProvedClaim[]> {
	return repeatUntilKilled(async ({ length }) => {
		const domain = `claimed${Math.floor(length / 2)}.example`;
		const { claim, record } = await call<{ claim: string; record: { name: string; data: string } }>('POST', '/claims', 200, { domain });
		dohServer.records.set(`${record.name} TXT`, [`"${record.data}"`]);
		const { secret } = await call<{ secret: string }>('POST', `/claims/${domain}`, 201, { claim });
		return { domain, claim, secret };
	});
}

interface CreatedToken {
	readonly id: string;
	readonly secret: string;
	readonly isRevoked: boolean;
}

/** Creates tokens for one domain, and revokes every second one. */
function createTokensUntilKilled(domain: string): Promise<readonly CreatedToken[]> {
	return repeatUntilKilled(async ({ length }) => {
		const body = { name: `token ${length}`, role: 'read', domains: [domain] };
		const { id, secret } = await call<CreatedToken>('POST', '/tokens', 201, body);
		const isRevoked = length % 2 === 1;
		if (isRevoked) await call('DELETE', `/tokens/${id}`, 204);
		return { id, secret, isRevoked };
	});
}

/** Whether the service lets somebody in with a token. After some that are not valid it tells their sender to wait, with 429. */
async function opens(secret: string, domain: string): Promise<boolean> {
	const response = await fetch(`${service.api}/domains/${domain}`, { headers: { Authorization: `Bearer ${secret}` } });
	expect([200, 401, 429]).toContain(response.status);
	return response.status === 200;
}

function signpost(...args: readonly string[]) {
	return runSignpost(args, service.state, { env: { SIGNPOST_API: service.origin, SIGNPOST_TOKEN: OPERATOR_TOKEN } });
}

describe('killed in the middle of a stream of writes, and started again', () => {
	it('has every acknowledged write, and its copy catches up', async () => {
		const writers = DOMAINS.map(writeUntilKilled);
		await sleep(2500);
		await service.crash();
		const acknowledged = await Promise.all(writers);
		const count = acknowledged.flat().length;
		console.log(`${count} writes acknowledged before the kill`);
		expect(count).toBeGreaterThan(20);
		await service.restart();
		for (const [at, domain] of DOMAINS.entries()) {
			const history = await readWholeHistory(service, domain);
			const notes = history.map(({ note }) => note);
			// At most one more: written, and killed before it could say so.
			expect(notes.slice(0, acknowledged[at]?.length)).toEqual(acknowledged[at]);
			expect(notes.length - (acknowledged[at]?.length ?? 0)).toBeLessThanOrEqual(1);
			// Nobody has saved since: the alarm alone brings the copy up to date.
			await waitUntil(`clients of ${domain} get its last`, async () => (await readPublicName(service, domain)) === notes.at(-1));
		}
		const listed = await fetch(`${service.api}/domains?prefix=d`, { headers: OPERATOR_HEADERS });
		const { domains } = (await listed.json()) as { domains: { domain: string }[] };
		expect(domains.map(({ domain }) => domain)).toEqual(DOMAINS);
	});
});

describe('killed in the middle of an import', () => {
	it('has every line that was acknowledged: listed, served, and as it was sent', async () => {
		const LINES = 4000;
		const nameOf = (at: number) => `imported${String(at).padStart(4, '0')}.example`;
		const lines = Array.from({ length: LINES }, (_, at) =>
			JSON.stringify({ domain: nameOf(at), record: sampleRecord(nameOf(at)), tags: ['bulk'] }),
		);
		const body = lines.join('\n');
		const response = await fetch(`${service.api}/import`, { method: 'POST', headers: OPERATOR_HEADERS, body });
		let told = '';
		const decoder = new TextDecoder();
		try {
			for await (const chunk of response.body ?? []) {
				told += decoder.decode(chunk, { stream: true });
				if (told.split('\n').length > 500) void service.crash();
			}
		} catch (failure) {
			// The connection broke: what fetch throws is a TypeError.
			if (!(failure instanceof TypeError)) throw failure;
		}
		const results = told
			.split('\n')
			.slice(0, -1)
			.map((line) => JSON.parse(line) as { domain?: string; result?: string });
		const acknowledged = results.flatMap(({ domain, result }) => (result === 'created' && domain !== undefined ? [domain] : []));
		console.log(`${acknowledged.length} lines acknowledged before the kill`);
		expect(acknowledged.length).toBeGreaterThan(400);
		expect(acknowledged.length).toBeLessThan(LINES);
		await service.restart();
		const listed = await fetch(`${service.api}/domains?prefix=imported&limit=1000`, { headers: OPERATOR_HEADERS });
		const { domains } = (await listed.json()) as { domains: { domain: string }[] };
		const known = new Set(domains.map(({ domain }) => domain));
		expect(acknowledged.slice(0, 1000).filter((domain) => !known.has(domain))).toEqual([]);
		for (const domain of acknowledged.filter((_, at) => at % 40 === 0)) {
			expect(await readPublicName(service, domain)).toBe(domain);
			expect((await readWholeHistory(service, domain)).map(({ revision }) => revision)).toEqual([1]);
		}
		// What was not acknowledged, or was and is not known: the same file brings all of it.
		const again = await fetch(`${service.api}/import`, { method: 'POST', headers: OPERATOR_HEADERS, body });
		const counts = JSON.parse((await again.text()).trim().split('\n').at(-1) ?? '') as { created: number; unchanged: number };
		expect(counts.created + counts.unchanged).toBe(LINES);
		expect(counts.unchanged).toBeGreaterThanOrEqual(acknowledged.length);
		await waitUntil('clients get the last', async () => (await readPublicName(service, nameOf(LINES - 1))) === nameOf(LINES - 1));
	});
});

describe('killed while domains are claimed, tokens created and revoked, and a backup is written', () => {
	const RECORDS = 2000;
	const file = 'interrupted.backup';
	let claims: readonly ProvedClaim[] = [];
	let tokens: readonly CreatedToken[] = [];

	it('is filled, and killed', async () => {
		const lines = Array.from(
			{ length: RECORDS },
			(_, at) => `${JSON.stringify({ domain: `b${at}.example`, record: sampleRecord('B') })}\n`,
		);
		const imported = await fetch(`${service.api}/import`, { method: 'POST', headers: OPERATOR_HEADERS, body: lines.join('') });
		expect(await imported.text()).toContain(`"created":${RECORDS},`);
		const work = Promise.all([claimUntilKilled(), createTokensUntilKilled('b0.example')]);
		await sleep(1500);
		const backup = signpost('backup', file);
		await waitUntil('the backup is under way', async () => ((await stat(join(service.state, file)).catch(() => null))?.size ?? 0) > 0);
		await service.crash();
		[claims, tokens] = await work;
		console.log(`${claims.length} claims and ${tokens.length} tokens acknowledged before the kill`);
		expect((await backup).code).toBe(2);
		expect(claims.length).toBeGreaterThan(4);
		expect(tokens.length).toBeGreaterThan(4);
		await service.restart();
	});

	it('knows every token, and that it was revoked', async () => {
		for (const { secret, isRevoked } of tokens) expect(await opens(secret, 'b0.example')).toBe(!isRevoked);
	});

	it('knows who holds each domain: the last proof that was acknowledged, or one that it had no time to acknowledge', async () => {
		const last = claims.at(-1)?.domain;
		for (const [at, { domain, claim, secret }] of claims.entries()) {
			const isSecond = at % 2 === 1;
			// Nobody has heard of a second proof of the last domain, but it may have been made.
			if (isSecond || domain !== last) expect(await opens(secret, domain), `${domain}, proof ${at}`).toBe(isSecond);
			const again = await fetch(`${service.api}/claims/${domain}`, { method: 'POST', body: JSON.stringify({ claim }) });
			expect(again.status, 'a proof works once').toBe(409);
		}
	});

	it('goes on with the backup, which is whole', async () => {
		expect(await signpost('backup', file)).toMatchObject({ code: 0 });
		expect((await signpost('restore', file, '--dry-run')).out).toMatch(/^new: 0, changed: 0, .*refused: 0$/m);
	});
});
