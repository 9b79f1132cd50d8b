/** What the tests of real name servers share: the zones, and a way to start, await and stop a program. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fixtureNames, fixtureText } from '../support/fixture-records.ts';

export const RECORDS_FOLDER = join(import.meta.dirname, '../fixtures/records');
export const SITE_ARGUMENTS = ['--site', 'signpost.example.net'];

/** Fixture records that have a zone. Aliases need the record of another domain, which no single file has. */
export const RECORD_NAMES = fixtureNames().filter((name) => JSON.parse(fixtureText(name)).kind === 'domain');

export interface Daemon {
	/** Stops the program; resolves when it has ended. */
	stop(): Promise<void>;
}

/** Starts a program that stays in the foreground, and waits until it says on the error channel that it is ready. */
export async function startDaemon(program: string, args: readonly string[], ready: string): Promise<Daemon> {
	const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
	const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	let said = '';
	child.stderr.on('data', (chunk) => {
		said += chunk;
	});
	const stop = () => {
		child.kill();
		return ended;
	};
	for (let waited = 0; !said.includes(ready); waited += 100) {
		if (child.exitCode !== null) throw new Error(`${program} does not start:\n${said}`);
		if (waited > 15_000) {
			await stop();
			throw new Error(`${program} is not ready within 15 s:\n${said}`);
		}
		await sleep(100);
	}
	return { stop };
}
