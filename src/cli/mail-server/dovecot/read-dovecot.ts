/** Reads a Dovecot configuration from disk, with what it includes. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { globSync, isDynamicPattern } from 'tinyglobby';
import { hasErrorCode } from '../../../lib/error-message.ts';
import { type DovecotConfig, type IncludedFile, parseDovecot } from './parse-dovecot.ts';

/** @throws the error of the file system where the file itself cannot be read; included files that cannot be read are named in the result */
export function readDovecotConfig(file: string): DovecotConfig {
	const path = resolve(file);
	return parseDovecot(readFileSync(path, 'utf8'), path, readIncludedFiles);
}

/** Reads included files; their paths are relative to the file with the include. */
export function readIncludedFiles(pattern: string, from: string): readonly IncludedFile[] | null {
	const folder = dirname(from);
	const paths = isDynamicPattern(pattern)
		? [...globSync(pattern, { cwd: folder, absolute: true, expandDirectories: false, dot: false })].sort()
		: [resolve(folder, pattern)];
	const files = paths.map((path) => ({ path, text: readText(path) }));
	const [first] = files;
	// The file of a name without a pattern is missing; whether that is a fault depends on the kind of include.
	return !isDynamicPattern(pattern) && first?.text === undefined ? null : files.map(({ path, text }) => ({ path, text: text ?? null }));
}

/** The text of a file; undefined where it does not exist, null where it cannot be read. */
function readText(path: string): string | null | undefined {
	try {
		return readFileSync(path, 'utf8');
	} catch (error) {
		return hasErrorCode(error, 'ENOENT') ? undefined : null;
	}
}
