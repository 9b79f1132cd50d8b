/** `signpost diff`: compares files with the records of the service. */
import { defineCommand } from 'citty';
import { FOLDER_OPTIONS } from '../../options.ts';
import { type ExitCode, fail, hint, paint, write, writeJson } from '../../terminal.ts';
import { createAdminApiClient } from '../../workspace/admin-api-client.ts';
import { diffFields, type FieldDifference, renderFieldDifferences } from '../../workspace/record-diff.ts';
import { adviseOnDeleted, normalisePrefix, type RecordFolder, readRecordFolder, recordDigest } from '../../workspace/record-folder.ts';
import { fetchServiceRecords, type ServiceRecords } from '../../workspace/service-records.ts';

export const examples = `EXAMPLES

  signpost diff --dir records --api https://signpost.example.net
      which fields differ: - what the service has, + what the file has; exit code 1 if any do
  signpost diff example.org --dir records --json
      that domain alone where it has a file here, else all that begin with example.org
  signpost diff --all --dir records
      also names the service's records that this folder has never had

  Compared are the domains that have a file here, and those that had one when the folder was last pulled or pushed.
  Of many, the service's list says which are the same; only the others are read.
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
		const service = await fetchServiceRecords(api.value, folder.value, known, everything ? prefix : null);
		if (!service.ok) return fail(service.error);
		const compared = everything ? [...new Set([...known, ...service.value.read.keys()])] : known;
		const differences = compared.sort().flatMap((domain) => compareRecord(domain, folder.value, service.value));
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

function compareRecord(domain: string, { files }: RecordFolder, { read, same }: ServiceRecords): readonly RecordDifference[] {
	const [file, record] = [files.get(domain), read.get(domain)];
	const digest = record === undefined ? undefined : recordDigest(record);
	if (file?.digest === digest || (record === undefined && same.has(domain))) return [];
	const kind = record === undefined ? 'only here' : file === undefined ? 'only there' : 'differs';
	return [{ domain, kind, fields: kind === 'differs' ? diffFields(record, file?.record) : [] }];
}

function renderDifference({ domain, kind, fields }: RecordDifference): string {
	return `${[`${paint('bold', domain)}  ${kind}`, ...renderFieldDifferences(fields)].join('\n')}\n`;
}
