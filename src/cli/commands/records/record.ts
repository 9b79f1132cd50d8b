/** `signpost record`: checks record files, and writes one directly into KV, from where the service reads it. */
import { text as readAll } from 'node:stream/consumers';
import { defineCommand } from 'citty';
import { ok, type Result } from '../../../lib/result.ts';
import { utcDay } from '../../../lib/time.ts';
import { parseRecord, parseRecordText, type RecordFault } from '../../../model/record.ts';
import { recordKey } from '../../../model/record-key.ts';
import { isWildcardName, parseRecordName } from '../../../model/record-name.ts';
import { type RecordWarning, recordWarnings } from '../../../model/warnings.ts';
import { UNKNOWN_WILDCARDS, WILDCARD_LIST_KEY } from '../../../store/ports/wildcard-list.ts';
import { type KvTarget, putKvValue } from '../../cloudflare/put-kv.ts';
import { JSON_OPTION } from '../../options.ts';
import { type ExitCode, type Failure, fail, hint, paint, sanitizeText, write, writeJson } from '../../terminal.ts';
import { readTextFile } from '../../text-files.ts';
import { parseJsonOrYaml } from '../../workspace/record-files.ts';

export const examples = `EXAMPLES

  signpost record check records/*.json records/*.yaml
      what is wrong with them, field by field; warnings alone are no fault
  signpost record put example.org example.org.json
      checks it, then puts it into the store of npm start on this machine
  signpost record put example.org example.org.yaml --remote
      … into the KV of the deployed service; a YAML file is stored as JSON
  signpost record put '*.example.org' wildcard.json --state /srv/signpost-state
      … into the store of npm start -- --state /srv/signpost-state

  The file - is standard input. A name is a mail domain, *.DOMAIN for all below it, or * for every domain.
  put needs the service's checkout, where npm install has run, since it calls wrangler; wrangler.local.toml is honoured. With the admin
  in use, signpost push is the better way: put writes past the history, and the admin shows the record as edited outside.
  Exit codes: 0 every record is good, 1 one has faults (put then stores nothing), 2 no fault was seen, but a file cannot be
  read or wrangler did not succeed.
`;

/** The folder in which `npm start` keeps its state by default. */
const DEFAULT_STATE = '.wrangler/state';

/** The result for one file. */
interface FileCheck {
	readonly file: string;
	readonly faults: readonly RecordFault[];
	/** Warnings; empty where there are faults, because only a valid record is examined. */
	readonly warnings: readonly RecordWarning[];
	/** The JSON to store; null where there are faults. */
	readonly json: string | null;
}

export default defineCommand({
	meta: { name: 'record', description: 'Check record files, or put one into KV by hand, past the admin.' },
	args: {
		act: { type: 'positional', required: true, valueHint: 'check|put', description: 'check FILE…, or put DOMAIN FILE' },
		file: {
			type: 'positional',
			required: true,
			valueHint: '[DOMAIN] FILE…',
			description: 'records in JSON or YAML; for put a name and one file',
		},
		remote: { type: 'boolean', description: 'put into the deployed service’s KV' },
		state: { type: 'string', valueHint: 'FOLDER', description: `put where npm start keeps its state (default ${DEFAULT_STATE})` },
		...JSON_OPTION,
	},
	async run({ args }): Promise<ExitCode> {
		const [act, ...words] = args._;
		const json = args.json === true;
		switch (act) {
			case 'check':
				if (args.remote === true || args.state !== undefined)
					return fail({ message: '--remote and --state say where to put a record; check stores nothing' });
				return checkFiles(words, json);
			case 'put': {
				const [name, file] = words;
				if (name === undefined || file === undefined || words.length !== 2)
					return fail({ message: 'put takes a name and one file', hint: 'As in: signpost record put example.org example.org.json' });
				if (args.remote === true && args.state !== undefined)
					return fail({ message: 'both --remote and --state are given', hint: 'Give one of them.' });
				const target: KvTarget = args.remote === true ? { kind: 'deployed' } : { kind: 'local', state: args.state ?? DEFAULT_STATE };
				return putRecord(name, file, target, json);
			}
			default:
				return fail({ message: `there is no "record ${act}"`, hint: 'There are check and put.' });
		}
	},
});

/** Checks every file, whatever is wrong with the others. */
async function checkFiles(files: readonly string[], json: boolean): Promise<ExitCode> {
	const checks: FileCheck[] = [];
	let unreadable = false;
	for (const file of files) {
		const check = await checkFile(file);
		if (check.ok) checks.push(check.value);
		else {
			fail(check.error);
			unreadable = true;
		}
	}
	if (json) writeJson(checks.map(toJsonCheck));
	else for (const check of checks) write(renderFileCheck(check));
	if (checks.some(({ faults }) => faults.length > 0)) return 1;
	return unreadable ? 2 : 0;
}

async function putRecord(nameText: string, file: string, target: KvTarget, json: boolean): Promise<ExitCode> {
	const name = parseRecordName(nameText);
	if (name === null)
		return fail({ message: `"${nameText}" is no name of a record`, hint: 'Give a mail domain such as example.org, *.example.org, or *.' });
	const check = await checkFile(file);
	if (!check.ok) return fail(check.error);
	if (json) writeJson(toJsonCheck(check.value));
	else write(renderFileCheck(check.value));
	if (check.value.json === null) {
		hint(`${name} is left as it is: nothing was stored.`);
		return 1;
	}
	const put = await putKvValue(recordKey(name), check.value.json, target);
	if (!put.ok) return fail(put.error);
	if (!isWildcardName(name)) return 0;
	// The service's list of wildcards does not have this one yet, and has it an hour later at most: until then it looks for each.
	const unlisted = await putKvValue(WILDCARD_LIST_KEY, UNKNOWN_WILDCARDS, target);
	return unlisted.ok ? 0 : fail(unlisted.error);
}

async function checkFile(file: string): Promise<Result<FileCheck, Failure>> {
	const text = file === '-' ? ok(await readAll(process.stdin)) : await readTextFile(file);
	if (!text.ok) return text;
	const shown = file === '-' ? 'standard input' : file;
	const unusable = { file: shown, warnings: [], json: null };
	const input = parseJsonOrYaml(shown, text.value);
	if (!input.ok) return ok({ ...unusable, faults: [{ path: '', reason: input.error.message.replace(`${shown} `, '') }] });
	// JSON is stored byte for byte as it is; YAML is written as JSON, which is all that the service reads.
	const asJson = parseRecordText(text.value);
	const parsed = asJson.ok ? asJson : parseRecord(input.value);
	if (!parsed.ok) return ok({ ...unusable, faults: parsed.error });
	const json = asJson.ok ? text.value : `${JSON.stringify(input.value, null, '\t')}\n`;
	return ok({ file: shown, faults: [], warnings: recordWarnings(parsed.value, utcDay(Date.now())), json });
}

function toJsonCheck({ file, faults, warnings }: FileCheck): unknown {
	return { file, good: faults.length === 0, faults, warnings };
}

function renderFileCheck({ file, faults, warnings }: FileCheck): string {
	const from = sanitizeText(file, 400);
	const lines = [
		...faults.map(({ path, reason }) => `${from}: ${sanitizeText(path === '' ? 'the record' : path)} ${sanitizeText(reason, 400)}`),
		...warnings.map(({ path, text }) => `${from}: ${path}: ${paint('yellow', 'warning')}: ${sanitizeText(text, 400)}`),
		...(faults.length === 0 ? [`${from}: a good record.`] : []),
	];
	return `${lines.join('\n')}\n`;
}
