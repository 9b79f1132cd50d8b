/** Writes the end of the fallback into a record, and nothing else. */
import { type Document, isMap, isScalar, parseDocument, type YAMLMap } from 'yaml';
import { err, ok, type Result } from '../../lib/result.ts';
import { parseRecord } from '../../model/record.ts';
import { socketPorts } from '../../model/service.ts';

/** What submission's fallback becomes. `kept`: the record ends it already, and no later. */
export interface Fallback {
	readonly port: number;
	/** YYYY-MM-DD, the first day (UTC) without. */
	readonly until: string;
	readonly kept: boolean;
}

/** The end of a record's fallback, on `until` unless it has an earlier one. An error is what comes behind "the record". */
export function fallbackOf(written: unknown, until: string): Result<Fallback, string> {
	const record = parseRecord(written);
	if (!record.ok) return err(`is no good record: ${record.error[0]?.path ?? ''} ${record.error[0]?.reason ?? ''}`);
	if (record.value.kind === 'alias') return err(`is an alias: end the fallback in the record of ${record.value.of}`);
	const { submission } = record.value.services;
	if (submission === undefined) return err('has no submission');
	const { implicit, starttls, until: before } = socketPorts('submission', submission);
	if (starttls === null) return err('offers no STARTTLS for submission: there is nothing to end');
	if (implicit === null) return err('has no implicit TLS for submission: its users would have nothing left');
	return before !== null && before <= until
		? ok({ port: starttls, until: before, kept: true })
		: ok({ port: starttls, until, kept: false });
}

/** The text of a record's file with the end in it. YAML keeps its comments; of JSON nothing but the one value is touched. */
export function endInText(text: string, { port, until }: Fallback): Result<string, string> {
	const document = parseDocument(text);
	const submission = document.getIn(['services', 'submission']);
	// An anchor or a merge key is somebody's own way of writing, and no place to put a value into unasked.
	if (!isMap(submission)) return err('writes its submission as a reference: set starttls.until by hand');
	const value = { port, until };
	const changed = isJson(text, submission) ? splice(text, submission, JSON.stringify(value)) : inYaml(document, value);
	const after = parseRecord(parseDocument(changed).toJS());
	return after.ok ? ok(changed) : err(`would be no good record: ${after.error[0]?.path ?? ''} ${after.error[0]?.reason ?? ''}`);
}

function inYaml(document: Document, value: Readonly<Record<string, unknown>>): string {
	document.setIn(['services', 'submission', 'starttls'], document.createNode(value));
	// Lines stay as long as they were.
	return document.toString({ lineWidth: 0 });
}

function isJson(text: string, submission: YAMLMap): boolean {
	return submission.flow === true && text.trimStart().startsWith('{');
}

/** Puts the value where the record has one, else behind the last of its neighbours and as they stand. */
function splice(text: string, submission: YAMLMap, value: string): string {
	const pair = submission.items.find(({ key }) => isScalar(key) && key.value === 'starttls');
	const last = submission.items.at(-1);
	const [from, to] = rangeOf(pair?.value);
	if (pair !== undefined) return text.slice(0, from) + value + text.slice(to);
	const [, end] = rangeOf(last?.value);
	const [key] = rangeOf(last?.key);
	const between = /[ \t\r\n]*$/.exec(text.slice(0, key))?.[0] ?? '';
	return `${text.slice(0, end)},${between}"starttls": ${value}${text.slice(end)}`;
}

/** Where a node begins, and where its value ends. */
function rangeOf(node: unknown): readonly [number, number] {
	const range: unknown = typeof node === 'object' && node !== null ? Reflect.get(node, 'range') : null;
	return Array.isArray(range) ? [Number(range[0]), Number(range[1])] : [0, 0];
}
