/**
 * Real mail clients, run: each is driven from its first start to an account, against the zones and answers of this product. What it wrote
 * into its own configuration is compared with the recorded outcome (outcomes.json, from which docs/clients.md is generated), and with what
 * `signpost trace` says of that client. UPDATE_OUTCOMES=1 records anew; CLIENTS=geary,kmail and RECORDS='POP3 only' run some of them.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNetwork } from '../../src/cli/probe/network.ts';
import type { DiscoveredServer } from '../../src/cli/trace/discovery.ts';
import { MAIL_CLIENTS } from '../../src/cli/trace/mail-clients.ts';
import { runDiscovery } from '../../src/cli/trace/run-discovery.ts';
import { utcDay } from '../../src/lib/time.ts';
import { parseEmailAddress } from '../../src/model/names.ts';
import { CLIENT_RECORDS, type ClientRecord, MAIL_HOSTS } from './client-records.ts';
import { type ClientOutcome, installDrivers, REAL_CLIENTS, type RealClient, runClient, type ServerOutcome } from './client-session.ts';
import { type ClientWorld, startClientWorld } from './client-world.ts';

const FOLDER = process.env.SIGNPOST_CLIENTS ?? join(homedir(), '.cache/signpost-clients');
const TREE = join(FOLDER, 'debian-13');
const OUTCOMES = join(import.meta.dirname, 'outcomes.json');
const ADDRESS = process.env.SIGNPOST_NAMESPACE ?? '';
const CONCURRENT_SESSIONS = 3;

/** Why nothing can be run here; null where it can. */
const obstacle = existsSync(join(FOLDER, 'missing'))
	? readFileSync(join(FOLDER, 'missing'), 'utf8').trim()
	: !existsSync(join(FOLDER, 'installed'))
		? 'the clients are not installed: npm run test:clients installs them'
		: ADDRESS === ''
			? 'not in a network namespace: npm run test:clients makes one'
			: null;

interface RecordedOutcome {
	readonly client: RealClient;
	readonly record: string;
	/** `imap imap.example.com:993 tls`; null where the client made none. */
	readonly incoming: string | null;
	readonly outgoing: string | null;
	readonly login: string;
	/** Thunderbird: the domain that it asks the user about. */
	readonly asks?: string;
	/** Whether a message was sent, and read over the incoming server; absent where the driver sends none. */
	readonly sent?: boolean;
	readonly read?: boolean;
}

interface Recorded {
	/** YYYY-MM-DD. */
	readonly date: string;
	readonly versions: Readonly<Record<string, string>>;
	readonly outcomes: readonly RecordedOutcome[];
}

let recorded: Recorded = existsSync(OUTCOMES) ? JSON.parse(readFileSync(OUTCOMES, 'utf8')) : { date: '', versions: {}, outcomes: [] };
const chosen = process.env.CLIENTS?.split(',');
const chosenRecords = process.env.RECORDS?.split(',');
const recordsAnew = process.env.UPDATE_OUTCOMES === '1';

/** A pair that has no recorded outcome yet is run where outcomes are recorded anew: elsewhere there is nothing to hold it against. */
const JOBS = REAL_CLIENTS.filter((client) => chosen === undefined || chosen.includes(client)).flatMap((client) =>
	CLIENT_RECORDS.filter(({ title }) => chosenRecords === undefined || chosenRecords.includes(title))
		.filter(({ title }) => recordsAnew || recorded.outcomes.some((each) => each.client === client && each.record === title))
		.map((record) => ({ client, record })),
);

function key(client: RealClient, { title }: ClientRecord): string {
	return `${client}: ${title}`;
}

function serverText(server: ServerOutcome | DiscoveredServer | null | undefined): string | null {
	if (server === null || server === undefined) return null;
	// A host name that no record contains: the client has made it up, often from the machine's name.
	if (!(MAIL_HOSTS as readonly string[]).includes(server.host)) return 'made up';
	return `${server.kind} ${server.host}:${server.port} ${server.security}`;
}

function summarize(client: RealClient, { title }: ClientRecord, outcome: ClientOutcome): RecordedOutcome {
	const { incoming, outgoing, asks, sent, read } = outcome;
	return {
		client,
		record: title,
		incoming: serverText(incoming),
		outgoing: serverText(outgoing),
		login: serverText(incoming) === 'made up' ? '' : (incoming?.username ?? ''),
		...(asks === undefined ? {} : { asks }),
		...(sent === undefined ? {} : { sent }),
		...(read === undefined ? {} : { read }),
	};
}

/**
 * The outcome without what became of a message, where none was recorded: what a driver has learnt since is recorded by the next
 * UPDATE_OUTCOMES=1.
 */
function asRecorded({ sent, read, ...outcome }: RecordedOutcome, expected: RecordedOutcome | undefined): RecordedOutcome {
	return {
		...outcome,
		...(sent === undefined || expected?.sent === undefined ? {} : { sent }),
		...(read === undefined || expected?.read === undefined ? {} : { read }),
	};
}

describe.skipIf(obstacle !== null)(`real clients${obstacle === null ? '' : ` (skipped: ${obstacle})`}`, () => {
	let state: string;
	let world: ClientWorld;
	const outcomes = new Map<string, { readonly outcome: ClientOutcome; readonly output: string }>();

	beforeAll(async () => {
		state = mkdtempSync(join(tmpdir(), 'signpost-clients-'));
		mkdirSync(join(state, 'network'), { recursive: true });
		writeFileSync(join(state, 'network/resolv.conf'), `nameserver ${ADDRESS}\n`);
		writeFileSync(join(state, 'network/hosts'), '127.0.0.1 localhost\n');
		world = await startClientWorld(ADDRESS, TREE, state, CLIENT_RECORDS, join(FOLDER, 'npm'));
		writeFileSync(join(state, 'ca.pem'), world.ca);
		installDrivers(TREE);
		const waiting = [...JOBS];
		const session = async (slot: number) => {
			for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
				const { client, record } = job;
				const run = () => runClient(TREE, join(state, 'network'), client, record.address, 70 + slot);
				let done = await run();
				const expected = recorded.outcomes.find((each) => each.client === client && each.record === record.title);
				const differs = () =>
					expected === undefined
						? done.outcome.failed !== undefined
						: JSON.stringify(asRecorded(summarize(client, record, done.outcome), expected)) !== JSON.stringify(expected);
				// A dialog that was driven too early on a busy machine is driven again, twice at most; the last outcome stands, and it is reported.
				for (let again = 1; again <= 2 && differs(); again += 1) {
					process.stdout.write(`driven again (${again} of 2): ${key(client, record)}: ${done.outcome.failed ?? 'another outcome'}\n`);
					done = await run();
				}
				outcomes.set(key(client, record), done);
			}
		};
		await Promise.all(Array.from({ length: CONCURRENT_SESSIONS }, (_, slot) => session(slot)));
		if (recordsAnew) writeOutcomes(outcomes);
	}, 3_000_000);

	afterAll(async () => {
		await world?.stop();
		rmSync(state, { recursive: true, force: true });
	});

	it.each(JOBS.map(({ client, record }) => [key(client, record), client, record] as const))('%s: ends as recorded', (_, client, record) => {
		const { outcome, output } = outcomes.get(key(client, record)) ?? { outcome: null, output: '' };
		const expected = recorded.outcomes.find((each) => each.client === client && each.record === record.title);
		expect(outcome === null ? null : asRecorded(summarize(client, record, outcome), expected), output.slice(-2000)).toEqual(expected);
	});

	it.each(JOBS.map(({ client, record }) => [key(client, record), client, record] as const))(
		'%s: signpost trace says the same',
		async (_, client, record) => {
			const outcome = outcomes.get(key(client, record))?.outcome;
			const address = parseEmailAddress(record.address);
			const network = await createNetwork({ resolver: `${ADDRESS}:53`, ca: join(state, 'ca.pem'), timeout: '5' });
			if (outcome === undefined || address === null || !network.ok) throw new Error('nothing to compare');
			const { settings } = await runDiscovery(MAIL_CLIENTS[client], address, network.value);
			const real = { incoming: serverText(outcome.incoming), outgoing: serverText(outcome.outgoing) };
			const traced = { incoming: serverText(settings?.incoming), outgoing: serverText(settings?.outgoing) };
			// A client that finds no outgoing server may make a name up; trace says that it finds none.
			const outgoing = traced.outgoing === null && isMadeUp(outcome, record) ? null : real.outgoing;
			// Without one of the two there is no account.
			const expected =
				real.incoming === null || real.incoming === 'made up' ? { incoming: null, outgoing: null } : { incoming: real.incoming, outgoing };
			expect(traced.incoming === null ? { incoming: null, outgoing: null } : traced).toEqual(expected);
		},
	);
});

/** Whether the outgoing server is none that the record offers: host and port together stand nowhere in it. */
function isMadeUp({ outgoing }: ClientOutcome, { record }: ClientRecord): boolean {
	if (outgoing === null) return false;
	const { submission } = (record as { readonly services?: { readonly submission?: { readonly host?: string } } } | null)?.services ?? {};
	return outgoing.host !== submission?.host || ![465, 587].includes(outgoing.port);
}

function writeOutcomes(outcomes: ReadonlyMap<string, { readonly outcome: ClientOutcome }>): void {
	const versions: Record<string, string> = { ...recorded.versions };
	const fresh = JOBS.map(({ client, record }) => {
		const outcome = outcomes.get(key(client, record))?.outcome ?? { version: '', incoming: null, outgoing: null };
		if (outcome.version !== '') versions[client] = outcome.version;
		return summarize(client, record, outcome);
	});
	const others = recorded.outcomes.filter(({ client, record }) => !fresh.some((each) => each.client === client && each.record === record));
	const titles = CLIENT_RECORDS.map(({ title }) => title);
	const order = ({ client, record }: RecordedOutcome) => REAL_CLIENTS.indexOf(client) * titles.length + titles.indexOf(record);
	const all = [...others, ...fresh].sort((a, b) => order(a) - order(b));
	recorded = { date: utcDay(Date.now()), versions, outcomes: all };
	writeFileSync(OUTCOMES, `${JSON.stringify(recorded, null, '\t')}\n`);
}
