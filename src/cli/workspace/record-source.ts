/** Where commands take records from: a file, a folder, standard input, or the admin API. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { parse as parseYaml } from 'yaml';
import { firstErrorLine } from '../../lib/error-message.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { aliasTargetKey, type ResolvedRecord, resolveAlias } from '../../model/lookup.ts';
import { type Domain, parseDomain } from '../../model/names.ts';
import { parseRecord } from '../../model/record.ts';
import { candidateKeys } from '../../model/record-key.ts';
import type { Failure } from '../terminal.ts';
import { createApiRecordReader } from './read-record.ts';

/** What a source has under a key (`record:example.org`), not yet checked; null where it has nothing. */
type RecordReader = (key: string) => Promise<Result<RawRecord | null, Failure>>;

interface RawRecord {
	/** The file or URL, for messages. */
	readonly from: string;
	readonly input: unknown;
}

export interface RecordSource {
	/** The record that answers for a domain: its own, a wildcard's, or an alias's target. */
	find(domain: Domain): Promise<Result<ResolvedRecord, Failure>>;
	/** The domains that have a record of their own; null where the source cannot tell. */
	readonly domains: readonly Domain[] | null;
}

/** Opens what --record or --api names. */
export async function createRecordSource(args: {
	readonly record?: string | undefined;
	readonly api?: string | undefined;
}): Promise<Result<RecordSource, Failure>> {
	const { record, api } = args;
	if (record !== undefined && api !== undefined) return err({ message: 'both --record and --api are given', hint: 'Give one of them.' });
	if (api !== undefined) return ok({ find: (domain) => findRecord(createApiRecordReader(api), domain), domains: null });
	if (record === undefined)
		return err({
			message: 'no record is given',
			hint: 'Give --record FILE, --record FOLDER, --record - or --api URL; signpost init writes a first one.',
		});
	if (record === '-') {
		const parsed = parseRawRecord('standard input', await readAll(process.stdin));
		return ok({ find: (domain) => findRecord(async () => parsed, domain), domains: null });
	}
	const kind = await stat(record).catch(() => null);
	if (kind === null) return err({ message: `there is no file or folder ${record}`, hint: 'Check the path after --record.' });
	if (!kind.isDirectory()) return ok({ find: (domain) => findRecord(() => readRawRecord(record), domain), domains: null });
	return ok(await createFolderSource(record));
}

const RECORD_FILE_SUFFIX = /\.(json|ya?ml)$/;

async function createFolderSource(folder: string): Promise<RecordSource> {
	const files = new Map<string, string>();
	for (const file of (await readdir(folder)).filter((name) => RECORD_FILE_SUFFIX.test(name)).sort())
		files.set(`record:${file.replace(RECORD_FILE_SUFFIX, '')}`, join(folder, file));
	const reader: RecordReader = async (key) => {
		const file = files.get(key);
		return file === undefined ? ok(null) : readRawRecord(file);
	};
	const domains = [...files.keys()].map((key) => parseDomain(key.slice('record:'.length))).filter((name) => name !== null);
	return { find: (domain) => findRecord(reader, domain), domains };
}

async function readRawRecord(file: string): Promise<Result<RawRecord, Failure>> {
	return parseRawRecord(file, await readFile(file, 'utf8'));
}

/** YAML 1.2 takes JSON for what it is, so that one parser reads both. */
function parseRawRecord(from: string, text: string): Result<RawRecord, Failure> {
	try {
		return ok({ from, input: parseYaml(text) });
	} catch (error) {
		// The library's only way to say where a text goes wrong is to throw.
		return err({
			message: `${from} is neither JSON nor YAML: ${firstErrorLine(error)}`,
		});
	}
}

// The same order as the Worker's look-up: its own name, then the wildcards (model/record-key.ts); an alias is followed once.
async function findRecord(read: RecordReader, domain: Domain): Promise<Result<ResolvedRecord, Failure>> {
	for (const key of candidateKeys(domain)) {
		const written = await read(key);
		if (!written.ok) return written;
		if (written.value !== null) return followAlias(read, domain, key, written.value);
	}
	return err({
		message: `there is no record for ${domain}`,
		hint: `Its file in the folder would be called ${domain}.json or ${domain}.yaml.`,
	});
}

async function followAlias(read: RecordReader, domain: Domain, key: string, written: RawRecord): Promise<Result<ResolvedRecord, Failure>> {
	const own = validateRecord(written);
	if (!own.ok) return own;
	const targetKey = aliasTargetKey(own.value);
	const there = targetKey === null ? ok(null) : await read(targetKey);
	if (!there.ok) return there;
	// A single file has the same content under every key: it is not its own target.
	const target = there.value === null || there.value.from === written.from ? null : validateRecord(there.value);
	if (target !== null && !target.ok) return target;
	const targetRecord = targetKey === null || target === null ? null : { key: targetKey, record: target.value };
	const resolved = resolveAlias(domain, { key, record: own.value }, targetRecord);
	if (resolved.ok) return resolved;
	const { error } = resolved;
	return err({
		message: error.code === 'bad-record' ? `${written.from}: ${error.path} ${error.reason}` : `there is no record for ${domain}`,
		hint: target === null ? 'Give a folder that has both records.' : 'Name the domain whose record has the services.',
	});
}

function validateRecord({ from, input }: RawRecord) {
	const parsed = parseRecord(input);
	if (parsed.ok) return parsed;
	const faults = parsed.error.map(({ path, reason }) => `${path === '' ? 'the record' : path} ${reason}`);
	return err({ message: `${from}: ${faults.join('; ')}`, hint: 'The README lists every field ("The record").' });
}
