/** Reads a Dovecot configuration from disk, with what it includes. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { globSync, isDynamicPattern } from 'tinyglobby';
import { hasErrorCode } from '../../../lib/error-message.ts';
import { type DovecotConfig, type IncludedFile, parseDovecot } from './parse-dovecot.ts';

/** @throws what the file system says of the file itself; included files that cannot be read are named in the result */
export function readDovecotConfig(file: string): DovecotConfig {
	const path = resolve(file);
	return parseDovecot(readFileSync(path, 'utf8'), path, readIncludedFiles);
}

/** Includes are relative to the file that they stand in. */
export function readIncludedFiles(pattern: string, from: string): readonly IncludedFile[] | null {
	const folder = dirname(from);
	const paths = isDynamicPattern(pattern)
		? [...globSync(pattern, { cwd: folder, absolute: true, expandDirectories: false, dot: false })].sort()
		: [resolve(folder, pattern)];
	const files = paths.map((path) => ({ path, text: readText(path) }));
	const [first] = files;
	// A plain name of a file that is not there: whether that is in order is for the kind of include to say.
	return !isDynamicPattern(pattern) && first?.text === undefined ? null : files.map(({ path, text }) => ({ path, text: text ?? null }));
}

/** Undefined where there is no such file, null where it cannot be read. */
function readText(path: string): string | null | undefined {
	try {
		return readFileSync(path, 'utf8');
	} catch (error) {
		return hasErrorCode(error, 'ENOENT') ? undefined : null;
	}
}
