/** Puts the end of the fallback where the record is kept: its file, or the service. */
import { readFile, writeFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { err, ok, type Result } from '../../lib/result.ts';
import { numberOf, openApi } from '../admin/api.ts';
import type { Trouble } from '../terminal.ts';
import { endInText, fallbackOf, withFallback } from './end-fallback.ts';

/** @returns what was done, for people */
export async function endInFile(file: string, until: string): Promise<Result<string, Trouble>> {
	const text = await readFile(file, 'utf8').catch(() => null);
	if (text === null) return err({ what: `${file} cannot be read`, todo: 'Give the record’s file after --write; with --api its domain.' });
	const written = parsed(text);
	const fallback = written.ok ? fallbackOf(written.value, until) : written;
	if (!fallback.ok) return err({ what: `${file} ${fallback.error}` });
	if (fallback.value.kept) return ok(`${file} is left as it is: it ends 587 on ${fallback.value.until} already.`);
	const ended = endInText(text, fallback.value);
	if (!ended.ok) return err({ what: `${file} ${ended.error}` });
	const failed = await writeText(file, ended.value);
	if (failed !== null) return err(failed);
	return ok(`${file}: from ${until} on (UTC) no client is told of 587.`);
}

/** @returns what the system says where it may not be written; null where it is */
export async function writeText(file: string, text: string): Promise<Trouble | null> {
	return writeFile(file, text).then(
		() => null,
		(error: Error) => ({ what: `${file} cannot be written: ${error.message}` }),
	);
}

function parsed(text: string): Result<unknown, string> {
	try {
		return ok(parse(text));
	} catch {
		// The library's only way to refuse a text.
		return err('is neither JSON nor YAML');
	}
}

/** Through the admin API, against the revision that was read: somebody else's edit in between is not overwritten. */
export async function endInService(base: string, domain: string, until: string, note: string): Promise<Result<string, Trouble>> {
	const api = openApi(base);
	if (!api.ok) return api;
	const path = `/domains/${encodeURIComponent(domain)}`;
	const now = await api.value.call('GET', path);
	if (!now.ok) return now;
	const { json, etag } = now.value;
	const record: unknown = typeof json === 'object' && json !== null ? Reflect.get(json, 'record') : null;
	if (record === null || record === undefined) return err({ what: `${domain} has no record` });
	const fallback = fallbackOf(record, until);
	if (!fallback.ok) return err({ what: `the record of ${domain} ${fallback.error}` });
	const { port, until: end, kept } = fallback.value;
	if (kept) return ok(`${domain} is left as it is: it ends 587 on ${end} already.`);
	const answer = await api.value.call('PUT', path, {
		body: { record: withFallback(record, { port, until: end }), note },
		headers: { 'If-Match': etag ?? '' },
	});
	if (!answer.ok) return answer;
	return ok(`${domain}: from ${end} on (UTC) no client is told of 587. It is revision ${numberOf(answer.value.json, 'revision')} now.`);
}
