/** Reads configurations from files and from standard input. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { errorMessage } from '../../lib/error-message.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Failure } from '../terminal.ts';

/** The name that stands for standard input on the command line. */
export const STDIN_NAME = '-';

/** Characters of a configuration at most, far more than any has: a log or an archive given by mistake is refused before it is parsed. */
const MAX_LENGTH = 5_000_000;

/**
 * Reads configurations, in the order of their names.
 * @param names paths, or `-` for standard input
 */
export async function readConfigTexts(names: readonly string[]): Promise<Result<readonly string[], Failure>> {
	const texts: string[] = [];
	for (const name of names) {
		try {
			const content = name === STDIN_NAME ? await text(process.stdin) : await readFile(name, 'utf8');
			if (content.length > MAX_LENGTH) return err({ message: `${name} is no configuration: it is longer than ${MAX_LENGTH} characters` });
			if (content.includes('\0')) return err({ message: `${name} is no configuration: it has binary content` });
			texts.push(content);
		} catch (error) {
			return err({ message: errorMessage(error) });
		}
	}
	return ok(texts);
}
