/** Reads a Dovecot configuration from disk, with what it includes. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { globSync } from 'tinyglobby';
import { type DovecotBlock, parseDovecot } from './parse-dovecot.ts';

/** @throws what the file system says of the file itself; included files that are missing are none */
export function readDovecotConfig(file: string): DovecotBlock {
	const read = (path: string, seen: readonly string[]): string => {
		const text = readFileSync(path, 'utf8');
		// Each file's includes are relative to itself, so they are put in place before the whole is parsed.
		return text.replace(/^[ \t]*!include(?:_try)?[ \t]+(\S+)[ \t]*$/gm, (_, pattern: string) =>
			globSync(pattern, { cwd: dirname(path), absolute: true, expandDirectories: false })
				.sort()
				.filter((each) => !seen.includes(each))
				.map((each) => read(each, [...seen, each]))
				.join('\n'),
		);
	};
	return parseDovecot(read(resolve(file), [resolve(file)]));
}
