/**
 * Reads variables as programs in containers get them: `KEY=VALUE` lines (Docker's env files, shell), the `environment` list or map of a
 * Compose file, and the `[vars]` of a wrangler.toml, which write a variable on a line each.
 */

export interface EnvironmentVariable {
	readonly name: string;
	readonly value: string;
	/** Counted from 1. */
	readonly line: number;
}

/** A line with more characters has no variable: a key or a certificate may stand there. */
const MAX_LINE_LENGTH = 2000;

const NAME = /^[A-Z][A-Z0-9_]{0,60}$/;

/** Lines that set no variable, as the other keys of a Compose file, are skipped. Names are in capital letters. */
export function parseEnvironmentFile(text: string): readonly EnvironmentVariable[] {
	return text.split('\n').flatMap((raw, at) => {
		if (raw.length > MAX_LINE_LENGTH) return [];
		// In a Compose list a quote may stand round the whole of `KEY=VALUE`.
		const line = unquote(
			raw
				.trim()
				.replace(/^(?:- |export )/, '')
				.trim(),
		);
		const split = line.search(/[=:]/);
		const name = line.slice(0, Math.max(0, split)).trim();
		return NAME.test(name) ? [{ name, value: unquote(withoutComment(line.slice(split + 1).trim())), line: at + 1 }] : [];
	});
}

/** A comment begins with a blank and `#`, outside quotes. */
function withoutComment(value: string): string {
	if (/^["']/.test(value)) return value;
	const at = value.search(/(?:^|[ \t])#/);
	return at < 0 ? value : value.slice(0, at).trim();
}

function unquote(text: string): string {
	const quote = text[0];
	if (quote !== '"' && quote !== "'") return text;
	const end = text.indexOf(quote, 1);
	return end < 0 ? text : text.slice(1, end);
}
