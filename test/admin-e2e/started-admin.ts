/** The started service, its admin, and what the tests of it have in common. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type StartedService, spawnService } from '../support/start-service.ts';

export const OPERATOR_TOKEN = 'operator-token-of-the-end-to-end-tests-0123';

export interface AdminService extends StartedService {
	readonly origin: string;
	readonly api: string;
}

export function createStateFolder(): Promise<string> {
	return mkdtemp(join(tmpdir(), 'signpost-admin-'));
}

export async function removeStateFolder(state: string): Promise<void> {
	// workerd may still be closing its files.
	await rm(state, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/** @param options more of npm start's options */
export async function startService(state: string, options: readonly string[] = []): Promise<AdminService> {
	const started = await spawnService(state, { ADMIN_TOKEN: OPERATOR_TOKEN }, options);
	const origin = `http://127.0.0.1:${started.port}`;
	return { ...started, origin, api: `${origin}/admin/api` };
}

export const OPERATOR_HEADERS = { Authorization: `Bearer ${OPERATOR_TOKEN}` } as const;

export function sampleRecord(name: string): object {
	return {
		kind: 'domain',
		provider: { name },
		services: { imap: { host: 'imap.example.com' }, submission: { host: 'smtp.example.com' } },
	};
}

/** What is used of an answer about a record. */
export interface DomainResponse {
	readonly revision: number;
	readonly copy: string;
	readonly changed: boolean;
	readonly record: { readonly provider: { readonly name: string } } | null;
}

/** The name that clients are shown, from the public service. */
export async function readPublicName({ origin }: Pick<AdminService, 'origin'>, domain: string): Promise<string | null> {
	const response = await fetch(`${origin}/mail/config-v1.1.xml?emailaddress=a@${domain}`);
	return /<displayName>(.*)<\/displayName>/.exec(await response.text())?.[1] ?? null;
}

/** Every revision of a record, oldest first. */
export async function readWholeHistory(
	{ api }: Pick<AdminService, 'api'>,
	domain: string,
): Promise<readonly { revision: number; note: string }[]> {
	const all: { revision: number; note: string }[] = [];
	for (let before: string | null = ''; before !== null; ) {
		const query: string = before === '' ? '' : `&before=${before}`;
		const response = await fetch(`${api}/domains/${domain}/history?limit=1000${query}`, { headers: OPERATOR_HEADERS });
		const page = (await response.json()) as { revisions: { revision: number; note: string }[]; next: string | null };
		all.push(...page.revisions);
		before = page.next;
	}
	return all.reverse();
}

/** Waits until something holds; a minute at most. */
export async function waitUntil(what: string, holds: () => Promise<boolean>): Promise<void> {
	for (const begun = Date.now(); Date.now() - begun < 60_000; await sleep(200)) if (await holds()) return;
	throw new Error(`within a minute it did not come to be that ${what}`);
}
