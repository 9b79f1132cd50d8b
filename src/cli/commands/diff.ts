/** `signpost diff`: files against the service. */
import { defineCommand } from 'citty';
import { type ExitCode, fail, paint, write, writeJson } from '../terminal.ts';
import { createAdminApiClient } from '../workspace/admin-api-client.ts';
import { diffFields, type FieldDifference, renderFieldDifferences } from '../workspace/record-diff.ts';
import { type ExportedRecord, fetchAllRecords } from '../workspace/record-export.ts';
import { readRecordFolder, recordDigest } from '../workspace/record-folder.ts';
import { FOLDER_OPTIONS } from '../workspace/workspace-options.ts';

export const examples = `EXAMPLES

  signpost diff --dir records --api https://signpost.example.net
      which fields differ: - what the service has, + what the file has; exit code 1 if any do
  signpost diff example.org --dir records --json
`;

interface RecordDifference {
	readonly domain: string;
	readonly kind: 'only here' | 'only there' | 'differs';
	readonly fields: readonly FieldDifference[];
}

export default defineCommand({
	meta: { name: 'diff', description: 'Compare files with the service.' },
	args: {
		prefix: { type: 'positional', required: false, default: '', description: 'names that begin so; all where left out' },
		...FOLDER_OPTIONS,
	},
	async run({ args }): Promise<ExitCode> {
		const api = createAdminApiClient(args.api);
		if (!api.ok) return fail(api.error);
		const folder = await readRecordFolder(args.dir);
		if (!folder.ok) return fail(folder.error);
		const there = new Map<string, ExportedRecord>();
		const got = await fetchAllRecords(api.value, args.prefix, (each) => there.set(each.domain, each));
		if (!got.ok) return fail(got.error);
		const names = [...new Set([...folder.value.files.keys(), ...there.keys()])].filter((domain) => domain.startsWith(args.prefix)).sort();
		const differences = names.flatMap((domain): readonly RecordDifference[] => {
			const [file, exported] = [folder.value.files.get(domain), there.get(domain)];
			if (file?.digest === (exported === undefined ? undefined : recordDigest(exported.record))) return [];
			const kind = exported === undefined ? 'only here' : file === undefined ? 'only there' : 'differs';
			return [{ domain, kind, fields: kind === 'differs' ? diffFields(exported?.record, file?.record) : [] }];
		});
		if (args.json === true) writeJson(differences);
		else for (const difference of differences) write(renderDifference(difference));
		return differences.length === 0 ? 0 : 1;
	},
});

function renderDifference({ domain, kind, fields }: RecordDifference): string {
	return `${[`${paint('bold', domain)}  ${kind}`, ...renderFieldDifferences(fields)].join('\n')}\n`;
}
