/** Puts the end of the fallback where the record is kept: its file, or the service. */
import { readFile, writeFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Failure } from '../terminal.ts';
import { createAdminApiClient } from '../workspace/admin-api-client.ts';
import { validateRecord } from '../workspace/record-files.ts';
import { planFallbackEnd, setFallbackEndInText, withFallbackEnd } from './end-fallback.ts';

/** @returns what was done, for people */
export async function writeFallbackEndToFile(file: string, until: string): Promise<Result<string, Failure>> {
	const text = await readFile(file, 'utf8').catch(() => null);
	if (text === null)
		return err({
			message: `${file} cannot be read`,
			hint: 'Give the record’s file after --write, or its domain with --api URL (or SIGNPOST_API).',
		});
	const written = parseJsonOrYaml(text);
	const fallback = written.ok ? planFallbackEnd(written.value, until) : written;
	if (!fallback.ok) return err({ message: `${file} ${fallback.error}` });
	if (fallback.value.unchanged) return ok(`${file} is left as it is: it ends 587 on ${fallback.value.until} already.`);
	const ended = setFallbackEndInText(text, fallback.value);
	if (!ended.ok) return err({ message: `${file} ${ended.error}` });
	const failed = await writeTextFile(file, ended.value);
	if (failed !== null) return err(failed);
	return ok(`${file}: from ${until} on (UTC) no client is told of 587.`);
}

/** @returns what the system says where it may not be written; null where it is */
export async function writeTextFile(file: string, text: string): Promise<Failure | null> {
	return writeFile(file, text).then(
		() => null,
		(error: Error) => ({ message: `${file} cannot be written: ${error.message}` }),
	);
}

function parseJsonOrYaml(text: string): Result<unknown, string> {
	try {
		return ok(parse(text));
	} catch {
		// The library's only way to refuse a text.
		return err('is neither JSON nor YAML');
	}
}

/** Through the admin API, against the revision that was read: somebody else's edit in between is not overwritten. */
export async function writeFallbackEndToService(
	base: string,
	domain: string,
	until: string,
	note: string,
): Promise<Result<string, Failure>> {
	const api = createAdminApiClient({ api: base });
	if (!api.ok) return api;
	const path = { domain };
	const current = await api.value.call('readDomain', { path });
	if (!current.ok) return current;
	const { record, revision } = current.value;
	if (record === null) return err({ message: `${domain} has no record` });
	const fallback = planFallbackEnd(record, until);
	if (!fallback.ok) return err({ message: `the record of ${domain} ${fallback.error}` });
	const { port, until: end, unchanged } = fallback.value;
	if (unchanged) return ok(`${domain} is left as it is: it ends 587 on ${end} already.`);
	const ended = validateRecord(`the record of ${domain}`, withFallbackEnd(record, { port, until: end }));
	if (!ended.ok) return ended;
	const saved = await api.value.call('putDomain', { path, ifRevision: revision, body: { record: ended.value, note } });
	if (!saved.ok) return saved;
	return ok(`${domain}: from ${end} on (UTC) no client is told of 587. It is revision ${saved.value.revision} now.`);
}
