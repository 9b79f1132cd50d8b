/** A service with its admin API, started as `npm start` does, and what the tests that use it have in common. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll } from 'vitest';
import { type StartedService, spawnService } from './start-service.ts';

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

/**
 * @param variables of wrangler.toml, by name, that are set for this service
 * @param port null for any that is free
 */
export async function startAdminService(
	state: string,
	variables: Readonly<Record<string, string>>,
	port: number | null = null,
): Promise<AdminService> {
	const options = Object.entries(variables).flatMap(([name, text]) => ['--var', `${name}:${text}`]);
	const started = await spawnService(state, { ADMIN_TOKEN: OPERATOR_TOKEN }, options, port);
	const origin = `http://127.0.0.1:${started.port}`;
	return { ...started, origin, api: `${origin}/admin/api` };
}

/** The service of a test file. Its members may be read as soon as the first test runs. */
export interface AdminServiceOfFile extends AdminService {
	/** The folder of its state. */
	readonly state: string;
	/** Starts the service again on the same state and port, after a crash. */
	readonly restart: () => Promise<void>;
}

/**
 * Starts a service with a state of its own before the tests of a file, and stops it after them.
 * @param variables of wrangler.toml; asked for when the service starts, after the `beforeAll` hooks that the file has registered before
 */
export function useAdminService(variables: () => Readonly<Record<string, string>>): AdminServiceOfFile {
	let started: { readonly state: string; service: AdminService } | null = null;
	const current = () => {
		if (started === null) throw new Error('the service is started by beforeAll');
		return started;
	};

	beforeAll(async () => {
		const state = await createStateFolder();
		started = { state, service: await startAdminService(state, variables()) };
	});
	afterAll(async () => {
		if (started === null) return;
		await started.service.stop();
		await removeStateFolder(started.state);
	});

	return {
		get port() {
			return current().service.port;
		},
		get group() {
			return current().service.group;
		},
		get origin() {
			return current().service.origin;
		},
		get api() {
			return current().service.api;
		},
		get state() {
			return current().state;
		},
		output: () => current().service.output(),
		stop: (signal) => current().service.stop(signal),
		crash: () => current().service.crash(),
		async restart() {
			const file = current();
			file.service = await startAdminService(file.state, variables(), file.service.port);
		},
	};
}

export const OPERATOR_HEADERS = { Authorization: `Bearer ${OPERATOR_TOKEN}` } as const;

export function sampleRecord(name: string): object {
	return {
		kind: 'domain',
		provider: { name },
		services: { imap: { host: 'imap.example.com' }, submission: { host: 'smtp.example.com' } },
	};
}

/** The members of an answer about a record that the tests read. */
export interface DomainResponse {
	readonly revision: number;
	readonly copy: string;
	readonly changed: boolean;
	readonly record: { readonly provider: { readonly name: string } } | null;
}

/** The provider's name in the autoconfig answer; null where there is none. */
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

/** Waits, for a minute at most, until a condition holds. */
export async function waitUntil(what: string, holds: () => Promise<boolean>): Promise<void> {
	for (const begun = Date.now(); Date.now() - begun < 60_000; await sleep(200)) if (await holds()) return;
	throw new Error(`within a minute it did not come to be that ${what}`);
}
