/**
 * Real mail clients, run: each is driven from its first start to an account, against the zones and answers of this product. What it wrote
 * into its own configuration is compared with the recorded outcome (outcomes.json, from which docs/clients.md is generated), and with what
 * `signpost trace` says of that client. UPDATE_OUTCOMES=1 records anew; CLIENTS=geary,kmail and RECORDS='POP3 only' run some of them.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNetwork } from '../../src/cli/probe/network.ts';
import type { DiscoveredServer } from '../../src/cli/trace/discovery.ts';
import { MAIL_CLIENTS } from '../../src/cli/trace/mail-clients.ts';
import { runDiscovery } from '../../src/cli/trace/run-discovery.ts';
import { utcDay } from '../../src/lib/time.ts';
import { parseEmailAddress } from '../../src/model/names.ts';
import type { RecordedOutcome, RecordedOutcomes } from '../../src/tools/client-tables.ts';
import { CLIENT_RECORDS, type ClientRecord, MAIL_HOSTS, mailboxName, servedDomain } from './client-records.ts';
import { type ClientOutcome, installDrivers, REAL_CLIENTS, type RealClient, runClient, type ServerOutcome } from './client-session.ts';
import { type ClientWorld, startClientWorld } from './client-world.ts';
import type { MailServer, ServedConnection } from './mail-server.ts';
import { runSessions } from './session-runs.ts';

const FOLDER = process.env.SIGNPOST_CLIENTS ?? join(homedir(), '.cache/signpost-clients');
const TREE = join(FOLDER, 'debian-13');
const OUTCOMES = join(import.meta.dirname, 'outcomes.json');
const ADDRESS = process.env.SIGNPOST_NAMESPACE ?? '';

/** Why nothing can be run here; null where it can. */
const obstacle = existsSync(join(FOLDER, 'missing'))
	? readFileSync(join(FOLDER, 'missing'), 'utf8').trim()
	: !existsSync(join(FOLDER, 'installed'))
		? 'the clients are not installed: npm run test:clients installs them'
		: ADDRESS === ''
			? 'not in a network namespace: npm run test:clients makes one'
			: null;

type Outcome = RecordedOutcome<RealClient>;

let recorded: RecordedOutcomes<RealClient> = existsSync(OUTCOMES)
	? JSON.parse(readFileSync(OUTCOMES, 'utf8'))
	: { date: '', versions: {}, outcomes: [] };
const chosen = process.env.CLIENTS?.split(',');
const chosenRecords = process.env.RECORDS?.split(',');
const recordsAnew = process.env.UPDATE_OUTCOMES === '1';

interface Job {
	readonly client: RealClient;
	readonly record: ClientRecord;
}

/** A pair that has no recorded outcome yet is run where outcomes are recorded anew: elsewhere there is nothing to hold it against. */
const JOBS: readonly Job[] = REAL_CLIENTS.filter((client) => chosen === undefined || chosen.includes(client)).flatMap((client) =>
	CLIENT_RECORDS.filter(({ title }) => chosenRecords === undefined || chosenRecords.includes(title))
		.filter(({ title }) => recordsAnew || recorded.outcomes.some((each) => each.client === client && each.record === title))
		.map((record) => ({ client, record })),
);

const SESSIONS = JOBS.map(({ client, record }) => [key(client, record), client, record] as const);

function key(client: RealClient, { title }: ClientRecord): string {
	return `${client}: ${title}`;
}

function serverText(server: ServerOutcome | DiscoveredServer | null | undefined): string | null {
	if (server === null || server === undefined) return null;
	// A host name that no record contains: the client has made it up, often from the machine's name.
	if (!(MAIL_HOSTS as readonly string[]).includes(server.host)) return 'made up';
	return `${server.kind} ${server.host}:${server.port} ${server.security}`;
}

/** A session that is done: what the client wrote, and what the mail server's logs say of it. */
interface FinishedSession {
	readonly outcome: ClientOutcome;
	readonly sent?: string | null;
	readonly read?: string | null;
	readonly output: string;
}

function summarize(client: RealClient, { title }: ClientRecord, { outcome, sent, read }: FinishedSession): Outcome {
	const { incoming, outgoing, asks } = outcome;
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

function connectionText({ port, security, login }: ServedConnection): string {
	return `${port} ${security} ${login}`;
}

/** Runs one session, with a message in the mailbox and one to write, and looks up in the server's logs what became of them. */
async function runSession(world: ClientWorld, network: string, { client, record }: Job, display: number): Promise<FinishedSession> {
	const { mail } = world;
	const word = `${client}-${randomBytes(4).toString('hex')}`;
	const mailbox = mailboxName(record, 'alice');
	const loggedIn = mail.logins().length;
	const messages = {
		subjectToRead: `to-read-${word}`,
		subjectToSend: `sent-${word}`,
		recipient: `bob@${servedDomain(record)}`,
		deliver: () => mail.deliver(mailbox, `to-read-${word}`),
		hasArrived: () => mail.submission(mailboxName(record, 'bob'), `sent-${word}`) !== null,
	};
	const { outcome, output } = await runClient(TREE, network, client, record.address, messages, display);
	if (outcome.read === undefined) return { outcome, output };
	const sent = await submissionOf(mail, mailboxName(record, 'bob'), messages.subjectToSend);
	// Some clients log in with the address whatever the record says.
	const login = mail
		.logins()
		.slice(loggedIn)
		.findLast((each) => each.login === mailbox || each.login === record.address);
	if (outcome.read && login === undefined)
		return { outcome: { ...outcome, brokenOff: `shows the message, and Dovecot's log has no login` }, output };
	return {
		outcome,
		sent: sent === null ? null : connectionText(sent),
		read: outcome.read && login !== undefined ? connectionText(login) : null,
		output,
	};
}

/** Postfix delivers a message a moment after it has taken it. */
async function submissionOf(mail: MailServer, mailbox: string, word: string): Promise<ServedConnection | null> {
	for (let tries = 0; tries < 20; tries += 1) {
		const found = mail.submission(mailbox, word);
		if (found !== null) return found;
		await sleep(250);
	}
	return null;
}

describe.skipIf(obstacle !== null)(`real clients${obstacle === null ? '' : ` (skipped: ${obstacle})`}`, () => {
	let state: string;
	let world: ClientWorld;
	const finished = new Map<string, FinishedSession>();

	beforeAll(async () => {
		state = mkdtempSync(join(tmpdir(), 'signpost-clients-'));
		mkdirSync(join(state, 'network'), { recursive: true });
		writeFileSync(join(state, 'network/resolv.conf'), `nameserver ${ADDRESS}\n`);
		writeFileSync(join(state, 'network/hosts'), '127.0.0.1 localhost\n');
		world = await startClientWorld(ADDRESS, TREE, state, CLIENT_RECORDS, join(FOLDER, 'npm'));
		writeFileSync(join(state, 'ca.pem'), world.ca);
		installDrivers(TREE);
		const sessions = await runSessions(JOBS, {
			run: (job, slot) => runSession(world, join(state, 'network'), job, 70 + slot),
			mailbox: ({ record }) => record.address,
			difference: describeDifference,
			report: (line) => process.stdout.write(`${line}\n`),
			title: ({ client, record }) => key(client, record),
		});
		for (const [{ client, record }, session] of sessions) finished.set(key(client, record), session);
		if (recordsAnew) writeOutcomes(finished);
	}, 3_000_000);

	afterAll(async () => {
		await world?.stop();
		rmSync(state, { recursive: true, force: true });
	});

	it.each(SESSIONS)('%s: ends as recorded', (_, client, record) => {
		const session = finished.get(key(client, record));
		if (session === undefined) throw new Error('the session was not run');
		// What a log that is cut after a few lines has to show comes first.
		const message = `${describeDifference({ client, record }, session)}\n${session.output.slice(-2000)}`;
		expect(session.outcome.brokenOff, message).toBeUndefined();
		expect(summarize(client, record, session), message).toEqual(findRecorded({ client, record }));
	});

	it.each(SESSIONS)('%s: mail went over the servers that the client wrote down', (_, client, record) => {
		const { outcome, sent, read } = finished.get(key(client, record)) ?? { outcome: null };
		for (const [connection, server] of [
			[sent, outcome?.outgoing],
			[read, outcome?.incoming],
		] as const)
			if (typeof connection === 'string') expect(connection.split(' ').slice(0, 2)).toEqual([String(server?.port), server?.security]);
	});

	it.each(SESSIONS)('%s: signpost trace says the same', async (_, client, record) => {
		const outcome = finished.get(key(client, record))?.outcome;
		const address = parseEmailAddress(record.address);
		const network = await createNetwork({ resolver: `${ADDRESS}:53`, ca: join(state, 'ca.pem'), timeout: '30' });
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
	});
});

function findRecorded({ client, record }: Job): Outcome | undefined {
	return recorded.outcomes.find((each) => each.client === client && each.record === record.title);
}

/** Lines for this program, and what the session bus says when it starts services. */
const NO_WORD_OF_THE_DRIVER = /^(STEP|OUTCOME|SENDING|DELIVER|dbus-daemon|SpiRegistry)|\[session uid=/;

const COMPARED = ['incoming', 'outgoing', 'login', 'asks', 'sent', 'read'] as const;

/**
 * How a session differs from what was recorded, and what its driver did last; null where it need not be run again. Where outcomes are recorded
 * anew, whatever ends with an account, a message sent and one read is as good as any; what ends otherwise is believed if it was recorded before.
 */
function describeDifference(job: Job, session: FinishedSession): string | null {
	const { brokenOff, failed, lastStep } = session.outcome;
	if (recordsAnew && failed === undefined && session.sent && session.read) return null;
	const expected = findRecorded(job);
	const summary = summarize(job.client, job.record, session);
	const differing = COMPARED.filter((name) => summary[name] !== expected?.[name]);
	if (brokenOff === undefined && differing.length === 0) return null;
	const values = differing.map((name) => `${name} is ${valueText(summary[name])} and was recorded as ${valueText(expected?.[name])}`);
	const lines = session.output.split('\n').filter((line) => line !== '' && !NO_WORD_OF_THE_DRIVER.test(line));
	const said = lines.length === 0 ? [] : [`it printed last: ${lines.slice(-3).join(' | ').slice(-400)}`];
	return [brokenOff ?? failed ?? [], ...values, `last step: ${lastStep}`, ...said].flat().join('; ');
}

function valueText(value: string | null | undefined): string {
	return value === undefined ? 'absent' : value === null ? 'null' : `'${value}'`;
}

/** Whether the outgoing server is none that the record offers: host and port together stand nowhere in it. */
function isMadeUp({ outgoing }: ClientOutcome, { record }: ClientRecord): boolean {
	if (outgoing === null) return false;
	const { submission } = (record as { readonly services?: { readonly submission?: { readonly host?: string } } } | null)?.services ?? {};
	return outgoing.host !== submission?.host || ![465, 587].includes(outgoing.port);
}

/** A session that was broken off has no outcome to record. */
function writeOutcomes(finished: ReadonlyMap<string, FinishedSession>): void {
	const versions: Record<string, string> = { ...recorded.versions };
	const fresh = JOBS.flatMap(({ client, record }) => {
		const session = finished.get(key(client, record));
		if (session === undefined || session.outcome.brokenOff !== undefined) return [];
		if (session.outcome.version !== '') versions[client] = session.outcome.version;
		return [summarize(client, record, session)];
	});
	const others = recorded.outcomes.filter(({ client, record }) => !fresh.some((each) => each.client === client && each.record === record));
	const titles = CLIENT_RECORDS.map(({ title }) => title);
	const order = ({ client, record }: Outcome) => REAL_CLIENTS.indexOf(client) * titles.length + titles.indexOf(record);
	const all = [...others, ...fresh].sort((a, b) => order(a) - order(b));
	recorded = { date: utcDay(Date.now()), versions, outcomes: all };
	writeFileSync(OUTCOMES, `${JSON.stringify(recorded, null, '\t')}\n`);
}
