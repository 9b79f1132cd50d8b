/** Reads and writes text files, and describes the errors of the operating system in sentences. */
import { closeSync, openSync, readSync } from 'node:fs';
import { access, readFile, writeFile } from 'node:fs/promises';
import { err, ok, type Result } from '../lib/result.ts';
import type { Failure } from './terminal.ts';

/** A sentence for each error code of the operating system. */
const SYSTEM_ERRORS: Readonly<Record<string, (path: string) => string>> = {
	ENOENT: (path) => `there is no file or folder ${path}`,
	EACCES: (path) => `${path} may not be opened: permission denied`,
	EPERM: (path) => `${path} may not be changed: permission denied`,
	EISDIR: (path) => `${path} is a folder, and a file is needed`,
	ENOTDIR: (path) => `${path} goes through a file as if it were a folder`,
	EEXIST: (path) => `${path} is there already`,
	ENOSPC: (path) => `${path} cannot be written: the disk is full`,
	EROFS: (path) => `${path} cannot be written: the file system is read-only`,
};

/**
 * Converts an error that `node:fs` threw into a failure for the user.
 * @returns null for an error that is not about a file: that is a bug, and must be thrown again
 */
export function fileFailure(error: unknown, hint: string | undefined): Failure | null {
	if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
	if (!('path' in error) || typeof error.path !== 'string') return null;
	const message = SYSTEM_ERRORS[error.code]?.(error.path) ?? `${error.path} cannot be used: ${error.message}`;
	return { message, hint };
}

/** @param hint what to do where the file cannot be read */
export async function readTextFile(path: string, hint?: string): Promise<Result<string, Failure>> {
	return catchFileFailure(readFile(path, 'utf8'), path, hint);
}

/** @param hint what to do where the file cannot be read */
export async function readBytesFile(path: string, hint?: string): Promise<Result<Uint8Array, Failure>> {
	return catchFileFailure(readFile(path), path, hint);
}

/** Most records are shorter. */
const FIRST_READ_BYTES = 4096;

/**
 * Reads a plain file that should be short, whatever its length is. It is read at once and not in the background: for a file of a folder of
 * many, the way to another thread and back takes ten times as long as the reading.
 * @param limit in bytes; a longer file is a failure
 */
export async function readShortTextFile(path: string, limit: number): Promise<Result<string, Failure>> {
	const text = await catchFileFailure((async () => readShortText(path, limit))(), path, undefined);
	if (!text.ok) return text;
	return text.value === null ? err({ message: `${path} has more than ${limit} bytes: that is none of ours` }) : ok(text.value);
}

/** @returns null where the file is longer */
function readShortText(path: string, limit: number): string | null {
	const file = openSync(path, 'r');
	try {
		let buffer = Buffer.allocUnsafe(Math.min(limit + 1, FIRST_READ_BYTES));
		for (let length = 0; ; ) {
			const count = readSync(file, buffer, length, buffer.length - length, null);
			if (count === 0) return buffer.toString('utf8', 0, length);
			length += count;
			if (length > limit) return null;
			if (length === buffer.length) buffer = Buffer.concat([buffer], Math.min(limit + 1, buffer.length * 4));
		}
	} finally {
		closeSync(file);
	}
}

/** @param hint what to do where the file cannot be written */
export async function writeTextFile(path: string, text: string, hint?: string): Promise<Result<null, Failure>> {
	const written = await catchFileFailure(writeFile(path, text), path, hint);
	return written.ok ? ok(null) : written;
}

/** Whether there is a file or folder of that name. One that this process may not see counts as absent. */
export async function pathExists(path: string): Promise<boolean> {
	return access(path).then(
		() => true,
		() => false,
	);
}

/** Awaits an operation on one file or folder; an error of the operating system becomes a failure. */
export async function catchFileFailure<T>(work: Promise<T>, path: string, hint: string | undefined): Promise<Result<T, Failure>> {
	try {
		return ok(await work);
	} catch (error) {
		// Some errors, such as EISDIR on reading, do not name the file.
		const failure = fileFailure(error instanceof Error ? Object.assign(error, { path }) : error, hint);
		if (failure === null) throw error;
		return err(failure);
	}
}
