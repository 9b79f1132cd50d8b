/** Writes one value into the namespace RECORDS, of the deployed service or of `npm start`, as only wrangler can. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Result } from '../../lib/result.ts';
import type { Failure } from '../terminal.ts';
import { runWrangler } from './run-wrangler.ts';

/** The namespace to write to: the deployed service's, or that of `npm start` on this machine, which is in the folder `state`. */
export type KvTarget = { readonly kind: 'deployed' } | { readonly kind: 'local'; readonly state: string };

/** Puts `value` under `key`. wrangler says on the terminal what it does. */
export async function putKvValue(key: string, value: string, target: KvTarget): Promise<Result<null, Failure>> {
	// The value is passed in a temporary file that only this user can read, because every process can read wrangler's arguments.
	const folder = await mkdtemp(join(tmpdir(), 'signpost-kv-'));
	try {
		const file = join(folder, 'value');
		await writeFile(file, value, { mode: 0o600 });
		const store = target.kind === 'local' ? ['--local', '--persist-to', target.state] : ['--remote'];
		return await runWrangler(['kv', 'key', 'put', key, '--path', file, '--binding', 'RECORDS', ...store], target.kind, null);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
