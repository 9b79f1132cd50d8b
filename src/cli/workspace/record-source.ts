/** Where commands take records from: a file, a folder, standard input, or the admin API. */
import { stat } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { err, ok, type Result } from '../../lib/result.ts';
import { aliasTargetKey, type ResolvedRecord, resolveAlias } from '../../model/lookup.ts';
import type { Domain } from '../../model/names.ts';
import { candidateKeys, parseRecordKey } from '../../model/record-key.ts';
import type { Failure } from '../terminal.ts';
import { catchFileFailure, readShortTextFile } from '../text-files.ts';
import { apiAddress, createAdminApiClient } from './admin-api-client.ts';
import { listRecordFiles } from './record-file-names.ts';
import { MAX_RECORD_FILE_BYTES, parseJsonOrYaml, validateRecord } from './record-files.ts';
import { jsonDigest } from './record-folder.ts';
import { readServiceDnsRecords, type ServiceDnsRecords } from './service-dns-records.ts';

/** What a source has under a key (`record:example.org`), not yet checked; null where it has nothing. */
type RecordReader = (key: string) => Promise<Result<RawRecord | null, Failure>>;

interface RawRecord {
	/** The file or URL, for messages. */
	readonly from: string;
	readonly input: unknown;
	/** Whether the input is a saved record as the service returns it. A file may have the same in another order, or in YAML. */
	readonly isSaved: boolean;
}

/** The record that answers for a domain, and which text that was. */
export interface SourceRecord extends ResolvedRecord {
	/** SHA-256 of the JSON of the record under which the domain was found: of an alias itself, not of its target. */
	readonly digest: string;
}

export interface RecordSource {
	/** The record that answers for a domain: its own, a wildcard's, or an alias's target. */
	find(domain: Domain): Promise<Result<SourceRecord, Failure>>;
	/** What the service says of the domain's DNS records; null where the source is files, or a service that cannot tell yet. */
	findDnsRecords(domain: Domain, site: Domain | null): Promise<Result<ServiceDnsRecords | null, Failure>>;
}

/** The source that --record names, else the service of --api or SIGNPOST_API. */
export async function createRecordSource(args: {
	readonly record?: string | undefined;
	readonly api?: string | undefined;
}): Promise<Result<RecordSource, Failure>> {
	const { record, api } = args;
	if (record !== undefined && api !== undefined) return err({ message: 'both --record and --api are given', hint: 'Give one of them.' });
	// A file that is named goes before a service that is only in the environment.
	if (record === undefined) {
		const reader = createApiReader(args);
		if (!reader.ok) return reader;
		return ok({
			find: (domain) => findRecord(reader.value, domain),
			findDnsRecords: (domain, site) => readServiceDnsRecords(args, domain, site),
		});
	}
	const reader = await createFileReader(record);
	// A file has no history.
	return reader.ok ? ok({ find: (domain) => findRecord(reader.value, domain), findDnsRecords: async () => ok(null) }) : reader;
}

function createApiReader(args: { readonly api?: string | undefined }): Result<RecordReader, Failure> {
	if (apiAddress(args) === null)
		return err({
			message: 'no record is given',
			hint: 'Give --record FILE, --record FOLDER, --record - or --api URL (or SIGNPOST_API); signpost init writes a first one.',
		});
	const api = createAdminApiClient(args);
	if (!api.ok) return api;
	return ok(async (key) => {
		const name = parseRecordKey(key);
		if (name === null) return ok(null);
		const view = await api.value.call('readDomain', { path: { domain: name } });
		if (!view.ok) return view;
		const { record } = view.value;
		return ok(record === null ? null : { from: `${name} at ${api.value.origin}`, input: record, isSaved: true });
	});
}

async function createFileReader(record: string): Promise<Result<RecordReader, Failure>> {
	if (record === '-') {
		const parsed = parseRawRecord('standard input', await readAll(process.stdin));
		return ok(async () => parsed);
	}
	const found = await catchFileFailure(stat(record), record, 'Check the path after --record.');
	if (!found.ok) return found;
	if (!found.value.isDirectory()) return ok(() => readRawRecord(record));
	const listed = await listRecordFiles(record);
	if (!listed.ok) return listed;
	const { files, faults } = listed.value;
	if (faults.length > 0) return err({ message: faults.join('\n       ') });
	return ok(async (key) => {
		const name = parseRecordKey(key);
		const file = name === null ? undefined : files.get(name);
		return file === undefined ? ok(null) : readRawRecord(file);
	});
}

async function readRawRecord(file: string): Promise<Result<RawRecord, Failure>> {
	const text = await readShortTextFile(file, MAX_RECORD_FILE_BYTES);
	return text.ok ? parseRawRecord(file, text.value) : text;
}

function parseRawRecord(from: string, text: string): Result<RawRecord, Failure> {
	const input = parseJsonOrYaml(from, text);
	return input.ok ? ok({ from, input: input.value, isSaved: false }) : input;
}

// Looks for the domain's own name, then for its wildcards, as the Worker's look-up does (model/record-key.ts); an alias is followed once.
async function findRecord(read: RecordReader, domain: Domain): Promise<Result<SourceRecord, Failure>> {
	for (const key of candidateKeys(domain)) {
		const written = await read(key);
		if (!written.ok) return written;
		if (written.value !== null) return followAlias(read, domain, key, written.value);
	}
	return err({
		message: `there is no record for ${domain}`,
		hint: `In a folder its file would be called ${domain}.json or ${domain}.yaml; signpost ls lists those of a service.`,
	});
}

async function followAlias(read: RecordReader, domain: Domain, key: string, written: RawRecord): Promise<Result<SourceRecord, Failure>> {
	const own = validateRecord(written.from, written.input);
	if (!own.ok) return own;
	const targetKey = aliasTargetKey(own.value);
	const there = targetKey === null ? ok(null) : await read(targetKey);
	if (!there.ok) return there;
	// A single file has the same content under every key: it is not its own target.
	const target = there.value === null || there.value.from === written.from ? null : validateRecord(there.value.from, there.value.input);
	if (target !== null && !target.ok) return target;
	const targetRecord = targetKey === null || target === null ? null : { key: targetKey, record: target.value };
	const resolved = resolveAlias(domain, { key, record: own.value }, targetRecord);
	if (resolved.ok) return ok({ ...resolved.value, digest: jsonDigest(written.isSaved ? written.input : own.value) });
	const { error } = resolved;
	return err({
		message: error.code === 'bad-record' ? `${written.from}: ${error.path} ${error.reason}` : `there is no record for ${domain}`,
		hint: target === null ? 'Give a folder that has both records.' : 'Name the domain whose record has the services.',
	});
}
