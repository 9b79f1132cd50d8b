/** Reads "sconf" files (github.com/mjl-/sconf), the format of mox: nested with tabs, a value to the end of its line, lists with `-`. */
import { err, ok, type Result } from '../result.ts';

export type SconfValue = string | readonly SconfValue[] | SconfSection;

/** The fields of a section by name. */
export type SconfSection = ReadonlyMap<string, SconfValue>;

/** No configuration nests as deep as that. */
const MAX_DEPTH = 32;

interface Line {
	readonly number: number;
	readonly depth: number;
	readonly text: string;
}

/** @returns the error names the line */
export function parseSconfFile(text: string): Result<SconfSection, string> {
	const lines: Line[] = [];
	for (const [at, raw] of text.split('\n').entries()) {
		const content = raw.trim();
		if (content === '' || content.startsWith('#')) continue;
		const indent = raw.slice(0, raw.length - raw.trimStart().length);
		if (indent.length > MAX_DEPTH) return err(`line ${at + 1} is nested too deep`);
		if (/[^\t]/.test(indent)) return err(`line ${at + 1} is indented with blanks, and not with tabs`);
		lines.push({ number: at + 1, depth: indent.length, text: content });
	}
	return parseSection(lines, 0);
}

/** The lines that belong to the line at a place: those below it that are nested deeper. */
function nestedLines(lines: readonly Line[], at: number): readonly Line[] {
	const depth = lines[at]?.depth ?? 0;
	let end = at + 1;
	while ((lines[end]?.depth ?? 0) > depth) end += 1;
	return lines.slice(at + 1, end);
}

function parseSection(lines: readonly Line[], depth: number): Result<SconfSection, string> {
	const section = new Map<string, SconfValue>();
	for (let at = 0; at < lines.length; ) {
		const line = lines[at];
		if (line === undefined) break;
		const split = line.text.indexOf(':');
		if (line.depth !== depth || split < 1) return err(`line ${line.number} is no field`);
		const name = line.text.slice(0, split);
		const nested = nestedLines(lines, at);
		const value = parseValue(line.text.slice(split + 1).trim(), nested, depth + 1);
		if (!value.ok) return value;
		section.set(name, value.value);
		at += 1 + nested.length;
	}
	return ok(section);
}

function parseValue(text: string, nested: readonly Line[], depth: number): Result<SconfValue, string> {
	const [first] = nested;
	if (first === undefined) return ok(text);
	return first.text === '-' || first.text.startsWith('- ') ? parseList(nested, depth) : parseSection(nested, depth);
}

function parseList(lines: readonly Line[], depth: number): Result<readonly SconfValue[], string> {
	const items: SconfValue[] = [];
	for (let at = 0; at < lines.length; ) {
		const line = lines[at];
		if (line === undefined) break;
		if (line.depth !== depth || !line.text.startsWith('-')) return err(`line ${line.number} is no entry of a list`);
		const nested = nestedLines(lines, at);
		const value = parseValue(line.text.slice(1).trim(), nested, depth + 1);
		if (!value.ok) return value;
		items.push(value.value);
		at += 1 + nested.length;
	}
	return ok(items);
}
