/** Runs the tool with little memory on a log with very many lines, names and hosts. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { expect, it } from 'vitest';
import { knockOn465, lastDays, rfc3339Timestamp, submissionLine } from './sample-logs.ts';

const MAIN_FILE = join(import.meta.dirname, '../../../src/cli/main.ts');

/** The heap limit of V8 in megabytes; the process ends when it needs more. */
const HEAP_MEGABYTES = 48;

const TODAY_TIMESTAMP = rfc3339Timestamp(lastDays(1, new Date().toISOString().slice(0, 10))[0] ?? '');

/** More names of each kind than are kept, some in every 64 kB: kept as slices of what they were read from, they would keep all of it. */
async function* logWithManyNames(): AsyncGenerator<Buffer> {
	const others = `${TODAY_TIMESTAMP} mx postfix/qmgr[3]: 4F2A91: removed\n`.repeat(800);
	for (let nth = 0; nth < 60_000; ) {
		let text = others;
		for (let at = 0; at < 15; at++, nth++)
			text += submissionLine(TODAY_TIMESTAMP, 'submission', `somebody.${nth}@example.org`, `2001:db8:0:1::${nth.toString(16)}`);
		yield Buffer.from(text);
	}
}

/** Two hundred megabytes without the end of a line. */
async function* endlessLine(): AsyncGenerator<Buffer> {
	const piece = Buffer.alloc(1 << 20, 'smtpd ');
	for (let nth = 0; nth < 200; nth++) yield piece;
	yield Buffer.from('\n');
}

it('reads more than its memory holds: names, lines, and a line', { timeout: 120_000 }, async () => {
	const env = { ...process.env, NODE_OPTIONS: `--max-old-space-size=${HEAP_MEGABYTES}` };
	const tool = spawn(process.execPath, [MAIN_FILE, 'usage', '-', '--json'], { env, stdio: ['pipe', 'pipe', 'pipe'] });
	const closed = new Promise<number | null>((resolve) => tool.on('close', resolve));
	async function* log(): AsyncGenerator<Buffer> {
		// A name of 465's own: the other name is 587's then.
		yield Buffer.from(knockOn465(TODAY_TIMESTAMP));
		yield* logWithManyNames();
		yield* endlessLine();
		yield* logWithManyNames();
	}
	const [out, err, fed] = await Promise.all([
		readAll(tool.stdout),
		readAll(tool.stderr),
		pipeline(Readable.from(log()), tool.stdin).then(
			() => 'all of it',
			(error: Error) => error.message,
		),
	]);
	expect({ fed, code: await closed, err: err.replace(/^\d+ MB read.*\n/gm, '') }).toEqual({ fed: 'all of it', code: 1, err: '' });
	const { submission: counts, cut, accounts, clients } = JSON.parse(out);
	expect(counts).toEqual({ implicit: 0, starttls: 120_000, unknown: 0 });
	expect(cut).toEqual({ accounts: true, clients: true });
	for (const list of [accounts, clients]) {
		expect(list.length).toBeGreaterThanOrEqual(20_000);
		expect(list.length).toBeLessThanOrEqual(40_000);
	}
});
