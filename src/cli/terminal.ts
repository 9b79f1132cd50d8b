/** The tool's output: results go to stdout, everything else to stderr, with colour only on a terminal. */
import { styleText } from 'node:util';

/** 0: looked, all is well. 1: looked, and found something. 2: could not look. */
export type ExitCode = 0 | 1 | 2;

/** Why the tool could not do what it was asked: what is wrong, where, and what to do about it. */
export interface Failure {
	readonly message: string;
	readonly hint?: string | undefined;
}

type Style = Parameters<typeof styleText>[0];

interface OutputStream {
	readonly isTTY?: boolean;
	write(text: string): boolean;
}

// https://no-color.org: present and not empty means no colour, whatever its value.
function hasColour(sink: OutputStream): boolean {
	return sink.isTTY === true && (process.env.NO_COLOR ?? '') === '' && process.env.TERM !== 'dumb';
}

/** Colours a text for stdout; as it is where stdout is no terminal. */
export function paint(style: Style, text: string): string {
	return hasColour(process.stdout) ? styleText(style, text, { validateStream: false }) : text;
}

/** A result. */
export function write(text: string): void {
	process.stdout.write(text);
}

/** A document that must reach a file or a pipe byte for byte. A terminal gets the end of the last line as well, so that the prompt stands alone. */
export function writeDocument(text: string, sink: OutputStream = process.stdout): void {
	sink.write(sink.isTTY === true && text !== '' && !text.endsWith('\n') ? `${text}\n` : text);
}

/** A result for programs, one of many: JSON on one line. */
export function writeJsonLine(value: unknown): void {
	process.stdout.write(`${JSON.stringify(value).replace(CONTROLS_IN_JSON, jsonEscaped)}\n`);
}

/** A result for programs: JSON, two blanks an indent. */
export function writeJson(value: unknown): void {
	process.stdout.write(`${JSON.stringify(value, null, 2).replace(CONTROLS_IN_JSON, jsonEscaped)}\n`);
}

/** Something beside the result: hints, warnings. */
export function hint(text: string): void {
	process.stderr.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** Tells a failure. @returns the exit code for it */
export function fail(failure: Failure): 2 {
	const label = hasColour(process.stderr) ? styleText('red', 'error:', { validateStream: false }) : 'error:';
	hint(`${label} ${failure.message}`);
	if (failure.hint !== undefined) hint(`       ${failure.hint}`);
	return 2;
}

// JSON.stringify leaves DEL, C1 controls and the marks that reorder text as they are: a terminal that shows the JSON would obey them.
const CONTROLS_IN_JSON = /[\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

function jsonEscaped(character: string): string {
	return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

// C0 and C1 controls, and the marks that reorder text: what a server says must not steer the terminal that shows it.
const CONTROL_CHARACTERS = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** A stranger's text, made safe and short enough to show. */
export function sanitizeText(text: string, maximum = 120): string {
	const plain = text.replace(CONTROL_CHARACTERS, '\u00b7');
	return plain.length > maximum ? `${plain.slice(0, maximum - 1)}\u2026` : plain;
}

/** Columns, padded; the last one is not. */
export function columns(rows: readonly (readonly string[])[], gap = '  '): string {
	const widths: number[] = [];
	for (const row of rows)
		row.forEach((cell, at) => {
			widths[at] = Math.max(widths[at] ?? 0, visibleWidth(cell));
		});
	const line = (row: readonly string[]) =>
		row
			.map((cell, at) => (at === row.length - 1 ? cell : cell + ' '.repeat((widths[at] ?? 0) - visibleWidth(cell))))
			.join(gap)
			.trimEnd();
	return rows.map((row) => `${line(row)}\n`).join('');
}

const ANSI_COLOUR_CODES = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/** Characters on the screen, colour codes aside. */
function visibleWidth(text: string): number {
	return [...text.replace(ANSI_COLOUR_CODES, '')].length;
}
