/** Joins journal entries of several lines (`journalctl -o export` and `-o json-pretty`) into the single line that `-o json` would print. */

/** How many lines of an entry are kept; no real entry has more. */
const MAX_BLOCK_LINES = 2000;

/** A longer field is no message; its lines are passed over one by one. */
const MAX_BINARY_LENGTH = 1 << 20;
const LENGTH_BYTES = 8;

/** The fields that are kept; the many others of an entry are dropped. */
const FIELDS = /^(?:__REALTIME_TIMESTAMP|MESSAGE|SYSLOG_IDENTIFIER|_COMM|_PID|SYSLOG_PID|_HOSTNAME|_SYSTEMD_UNIT|CONTAINER_NAME)$/;

export interface JournalBlocks {
	/**
	 * Takes a line in, with the carriage return that it may end in; each character stands for a byte.
	 * @returns `line` itself where it belongs to no block; the entry as a line of JSON where this line completes one; null where the line was
	 * taken into one
	 */
	take(line: string): string | null;
	/** The last entry, where the log ends without the blank line that closes it. */
	end(): string | null;
}

export function createJournalBlocks(): JournalBlocks {
	let pretty: string[] | null = null;
	let entry: Record<string, string> | null = null;
	/**
	 * A field in binary form, as journald gives one with control characters: its name on a line, then eight bytes with the length of the value,
	 * and the value. Both may have line feeds. `text` is what has come so far; null before its first line.
	 */
	let binary: { readonly name: string; readonly text: string | null } | null = null;

	function complete(): string | null {
		const whole = entry === null || Object.keys(entry).length === 0 ? null : JSON.stringify(entry);
		entry = {};
		return whole;
	}

	function takeExport(raw: string, fields: Record<string, string>): string | null {
		if (binary !== null) {
			const { name } = binary;
			const text = binary.text === null ? raw : `${binary.text}\n${raw}`;
			const length = text.length < LENGTH_BYTES ? 0 : binaryLength(text);
			const isComplete = text.length >= LENGTH_BYTES + length;
			if (isComplete || length > MAX_BINARY_LENGTH) {
				if (FIELDS.test(name)) fields[name] = text.slice(LENGTH_BYTES);
				binary = null;
			} else binary = { name, text };
			return null;
		}
		const line = withoutCarriageReturn(raw);
		if (line === '') return complete();
		const equals = line.indexOf('=');
		if (equals < 0) binary = { name: line, text: null };
		else if (FIELDS.test(line.slice(0, equals))) fields[line.slice(0, equals)] = line.slice(equals + 1);
		return null;
	}

	return {
		take(raw) {
			if (entry === null && raw.startsWith('__CURSOR=')) entry = {};
			if (entry !== null) return takeExport(raw, entry);
			const line = withoutCarriageReturn(raw);
			if (pretty === null && line !== '{') return raw;
			if (line === '{') pretty = [];
			if (pretty === null) return raw;
			pretty.push(line);
			if (line !== '}' && line !== '},' && pretty.length < MAX_BLOCK_LINES) return null;
			const whole = pretty.join('').replace(/,$/, '');
			pretty = null;
			return whole;
		},
		end: () => (entry === null ? null : complete()),
	};
}

function withoutCarriageReturn(line: string): string {
	return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/** The length that a binary field begins with, in little-endian order. */
function binaryLength(text: string): number {
	let length = 0;
	for (let at = LENGTH_BYTES - 1; at >= 0; at--) length = length * 256 + text.charCodeAt(at);
	return length;
}
