/** Joins journal entries of several lines (`journalctl -o export` and `-o json-pretty`) into the single line that `-o json` would print. */

/** How many lines of an entry are kept; no real entry has more. */
const MAX_BLOCK_LINES = 2000;

/** The fields that are kept; the many others of an entry are dropped. */
const FIELDS = /^(?:__REALTIME_TIMESTAMP|MESSAGE|SYSLOG_IDENTIFIER|_COMM|_PID|SYSLOG_PID|_HOSTNAME|_SYSTEMD_UNIT|CONTAINER_NAME)$/;

export interface JournalBlocks {
	/**
	 * Takes a line in.
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
	/** The name of a field whose value follows on the next line, after eight bytes with its length. */
	let binary: string | null = null;

	function complete(): string | null {
		const whole = entry === null || Object.keys(entry).length === 0 ? null : JSON.stringify(entry);
		entry = {};
		return whole;
	}

	function takeExport(line: string, fields: Record<string, string>): string | null {
		if (binary !== null) {
			if (FIELDS.test(binary)) fields[binary] = line.slice(8);
			binary = null;
			return null;
		}
		if (line === '') return complete();
		const equals = line.indexOf('=');
		if (equals < 0) binary = line;
		else if (FIELDS.test(line.slice(0, equals))) fields[line.slice(0, equals)] = line.slice(equals + 1);
		return null;
	}

	return {
		take(line) {
			if (entry === null && line.startsWith('__CURSOR=')) entry = {};
			if (entry !== null) return takeExport(line, entry);
			if (pretty === null && line !== '{') return line;
			if (line === '{') pretty = [];
			if (pretty === null) return line;
			pretty.push(line);
			if (line !== '}' && line !== '},' && pretty.length < MAX_BLOCK_LINES) return null;
			const whole = pretty.join('').replace(/,$/, '');
			pretty = null;
			return whole;
		},
		end: () => (entry === null ? null : complete()),
	};
}
