/** `signpost pull`: writes the service's records into files. */
import { defineCommand } from 'citty';
import { FOLDER_OPTIONS } from '../../options.ts';
import { createProgress } from '../../progress.ts';
import { type ExitCode, fail, hint, write, writeJson } from '../../terminal.ts';
import { createAdminApiClient } from '../../workspace/admin-api-client.ts';
import { type ExportedRecord, fetchAllRecords } from '../../workspace/record-export.ts';
import {
	adviseOnDeleted,
	normalisePrefix,
	openRecordFolder,
	recordDigest,
	removeRecordFile,
	writeRecordFile,
	writeSyncState,
} from '../../workspace/record-folder.ts';

export const examples = `EXAMPLES

  signpost pull --dir records --api https://signpost.example.net
      every record that the token may read, a file each; commit them
  signpost pull example.org --dir records
      only domains that begin with example.org

  signpost pull --prune --dir records
      also removes the files of records that were deleted in the service and changed here since

  A file that was changed here since the last pull or push is left alone and named, unless --force. records/.signpost.json keeps
  which revision each file is; commit it too.
`;

export default defineCommand({
	meta: { name: 'pull', description: 'Write the service’s records into files.' },
	args: {
		prefix: { type: 'positional', required: false, default: '', description: 'only domains that begin with this' },
		force: { type: 'boolean', description: 'overwrite files that were changed here' },
		prune: { type: 'boolean', description: 'remove files that were changed here where the service has deleted the record' },
		...FOLDER_OPTIONS,
	},
	async run({ args }): Promise<ExitCode> {
		const api = createAdminApiClient(args);
		if (!api.ok) return fail(api.error);
		const folder = await openRecordFolder(args.dir);
		if (!folder.ok) return fail(folder.error);
		const { files, syncState } = folder.value;
		const exported: ExportedRecord[] = [];
		const prefix = normalisePrefix(args.prefix);
		const read = await fetchAllRecords(api.value, prefix, (each) => exported.push(each));
		if (!read.ok) return fail(read.error);
		const done: { domain: string; result: string }[] = [];
		const progress = createProgress(exported.length);
		for (const { domain, revision, record } of exported) {
			progress.step(domain);
			const [file, digest] = [files.get(domain), recordDigest(record)];
			const changedHere = file !== undefined && file.digest !== digest && file.digest !== syncState.get(domain)?.digest;
			if (changedHere && args.force !== true) {
				done.push({ domain, result: 'kept: changed here' });
				continue;
			}
			if (file?.digest !== digest) {
				const written = await writeRecordFile(folder.value, domain, record);
				if (!written.ok) return fail(written.error);
				done.push({ domain, result: file === undefined ? 'new' : 'changed' });
			}
			syncState.set(domain, { revision, digest });
		}
		progress.done();
		// A record that was deleted in the service and not changed here: its file is removed too. Where it was changed here, a person decides.
		const names = new Set(exported.map(({ domain }) => domain));
		for (const [domain, { digest }] of [...syncState]) {
			if (names.has(domain) || !domain.startsWith(prefix)) continue;
			const file = files.get(domain);
			if (file !== undefined && file.digest !== digest && args.prune !== true) {
				done.push({ domain, result: 'kept: deleted there, changed here' });
				hint(`${domain}: ${adviseOnDeleted(domain, file.file)}`);
				continue;
			}
			syncState.delete(domain);
			if (file === undefined) continue;
			const removed = await removeRecordFile(folder.value, domain);
			if (!removed.ok) return fail(removed.error);
			done.push({ domain, result: 'removed: deleted there' });
		}
		const stateWritten = await writeSyncState(folder.value);
		if (!stateWritten.ok) return fail(stateWritten.error);
		if (args.json === true) writeJson(done);
		else for (const { domain, result } of done) write(`${domain}  ${result}\n`);
		hint(`records there: ${exported.length}, files that differed: ${done.length}`);
		return done.some(({ result }) => result.startsWith('kept')) ? 1 : 0;
	},
});
