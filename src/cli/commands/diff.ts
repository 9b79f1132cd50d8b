/** `signpost diff`: files against the service. */
import { defineCommand } from 'citty';
import { openApi } from '../admin/api.ts';
import { type Exported, exportAll } from '../admin/exported.ts';
import { type FieldDifference, fieldLines, fieldsThatDiffer } from '../admin/fields.ts';
import { digestOf, openFolder } from '../admin/folder.ts';
import { FOLDER_OPTIONS } from '../admin/options.ts';
import { type ExitCode, paint, stop, write, writeJson } from '../terminal.ts';

export const lesson = `EXAMPLES

  signpost diff --dir records --api https://signpost.example.net
      which fields differ: - what the service has, + what the file has; exit code 1 if any do
  signpost diff example.org --dir records --json
`;

interface Difference {
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
		const api = openApi(args.api);
		if (!api.ok) return stop(api.error);
		const folder = await openFolder(args.dir);
		if (!folder.ok) return stop(folder.error);
		const there = new Map<string, Exported>();
		const got = await exportAll(api.value, args.prefix, (each) => there.set(each.domain, each));
		if (!got.ok) return stop(got.error);
		const names = [...new Set([...folder.value.files.keys(), ...there.keys()])].filter((domain) => domain.startsWith(args.prefix)).sort();
		const differences = names.flatMap((domain): readonly Difference[] => {
			const [file, exported] = [folder.value.files.get(domain), there.get(domain)];
			if (file?.digest === (exported === undefined ? undefined : digestOf(exported.record))) return [];
			const kind = exported === undefined ? 'only here' : file === undefined ? 'only there' : 'differs';
			return [{ domain, kind, fields: kind === 'differs' ? fieldsThatDiffer(exported?.record, file?.record) : [] }];
		});
		if (args.json === true) writeJson(differences);
		else for (const difference of differences) write(show(difference));
		return differences.length === 0 ? 0 : 1;
	},
});

function show({ domain, kind, fields }: Difference): string {
	return `${[`${paint('bold', domain)}  ${kind}`, ...fieldLines(fields)].join('\n')}\n`;
}
