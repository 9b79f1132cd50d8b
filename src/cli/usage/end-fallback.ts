/** Writes the end of the fallback into a record, and nothing else. */
import { isMap, isScalar, parseDocument, type YAMLMap } from 'yaml';
import { err, ok, type Result } from '../../lib/result.ts';
import { parseRecord } from '../../model/record.ts';
import { socketPorts } from '../../model/service-ports.ts';

/** The new end of submission's fallback. `unchanged`: the record already ends it on that day or earlier. */
export interface FallbackEnd {
	readonly port: number;
	/** YYYY-MM-DD, the first day (UTC) without the fallback. */
	readonly until: string;
	readonly unchanged: boolean;
}

/**
 * Plans the end of a record's fallback: `until`, unless the record has an earlier one. An error continues a sentence that begins with "the
 * record".
 */
export function planFallbackEnd(written: unknown, until: string): Result<FallbackEnd, string> {
	const record = parseRecord(written);
	if (!record.ok) return err(`is no good record: ${record.error[0]?.path ?? ''} ${record.error[0]?.reason ?? ''}`);
	if (record.value.kind === 'alias') return err(`is an alias: end the fallback in the record of ${record.value.of}`);
	const { submission } = record.value.services;
	if (submission === undefined) return err('has no submission');
	const { implicit, starttls, until: before } = socketPorts('submission', submission);
	if (starttls === null) return err('offers no STARTTLS for submission: there is nothing to end');
	if (implicit === null) return err('has no implicit TLS for submission: its users would have nothing left');
	return before !== null && before <= until
		? ok({ port: starttls, until: before, unchanged: true })
		: ok({ port: starttls, until, unchanged: false });
}

/** Writes the end into the text of a record's file, JSON or YAML: only that value changes, every other byte stays. */
export function setFallbackEndInText(text: string, { port, until }: Omit<FallbackEnd, 'unchanged'>): Result<string, string> {
	const submission = parseDocument(text).getIn(['services', 'submission']);
	// A value that comes from an anchor or a merge key may be used in other places too, so it is not changed.
	if (!isMap(submission)) return err('writes its submission as a reference: set starttls.until by hand');
	const json = text.trimStart().startsWith('{');
	const value = json ? `{ "port": ${port}, "until": "${until}" }` : `{ port: ${port}, until: ${until} }`;
	const changed = insertStarttls(text, submission, json ? '"starttls"' : 'starttls', value);
	// The result is parsed again: unless it says the same as before but for the end, nothing is written.
	const wanted = withFallbackEnd(parseDocument(text).toJS(), { port, until });
	const same = JSON.stringify(parseDocument(changed).toJS()) === JSON.stringify(wanted);
	return same ? ok(changed) : err('is written in a way that this cannot edit: set starttls.until by hand');
}

/** The record with its fallback replaced. The record must have passed the schema, so that the objects around the fallback exist. */
export function withFallbackEnd(record: unknown, { port, until }: Omit<FallbackEnd, 'unchanged'>): unknown {
	const { services } = record as { readonly services: Readonly<Record<string, object>> };
	const submission = { ...services.submission, starttls: { port, until } };
	return { ...(record as object), services: { ...services, submission } };
}

/** Replaces the value, or adds it after the last of its neighbours, in their style. */
function insertStarttls(text: string, submission: YAMLMap, key: string, value: string): string {
	const pair = submission.items.find((item) => isScalar(item.key) && item.key.value === 'starttls');
	if (pair !== undefined) {
		const [from, to] = nodeRange(text, pair.value);
		return text.slice(0, from) + value + text.slice(to);
	}
	const last = submission.items.at(-1);
	const before = text.slice(0, nodeRange(text, last?.key)[0]);
	const between = before.slice(before.trimEnd().length);
	const [, end] = nodeRange(text, last?.value);
	if (submission.flow === true) return `${text.slice(0, end)},${between}${key}: ${value}${text.slice(end)}`;
	// A comment on the line of the last value stays on that line.
	const [line = ''] = /^[^\r\n]*/.exec(text.slice(end)) ?? [];
	return `${text.slice(0, end + line.length)}${between}${key}: ${value}${text.slice(end + line.length)}`;
}

/** The start of a node and the end of its value; a block ends before the line break of its last line. */
function nodeRange(text: string, node: unknown): readonly [number, number] {
	const range: unknown = typeof node === 'object' && node !== null ? Reflect.get(node, 'range') : null;
	if (!Array.isArray(range)) return [0, 0];
	const [from, to] = [Number(range[0]), Number(range[1])];
	return [from, from + text.slice(from, to).trimEnd().length];
}
