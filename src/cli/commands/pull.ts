/** `signpost pull`: the service's records into files. */
import { defineCommand } from 'citty';
import { openApi } from '../admin/api.ts';
import { type Exported, exportAll } from '../admin/exported.ts';
import { digestOf, openFolder, removeRecord, saveKnown, writeRecord } from '../admin/folder.ts';
import { FOLDER_OPTIONS } from '../admin/options.ts';
import { type ExitCode, note, progress, stop, write, writeJson } from '../terminal.ts';

export const lesson = `EXAMPLES

  signpost pull --dir records --api https://signpost.example.net
      every record that the token may read, a file each; commit them
  signpost pull example.org --dir records
      those whose name begins so

  A file that was changed here since the last pull or push is left alone and named, unless --force. records/.signpost.json keeps
  which revision each file is; commit it too.
`;

export default defineCommand({
	meta: { name: 'pull', description: 'Write the service’s records into files.' },
	args: {
		prefix: { type: 'positional', required: false, default: '', description: 'names that begin so; all where left out' },
		force: { type: 'boolean', description: 'overwrite files that were changed here' },
		...FOLDER_OPTIONS,
	},
	async run({ args }): Promise<ExitCode> {
		const api = openApi(args.api);
		if (!api.ok) return stop(api.error);
		const folder = await openFolder(args.dir);
		if (!folder.ok) return stop(folder.error);
		const { files, known } = folder.value;
		const there: Exported[] = [];
		const got = await exportAll(api.value, args.prefix, (each) => there.push(each));
		if (!got.ok) return stop(got.error);
		const done: { domain: string; result: string }[] = [];
		const bar = progress(there.length);
		for (const { domain, revision, record } of there) {
			bar.step(domain);
			const [file, digest] = [files.get(domain), digestOf(record)];
			const changedHere = file !== undefined && file.digest !== digest && file.digest !== known.get(domain)?.digest;
			if (changedHere && args.force !== true) {
				done.push({ domain, result: 'kept: changed here' });
				continue;
			}
			if (file?.digest !== digest) {
				await writeRecord(folder.value, domain, record);
				done.push({ domain, result: file === undefined ? 'new' : 'changed' });
			}
			known.set(domain, { revision, digest });
		}
		bar.done();
		// Deleted there, unchanged here: the file goes too.
		const names = new Set(there.map(({ domain }) => domain));
		for (const [domain, { digest }] of [...known]) {
			if (names.has(domain) || !domain.startsWith(args.prefix)) continue;
			known.delete(domain);
			if (files.get(domain)?.digest !== digest) continue;
			await removeRecord(folder.value, domain);
			done.push({ domain, result: 'removed: deleted there' });
		}
		await saveKnown(folder.value);
		if (args.json === true) writeJson(done);
		else for (const { domain, result } of done) write(`${domain}  ${result}\n`);
		note(`records there: ${there.length}, files that differed: ${done.length}`);
		return done.some(({ result }) => result.startsWith('kept')) ? 1 : 0;
	},
});
