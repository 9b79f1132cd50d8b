/** Writes the end of the fallback to where the record is kept: a file, or the service. */
import { err, ok, type Result } from '../../lib/result.ts';
import type { Failure } from '../terminal.ts';
import { readTextFile, writeTextFile } from '../text-files.ts';
import { createAdminApiClient } from '../workspace/admin-api-client.ts';
import { parseJsonOrYaml, validateRecord } from '../workspace/record-files.ts';
import { planFallbackEnd, setFallbackEndInText, withFallbackEnd } from './end-fallback.ts';
import type { ProvedQuiet } from './evidence/usage-verdict.ts';

/**
 * @param _proof that nobody uses it: who has none cannot end it
 * @returns what was done, for people
 */
export async function writeFallbackEndToFile(_proof: ProvedQuiet, file: string, until: string): Promise<Result<string, Failure>> {
	const text = await readTextFile(file, 'Give the record’s file after --write, or its domain with --api URL (or SIGNPOST_API).');
	if (!text.ok) return text;
	const written = parseJsonOrYaml(file, text.value);
	if (!written.ok) return written;
	const fallback = planFallbackEnd(written.value, until);
	if (!fallback.ok) return err({ message: `${file} ${fallback.error}` });
	if (fallback.value.unchanged) return ok(`${file} is left as it is: it ends 587 on ${fallback.value.until} already.`);
	const ended = setFallbackEndInText(text.value, fallback.value);
	if (!ended.ok) return err({ message: `${file} ${ended.error}` });
	const saved = await writeTextFile(file, ended.value);
	if (!saved.ok) return saved;
	return ok(`${file}: from ${until} on (UTC) no client is told of 587.`);
}

/** Writes it through the admin API, on condition that the revision is still the one that was read, so that no other edit is overwritten. */
export async function writeFallbackEndToService(
	_proof: ProvedQuiet,
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
