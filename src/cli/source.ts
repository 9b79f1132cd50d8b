/** Where commands take records from: a file, a folder, standard input, or the admin API. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { parse as parseYaml } from 'yaml';
import { err, ok, type Result } from '../lib/result.ts';
import { type Domain, parseDomain } from '../model/names.ts';
import { parseRecord } from '../model/record.ts';
import type { Found } from '../protocols/answer.ts';
import { candidateKeys, recordKey } from '../store/keys.ts';
import { readFromApi } from './admin/read-record.ts';
import type { Trouble } from './terminal.ts';

/** What a source has under a key (`record:example.org`), not yet checked; null where it has nothing. */
type Reader = (key: string) => Promise<Result<Written | null, Trouble>>;

interface Written {
	/** The file or URL, for messages. */
	readonly from: string;
	readonly input: unknown;
}

export interface RecordSource {
	/** The record that answers for a domain: its own, a wildcard's, or an alias's target. */
	find(domain: Domain): Promise<Result<Found, Trouble>>;
	/** The domains that have a record of their own; null where the source cannot tell. */
	readonly domains: readonly Domain[] | null;
}

/** Opens what --record or --api names. */
export async function openRecords(args: {
	readonly record?: string | undefined;
	readonly api?: string | undefined;
}): Promise<Result<RecordSource, Trouble>> {
	const { record, api } = args;
	if (record !== undefined && api !== undefined) return err({ what: 'both --record and --api are given', todo: 'Give one of them.' });
	if (api !== undefined) return ok({ find: (domain) => find(readFromApi(api), domain), domains: null });
	if (record === undefined)
		return err({
			what: 'no record is given',
			todo: 'Give --record FILE, --record FOLDER, --record - or --api URL; signpost init writes a first one.',
		});
	if (record === '-') {
		const parsed = parseWritten('standard input', await readAll(process.stdin));
		return ok({ find: (domain) => find(async () => parsed, domain), domains: null });
	}
	const kind = await stat(record).catch(() => null);
	if (kind === null) return err({ what: `there is no file or folder ${record}`, todo: 'Check the path after --record.' });
	if (!kind.isDirectory()) return ok({ find: (domain) => find(() => readWritten(record), domain), domains: null });
	return ok(await openFolder(record));
}

const SUFFIX = /\.(json|ya?ml)$/;

async function openFolder(folder: string): Promise<RecordSource> {
	const files = new Map<string, string>();
	for (const file of (await readdir(folder)).filter((name) => SUFFIX.test(name)).sort())
		files.set(`record:${file.replace(SUFFIX, '')}`, join(folder, file));
	const reader: Reader = async (key) => {
		const file = files.get(key);
		return file === undefined ? ok(null) : readWritten(file);
	};
	const domains = [...files.keys()].map((key) => parseDomain(key.slice('record:'.length))).filter((name) => name !== null);
	return { find: (domain) => find(reader, domain), domains };
}

async function readWritten(file: string): Promise<Result<Written, Trouble>> {
	return parseWritten(file, await readFile(file, 'utf8'));
}

/** YAML 1.2 takes JSON for what it is, so that one parser reads both. */
function parseWritten(from: string, text: string): Result<Written, Trouble> {
	try {
		return ok({ from, input: parseYaml(text) });
	} catch (error) {
		// The library's only way to say where a text goes wrong is to throw.
		return err({
			what: `${from} is neither JSON nor YAML: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`,
		});
	}
}

// The same order as the Worker's look-up: its own name, then the wildcards (src/store/keys.ts); an alias is followed once.
async function find(read: Reader, domain: Domain): Promise<Result<Found, Trouble>> {
	for (const key of candidateKeys(domain)) {
		const written = await read(key);
		if (!written.ok) return written;
		if (written.value !== null) return follow(read, domain, key, written.value);
	}
	return err({
		what: `there is no record for ${domain}`,
		todo: `Its file in the folder would be called ${domain}.json or ${domain}.yaml.`,
	});
}

async function follow(read: Reader, domain: Domain, key: string, written: Written): Promise<Result<Found, Trouble>> {
	const own = checked(written);
	if (!own.ok) return own;
	if (own.value.kind === 'domain') return ok({ domain, key, record: own.value });
	const targetKey = recordKey(own.value.of as Domain);
	const there = await read(targetKey);
	if (!there.ok) return there;
	const target = there.value === null || there.value.from === written.from ? null : checked(there.value);
	if (target === null)
		return err({ what: `${written.from} is an alias of ${own.value.of}, which has no record here`, todo: 'Give a folder that has both.' });
	if (!target.ok) return target;
	if (target.value.kind === 'alias')
		return err({ what: `${written.from} is an alias of another alias`, todo: 'Name the domain whose record has the services.' });
	return ok({ domain, key: targetKey, record: target.value });
}

function checked({ from, input }: Written) {
	const parsed = parseRecord(input);
	if (parsed.ok) return parsed;
	const faults = parsed.error.map(({ path, reason }) => `${path === '' ? 'the record' : path} ${reason}`);
	return err({ what: `${from}: ${faults.join('; ')}`, todo: 'The README lists every field ("The record").' });
}
