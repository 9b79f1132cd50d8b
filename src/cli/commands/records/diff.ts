/** `signpost diff`: compares files with the records of the service. */
import { defineCommand } from 'citty';
import { mapConcurrently } from '../../../lib/concurrency.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import { FOLDER_OPTIONS } from '../../options.ts';
import { type ExitCode, type Failure, fail, hint, paint, write, writeJson } from '../../terminal.ts';
import { type AdminApiClient, createAdminApiClient } from '../../workspace/admin-api-client.ts';
import { diffFields, type FieldDifference, renderFieldDifferences } from '../../workspace/record-diff.ts';
import { fetchAllRecords } from '../../workspace/record-export.ts';
import { adviseOnDeleted, normalisePrefix, type RecordFolder, readRecordFolder, recordDigest } from '../../workspace/record-folder.ts';

export const examples = `EXAMPLES

  signpost diff --dir records --api https://signpost.example.net
      which fields differ: - what the service has, + what the file has; exit code 1 if any do
  signpost diff example.org --dir records --json
      that domain alone where it has a file here, else all that begin with example.org
  signpost diff --all --dir records
      also names the service's records that this folder has never had

  Compared are the domains that have a file here, and those that had one when the folder was last pulled or pushed.
`;

interface RecordDifference {
	readonly domain: string;
	readonly kind: 'only here' | 'only there' | 'differs';
	readonly fields: readonly FieldDifference[];
}

export default defineCommand({
	meta: { name: 'diff', description: 'Compare files with the service.' },
	args: {
		prefix: { type: 'positional', required: false, default: '', description: 'only domains that begin with this' },
		all: { type: 'boolean', description: 'also name the records of the service that this folder has never had' },
		...FOLDER_OPTIONS,
	},
	async run({ args }): Promise<ExitCode> {
		const api = createAdminApiClient(args);
		if (!api.ok) return fail(api.error);
		const prefix = normalisePrefix(args.prefix);
		const folder = await readRecordFolder(args.dir, (name) => name.startsWith(prefix));
		if (!folder.ok) return fail(folder.error);
		const names = [...new Set([...folder.value.files.keys(), ...folder.value.syncState.keys()])];
		const isWholeName = args.all !== true && names.includes(prefix);
		const known = isWholeName ? [prefix] : names.filter((domain) => domain.startsWith(prefix));
		// With a prefix, the service's records that begin with it are listed too, whether or not there is a file for them.
		const everything = args.all === true || (prefix !== '' && !isWholeName);
		if (known.length === 0 && !everything)
			return fail({ message: `${args.dir} has no record`, hint: 'signpost pull writes them; --all lists what the service has.' });
		const exported = await fetchRecords(api.value, known, everything ? prefix : null);
		if (!exported.ok) return fail(exported.error);
		const compared = everything ? [...new Set([...known, ...exported.value.keys()])] : known;
		const differences = compared.sort().flatMap((domain) => compareRecord(domain, folder.value, exported.value));
		if (args.json === true) writeJson(differences);
		else for (const difference of differences) write(renderDifference(difference));
		for (const { domain, kind } of differences) {
			const file = folder.value.files.get(domain);
			// A folder that knows a revision had the record from the service, or sent it there.
			if (kind === 'only here' && file !== undefined && folder.value.syncState.has(domain))
				hint(`${domain}: the service has deleted it since: ${adviseOnDeleted(domain, file.file)}`);
		}
		if (!everything && !isWholeName) hint('records of the service that this folder has never had are not looked at; --all names them');
		return differences.length === 0 ? 0 : 1;
	},
});

/** Up to this many records are read one by one; for more, one export is cheaper. */
const MAX_SINGLE_READS = 200;
const CONCURRENT_REQUESTS = 8;

/**
 * The service's live records, by domain.
 * @param prefix of all that are wanted; null where `known` is all
 */
async function fetchRecords(
	api: AdminApiClient,
	known: readonly string[],
	prefix: string | null,
): Promise<Result<ReadonlyMap<string, unknown>, Failure>> {
	const records = new Map<string, unknown>();
	if (prefix !== null || known.length > MAX_SINGLE_READS) {
		const read = await fetchAllRecords(api, prefix ?? '', ({ domain, record }) => records.set(domain, record));
		return read.ok ? ok(records) : read;
	}
	const views = await mapConcurrently(known, CONCURRENT_REQUESTS, (domain) => api.call('readDomain', { path: { domain } }));
	for (const [at, view] of views.entries()) {
		if (!view.ok) return err(view.error);
		if (view.value.record !== null) records.set(known[at] ?? '', view.value.record);
	}
	return ok(records);
}

function compareRecord(domain: string, { files }: RecordFolder, exported: ReadonlyMap<string, unknown>): readonly RecordDifference[] {
	const [file, record] = [files.get(domain), exported.get(domain)];
	if (file?.digest === (record === undefined ? undefined : recordDigest(record))) return [];
	const kind = record === undefined ? 'only here' : file === undefined ? 'only there' : 'differs';
	return [{ domain, kind, fields: kind === 'differs' ? diffFields(record, file?.record) : [] }];
}

function renderDifference({ domain, kind, fields }: RecordDifference): string {
	return `${[`${paint('bold', domain)}  ${kind}`, ...renderFieldDifferences(fields)].join('\n')}\n`;
}
