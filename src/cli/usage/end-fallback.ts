/** Writes the end of the fallback into a record, and nothing else. */
import { isMap, isScalar, parseDocument, type YAMLMap } from 'yaml';
import { err, ok, type Result } from '../../lib/result.ts';
import { parseRecord } from '../../model/record.ts';
import { socketPorts } from '../../model/service-ports.ts';

/** What submission's fallback becomes. `unchanged`: the record ends it already, and no later. */
export interface FallbackEnd {
	readonly port: number;
	/** YYYY-MM-DD, the first day (UTC) without. */
	readonly until: string;
	readonly unchanged: boolean;
}

/** The end of a record's fallback, on `until` unless it has an earlier one. An error is what comes behind "the record". */
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

/** The text of a record's file with the end in it: that one value, and not another byte, be it JSON or YAML. */
export function setFallbackEndInText(text: string, { port, until }: Omit<FallbackEnd, 'unchanged'>): Result<string, string> {
	const submission = parseDocument(text).getIn(['services', 'submission']);
	// An anchor or a merge key may be used in other places too, so no value is put into it.
	if (!isMap(submission)) return err('writes its submission as a reference: set starttls.until by hand');
	const json = text.trimStart().startsWith('{');
	const value = json ? `{ "port": ${port}, "until": "${until}" }` : `{ port: ${port}, until: ${until} }`;
	const changed = insertStarttls(text, submission, json ? '"starttls"' : 'starttls', value);
	// Texts are written in more ways than are thought of here: what comes out says the same but for the end, or it is not written.
	const wanted = withFallbackEnd(parseDocument(text).toJS(), { port, until });
	const same = JSON.stringify(parseDocument(changed).toJS()) === JSON.stringify(wanted);
	return same ? ok(changed) : err('is written in a way that this cannot edit: set starttls.until by hand');
}

/** The record with its fallback replaced; everything else is as it was. It has passed the schema: the objects are there. */
export function withFallbackEnd(record: unknown, { port, until }: Omit<FallbackEnd, 'unchanged'>): unknown {
	const { services } = record as { readonly services: Readonly<Record<string, object>> };
	const submission = { ...services.submission, starttls: { port, until } };
	return { ...(record as object), services: { ...services, submission } };
}

/** Puts the value where the record has one, else behind the last of its neighbours and as they stand. */
function insertStarttls(text: string, submission: YAMLMap, key: string, value: string): string {
	const pair = submission.items.find((item) => isScalar(item.key) && item.key.value === 'starttls');
	if (pair !== undefined) {
		const [from, to] = nodeRange(text, pair.value);
		return text.slice(0, from) + value + text.slice(to);
	}
	const last = submission.items.at(-1);
	const between = /[ \t\r\n]*$/.exec(text.slice(0, nodeRange(text, last?.key)[0]))?.[0] ?? '';
	const [, end] = nodeRange(text, last?.value);
	if (submission.flow === true) return `${text.slice(0, end)},${between}${key}: ${value}${text.slice(end)}`;
	// A comment behind the last value stays with it.
	const [line = ''] = /^[^\r\n]*/.exec(text.slice(end)) ?? [];
	return `${text.slice(0, end + line.length)}${between}${key}: ${value}${text.slice(end + line.length)}`;
}

/** Where a node begins, and where its value ends: a block ends with its last line, without the end of that. */
function nodeRange(text: string, node: unknown): readonly [number, number] {
	const range: unknown = typeof node === 'object' && node !== null ? Reflect.get(node, 'range') : null;
	if (!Array.isArray(range)) return [0, 0];
	const [from, to] = [Number(range[0]), Number(range[1])];
	return [from, from + text.slice(from, to).trimEnd().length];
}
