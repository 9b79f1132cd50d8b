/** `signpost backup`: writes everything that the service keeps into one file. */
import { open, truncate } from 'node:fs/promises';
import { defineCommand } from 'citty';
import { BACKUP_PARTS, type BackupPart } from '../../../contract/backup-lines.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import { API_OPTIONS } from '../../options.ts';
import { createProgress } from '../../progress.ts';
import { type ExitCode, type Failure, fail, hint, write, writeJson } from '../../terminal.ts';
import { createAdminApiClient } from '../../workspace/admin-api-client.ts';
import { BACKUP_VERSION, readBackupLines, renderBackupLine } from '../../workspace/backup-file.ts';

export const examples = `EXAMPLES

  signpost backup signpost.backup --api https://signpost.example.net
      every revision of every record, tokens (the hashes of their secrets), the audit trail
  signpost backup signpost.backup --signing-keys
      the private keys that sign profiles too, as far as KV has them: keep the file as you keep those

  Needs the operator's token. Interrupted, the same command goes on where it was. Each line has a checksum, the last one is that of the
  whole: signpost restore FILE --dry-run looks at all of them. Settings and secrets of the Worker are not in it.
`;

/** Where an interrupted backup continues: after the last complete page in its file. */
interface BackupPosition {
	readonly sum: string;
	/** The length in bytes of the part of the file that is kept. */
	readonly end: number;
	readonly lines: number;
	readonly part: BackupPart;
	readonly after: string | null;
}

export default defineCommand({
	meta: { name: 'backup', description: 'Write everything that the service keeps into a file.' },
	args: {
		file: { type: 'positional', required: true, description: 'the file to write' },
		'signing-keys': { type: 'boolean', description: 'the private keys that sign profiles, too' },
		...API_OPTIONS,
	},
	async run({ args }): Promise<ExitCode> {
		const api = createAdminApiClient(args);
		if (!api.ok) return fail(api.error);
		const parts = BACKUP_PARTS.filter((part) => part !== 'signing-keys' || args['signing-keys'] === true);
		const found = await findPosition(args.file, api.value.origin, parts);
		if (!found.ok) return fail(found.error);
		const position = found.value;
		if (position !== null) {
			hint(`${args.file} is an unfinished backup: going on behind its ${position.lines} lines`);
			await truncate(args.file, position.end);
		}
		// The file holds hashes of tokens and may hold keys, so only its owner may read it.
		const file = await open(args.file, position === null ? 'wx' : 'a', 0o600);
		let [sum, lines] = [position?.sum ?? '', position?.lines ?? 0];
		const outside: string[] = [];
		const progress = createProgress(null);
		const render = (line: object) => {
			const { text, sum: next } = renderBackupLine(sum, line);
			sum = next;
			return text;
		};
		try {
			if (position === null)
				await file.write(
					render({ kind: 'header', version: BACKUP_VERSION, service: api.value.origin, at: new Date().toISOString(), parts }),
				);
			for (const part of parts.slice(position === null ? 0 : parts.indexOf(position.part))) {
				for (let after = position?.part === part ? position.after : ''; after !== null; ) {
					let next: string | null | undefined;
					const page: object[] = [];
					const read = await api.value.callLines('readBackup', { query: { part, after } }, (line) => {
						if ('next' in line) {
							next = line.next;
							return;
						}
						page.push(line);
						if (line.kind === 'outside') outside.push(line.domain);
						progress.step(`${part}: ${'domain' in line ? line.domain : ''}`);
					});
					if (!read.ok) return fail(read.error);
					if (next === undefined) return fail({ message: `${api.value.origin} broke off`, hint: 'Run it again: it goes on where it was.' });
					lines += page.length;
					await file.appendFile([...page, { kind: 'page', part, next }].map(render).join(''));
					after = next;
				}
			}
			await file.appendFile(render({ kind: 'end', lines }));
			await file.sync();
		} finally {
			progress.done();
			await file.close();
		}
		if (args.json === true) writeJson({ file: args.file, lines, sum, outside });
		else write(`${args.file}: ${lines} lines, checksum ${sum}\n`);
		if (outside.length > 0)
			hint(
				`not in it, because they were put into KV by hand and never saved: ${outside.slice(0, 10).join(', ')}${outside.length > 10 ? ', …' : ''} (signpost outside DOMAIN --adopt)`,
			);
		return outside.length > 0 ? 1 : 0;
	},
});

/** Finds where to continue in a file; null where the file does not exist yet. */
async function findPosition(path: string, service: string, parts: readonly BackupPart[]): Promise<Result<BackupPosition | null, Failure>> {
	let position: BackupPosition | null = null;
	let lines = 0;
	try {
		for await (const read of readBackupLines(path)) {
			// A line that does not parse was cut off, or is not part of a backup. The lines before it decide where to continue.
			if (!read.ok) break;
			const { line, sum, end } = read;
			if (line.kind === 'end') return err({ message: `${path} is a finished backup`, hint: 'Give another name.' });
			if (line.kind === 'header') {
				if (line.service !== service)
					return err({ message: `${path} is an unfinished backup of ${line.service}`, hint: 'Give another name.' });
				if (line.parts.join() !== parts.join())
					return err({
						message: `${path} was begun with other parts: ${line.parts.join(', ')}`,
						hint: 'Give another name, or the same options.',
					});
				position = { sum, end, lines: 0, part: 'audit', after: '' };
			} else if (line.kind === 'page') position = { sum, end, lines, part: line.part, after: line.next };
			else lines += 1;
		}
	} catch (failure) {
		if (failure instanceof Error && 'code' in failure && failure.code === 'ENOENT') return ok(null);
		throw failure;
	}
	return position === null ? err({ message: `${path} is there already, and no backup`, hint: 'Give another name.' }) : ok(position);
}
