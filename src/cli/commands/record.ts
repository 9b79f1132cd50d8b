/** `npm run record`: checks a record's file, and puts it where the Worker reads it. */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { errorMessage } from '../../lib/error-message.ts';
import { utcDay } from '../../lib/time.ts';
import { parseRecordText } from '../../model/record.ts';
import { recordKey } from '../../model/record-key.ts';
import { parseRecordName } from '../../model/record-name.ts';
import { recordWarnings } from '../../model/warnings.ts';

const USAGE = `Usage:
  npm run record -- check FILE             says what is wrong with a record
  npm run record -- put DOMAIN FILE        checks it and puts it into the local store, for npm start
  npm run record -- put DOMAIN FILE --remote   … into the deployed service's store
  npm run record -- put DOMAIN FILE --state DIR   … into the store of npm start -- --state DIR

DOMAIN is a mail domain, *.DOMAIN for all below it, or * for every domain.
`;

/** Exit codes: 0 done, 1 the record has faults, 2 the call or the file is unusable. */
async function main(): Promise<number> {
	const { positionals, values } = parseArgs({
		allowPositionals: true,
		options: { remote: { type: 'boolean', default: false }, state: { type: 'string', default: '.wrangler/state' } },
	});
	const [command, ...rest] = positionals;
	const [first, second] = rest;
	if (command === 'check' && first !== undefined && rest.length === 1) return (await readValidRecord(first)) === null ? 1 : 0;
	if (command !== 'put' || first === undefined || second === undefined || rest.length !== 2) return printError(USAGE);
	const name = parseRecordName(first);
	if (name === null) return printError(`${first} is no domain name.\n\n${USAGE}`);
	if ((await readValidRecord(second)) === null) return 1;
	return putRecord(recordKey(name), second, values.remote ? ['--remote'] : ['--local', '--persist-to', values.state]);
}

function printError(text: string): 2 {
	process.stderr.write(text);
	return 2;
}

/** The text of a file that holds a good record; null after saying what is wrong with it. */
async function readValidRecord(file: string): Promise<string | null> {
	const text = await readFile(file, 'utf8');
	const parsed = parseRecordText(text);
	if (!parsed.ok) {
		for (const { path, reason } of parsed.error) process.stderr.write(`${file}: ${path === '' ? 'the record' : path} ${reason}\n`);
		return null;
	}
	for (const warning of recordWarnings(parsed.value, utcDay(Date.now())))
		process.stderr.write(`${file}: ${warning.path}: ${warning.text}\n`);
	process.stdout.write(`${file}: a good record.\n`);
	return text;
}

function putRecord(key: string, file: string, place: readonly string[]): number {
	const wrangler = createRequire(import.meta.url).resolve('wrangler');
	const run = spawnSync(process.execPath, [wrangler, 'kv', 'key', 'put', key, '--path', file, '--binding', 'RECORDS', ...place], {
		stdio: 'inherit',
		env: { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true', WRANGLER_WRITE_LOGS: 'false' },
	});
	return run.status === 0 ? 0 : 2;
}

try {
	process.exitCode = await main();
} catch (error) {
	process.exitCode = printError(`${errorMessage(error)}\n\n${USAGE}`);
}
