/** What the tests of real name servers share: the zones, and a way to start, await and stop a program. */
import { join } from 'node:path';
import { fixtureNames, fixtureText } from '../support/fixture-records.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';

export const RECORDS_FOLDER = join(import.meta.dirname, '../fixtures/records');
export const SITE_ARGUMENTS = ['--site', 'signpost.example.net'];

/** Fixture records that have a zone. Aliases need the record of another domain, which no single file has. */
export const RECORD_NAMES = fixtureNames().filter((name) => JSON.parse(fixtureText(name)).kind === 'domain');

export type Daemon = Pick<ServerProcess, 'stop'>;

/** Starts a program that stays in the foreground, and waits until it prints that it is ready. */
export async function startDaemon(program: string, args: readonly string[], ready: string): Promise<Daemon> {
	const server = startServerProcess(program, args);
	await server.waitUntil(() => server.output().includes(ready));
	return server;
}
