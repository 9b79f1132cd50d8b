/** The service as its users start it, `npm start`, on a free port and with a state of its own; killed as hard as wished. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = join(import.meta.dirname, '../..');
export const TOKEN = 'operator-token-of-the-end-to-end-tests-0123';
/** Milliseconds in which the service must be ready: a cold start on a busy machine takes its time. */
const READY = 120_000;

export interface Service {
	readonly origin: string;
	readonly api: string;
	/** The process group: everything that was started. */
	readonly group: number;
	/** As Ctrl-C does. */
	stop(): Promise<void>;
	/** SIGKILL to all of it at once, in the middle of whatever it is doing. */
	killHard(): Promise<void>;
}

export function newState(): Promise<string> {
	return mkdtemp(join(tmpdir(), 'signpost-admin-'));
}

export async function removeState(state: string): Promise<void> {
	// workerd may still be closing its files.
	await rm(state, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

export async function startService(state: string): Promise<Service> {
	const port = await freePort();
	const child = spawn(process.execPath, ['src/cli/start.ts', '--port', String(port), '--state', state], {
		cwd: ROOT,
		stdio: ['ignore', 'pipe', 'pipe'],
		env: { ...process.env, ADMIN_TOKEN: TOKEN },
		// A group of its own, so that all of it can be killed at once.
		detached: true,
	});
	let log = '';
	let ready = false;
	for (const stream of [child.stdout, child.stderr]) {
		stream.on('data', (chunk: Buffer) => {
			if (ready) return;
			log += chunk.toString();
			ready = log.includes('Ctrl-C ends it');
		});
	}
	const group = child.pid ?? 0;
	const end = async (signal: 'SIGINT' | 'SIGKILL') => {
		if (child.exitCode !== null || child.signalCode !== null) return;
		const exited = once(child, 'exit');
		process.kill(signal === 'SIGKILL' ? -group : group, signal);
		await exited;
	};
	for (const begun = Date.now(); !ready; await sleep(50)) {
		if (child.exitCode === null && Date.now() - begun < READY) continue;
		await end('SIGKILL');
		throw new Error(`the service did not start:\n${log}`);
	}
	const origin = `http://127.0.0.1:${port}`;
	return { origin, api: `${origin}/admin/api`, group, stop: () => end('SIGINT'), killHard: () => end('SIGKILL') };
}

async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	server.close();
	await once(server, 'close');
	if (address === null || typeof address === 'string') throw new Error('no port');
	return address.port;
}

export const AUTHORISED = { Authorization: `Bearer ${TOKEN}` } as const;

export function record(name: string): object {
	return {
		kind: 'domain',
		provider: { name },
		services: { imap: { host: 'imap.example.com' }, submission: { host: 'smtp.example.com' } },
	};
}

/** What is used of an answer about a record. */
export interface DomainAnswer {
	readonly revision: number;
	readonly copy: string;
	readonly changed: boolean;
	readonly record: { readonly provider: { readonly name: string } } | null;
}

/** The name that clients are shown, from the public service. */
export async function publicName({ origin }: Service, domain: string): Promise<string | null> {
	const response = await fetch(`${origin}/mail/config-v1.1.xml?emailaddress=a@${domain}`);
	return /<displayName>(.*)<\/displayName>/.exec(await response.text())?.[1] ?? null;
}

/** Every revision of a record, oldest first. */
export async function wholeHistory({ api }: Service, domain: string): Promise<readonly { revision: number; note: string }[]> {
	const all: { revision: number; note: string }[] = [];
	for (let before: string | null = ''; before !== null; ) {
		const query: string = before === '' ? '' : `&before=${before}`;
		const response = await fetch(`${api}/domains/${domain}/history?limit=1000${query}`, { headers: AUTHORISED });
		const page = (await response.json()) as { revisions: { revision: number; note: string }[]; next: string | null };
		all.push(...page.revisions);
		before = page.next;
	}
	return all.reverse();
}

/** Waits until something holds; a minute at most. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
	for (const begun = Date.now(); Date.now() - begun < 60_000; await sleep(200)) if (await holds()) return;
	throw new Error(`within a minute it did not come to be that ${what}`);
}
