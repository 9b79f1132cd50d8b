/** `signpost pull`: the service's records into files. */
import { defineCommand } from 'citty';
import { createProgress, type ExitCode, fail, hint, write, writeJson } from '../terminal.ts';
import { createAdminApiClient } from '../workspace/admin-api-client.ts';
import { type ExportedRecord, fetchAllRecords } from '../workspace/record-export.ts';
import { readRecordFolder, recordDigest, removeRecordFile, writeRecordFile, writeSyncState } from '../workspace/record-folder.ts';
import { FOLDER_OPTIONS } from '../workspace/workspace-options.ts';

export const examples = `EXAMPLES

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
		const api = createAdminApiClient(args.api);
		if (!api.ok) return fail(api.error);
		const folder = await readRecordFolder(args.dir);
		if (!folder.ok) return fail(folder.error);
		const { files, syncState } = folder.value;
		const there: ExportedRecord[] = [];
		const got = await fetchAllRecords(api.value, args.prefix, (each) => there.push(each));
		if (!got.ok) return fail(got.error);
		const done: { domain: string; result: string }[] = [];
		const bar = createProgress(there.length);
		for (const { domain, revision, record } of there) {
			bar.step(domain);
			const [file, digest] = [files.get(domain), recordDigest(record)];
			const changedHere = file !== undefined && file.digest !== digest && file.digest !== syncState.get(domain)?.digest;
			if (changedHere && args.force !== true) {
				done.push({ domain, result: 'kept: changed here' });
				continue;
			}
			if (file?.digest !== digest) {
				await writeRecordFile(folder.value, domain, record);
				done.push({ domain, result: file === undefined ? 'new' : 'changed' });
			}
			syncState.set(domain, { revision, digest });
		}
		bar.done();
		// Deleted there, unchanged here: the file goes too.
		const names = new Set(there.map(({ domain }) => domain));
		for (const [domain, { digest }] of [...syncState]) {
			if (names.has(domain) || !domain.startsWith(args.prefix)) continue;
			syncState.delete(domain);
			if (files.get(domain)?.digest !== digest) continue;
			await removeRecordFile(folder.value, domain);
			done.push({ domain, result: 'removed: deleted there' });
		}
		await writeSyncState(folder.value);
		if (args.json === true) writeJson(done);
		else for (const { domain, result } of done) write(`${domain}  ${result}\n`);
		hint(`records there: ${there.length}, files that differed: ${done.length}`);
		return done.some(({ result }) => result.startsWith('kept')) ? 1 : 0;
	},
});
