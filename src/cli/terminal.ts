/** The tool's output: results go to stdout, everything else to stderr, with colour only on a terminal. */
import { styleText } from 'node:util';

/** 0: it looked, and all is well. 1: it looked, and there are findings. 2: it could not look. */
export type ExitCode = 0 | 1 | 2;

/** Why a command could not do its work: what is wrong and where (`message`), and what to do about it (`hint`). */
export interface Failure {
	readonly message: string;
	readonly hint?: string | undefined;
}

type Style = Parameters<typeof styleText>[0];

interface OutputStream {
	readonly isTTY?: boolean;
	write(text: string): boolean;
}

// https://no-color.org: the variable turns colours off whenever it is set and not empty.
function hasColour(sink: OutputStream): boolean {
	return sink.isTTY === true && (process.env.NO_COLOR ?? '') === '' && process.env.TERM !== 'dumb';
}

/** Colours a text for stdout; leaves it as it is where stdout is not a terminal. */
export function paint(style: Style, text: string): string {
	return hasColour(process.stdout) ? styleText(style, text, { validateStream: false }) : text;
}

/** Writes a result to stdout. */
export function write(text: string): void {
	process.stdout.write(text);
}

/** Writes a document that must reach a file or a pipe byte for byte. On a terminal the last line is ended, so that the prompt begins on a new one. */
export function writeDocument(text: string, sink: OutputStream = process.stdout): void {
	sink.write(sink.isTTY === true && text !== '' && !text.endsWith('\n') ? `${text}\n` : text);
}

/** Writes one of many results for programs, as JSON on one line. */
export function writeJsonLine(value: unknown): void {
	process.stdout.write(`${JSON.stringify(value).replace(CONTROLS_IN_JSON, jsonEscaped)}\n`);
}

/** Writes a result for programs, as JSON with an indent of two blanks. */
export function writeJson(value: unknown): void {
	process.stdout.write(`${JSON.stringify(value, null, 2).replace(CONTROLS_IN_JSON, jsonEscaped)}\n`);
}

/** Writes hints and warnings, which are not part of the result, to stderr. */
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

/** Makes a text from a stranger safe to show on a terminal, and short. */
export function sanitizeText(text: string, maximum = 120): string {
	const plain = text.replace(CONTROL_CHARACTERS, '\u00b7');
	return plain.length > maximum ? `${plain.slice(0, maximum - 1)}\u2026` : plain;
}

/** Aligns rows in columns; the last column is not padded. */
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

/** The number of characters that a text takes on the screen, without its colour codes. */
function visibleWidth(text: string): number {
	return [...text.replace(ANSI_COLOUR_CODES, '')].length;
}
