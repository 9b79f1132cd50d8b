/** Recognises from its first bytes how a log is compressed and encoded, and refuses what is not a log. */
import { type ChildProcess, spawn } from 'node:child_process';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { unreadable } from './unreadable.ts';
import { unzipped } from './unzip.ts';

/** How many bytes at the beginning are examined; a tar archive has its mark at byte 257. */
const HEAD_BYTES = 512;

const CHUNK_BYTES = 1 << 16;

export interface Compression {
	readonly name: string;
	readonly magic: readonly number[];
	/** The program that unpacks a stream; null for gzip, which Node unpacks itself. */
	readonly command: readonly [string, ...string[]] | null;
}

// RFC 1952 §2.3.1; RFC 8878 §3.1.1; the xz file format §2.1.1.1; bzip2's "BZh"; lz4's frame; compress(1).
const COMPRESSIONS: readonly Compression[] = [
	{ name: 'gzip', magic: [0x1f, 0x8b], command: null },
	{ name: 'zstd', magic: [0x28, 0xb5, 0x2f, 0xfd], command: ['zstd', '-dcq'] },
	{ name: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], command: ['xz', '-dcq'] },
	{ name: 'bzip2', magic: [0x42, 0x5a, 0x68], command: ['bzip2', '-dcq'] },
	{ name: 'lz4', magic: [0x04, 0x22, 0x4d, 0x18], command: ['lz4', '-dcq'] },
	{ name: 'compress', magic: [0x1f, 0x9d], command: ['gzip', '-dcq'] },
];

/** Kinds of files that contain logs but have to be unpacked by hand. */
const CONTAINERS: readonly { readonly name: string; readonly at: number; readonly magic: string; readonly instead: string }[] = [
	{ name: 'a tar archive', at: 257, magic: 'ustar', instead: 'tar -xOf FILE | signpost usage -' },
	{ name: 'a journal file of systemd', at: 0, magic: 'LPKSHHRH', instead: 'journalctl -o json --file FILE | signpost usage -' },
	{ name: 'a 7z archive', at: 0, magic: '7z\u00bc\u00af\u0027\u001c', instead: '7z x -so FILE | signpost usage -' },
	{ name: 'a rar archive', at: 0, magic: 'Rar!\u001a\u0007', instead: 'unrar p -inul FILE | signpost usage -' },
];

/** The bytes of a log, decompressed and converted to UTF-8; an encoding that cannot be recognised is left as it is. */
export async function openLogBytes(input: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
	const { head, all } = await withHead(input);
	if (head.toString('latin1', 0, 4) === 'PK\u0003\u0004') return openLogBytes(unzipped(all));
	const container = CONTAINERS.find(({ at, magic }) => head.toString('latin1', at, at + magic.length) === magic);
	if (container !== undefined) throw unreadable(`is ${container.name}: ${container.instead}`);
	const packed = findCompression(head);
	// The decompressed bytes may be an archive or UTF-16, so they are examined in the same way.
	if (packed !== null) return openLogBytes(packed.command === null ? gunzipped(all) : unpackedBy(packed.name, packed.command, all));
	const encoding = encodingOf(head);
	return encoding === null ? all : decoded(all, encoding);
}

/** The compression that a file with these first bytes has; null for none that is known. */
export function findCompression(head: Uint8Array): Compression | null {
	return COMPRESSIONS.find(({ magic }) => magic.every((byte, at) => head[at] === byte)) ?? null;
}

function gunzipped(all: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
	// A failure to read or to decompress also destroys the end of the pipeline, where the reader reports it.
	return pipeline(all, createGunzip({ chunkSize: CHUNK_BYTES }), () => {});
}

/** Decompresses with the system's program: Node has no xz and no bzip2, and zstd only in later releases. */
async function* unpackedBy(
	name: string,
	[program, ...options]: readonly [string, ...string[]],
	all: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
	const child: ChildProcess = spawn(program, options, { stdio: ['pipe', 'pipe', 'pipe'] });
	let said = '';
	child.stderr?.on('data', (text: Buffer) => {
		said = (said + text.toString()).slice(0, 300);
	});
	const ended = new Promise<string | null>((resolve) => {
		child.on('error', (error: NodeJS.ErrnoException) =>
			resolve(
				error.code === 'ENOENT'
					? `is ${name}, which is unpacked by ${program}, and that is not here: ${program} -dc FILE | signpost usage -`
					: error.message,
			),
		);
		child.on('close', (code) => resolve(code === 0 ? null : `is broken ${name}: ${said.trim() || `${program} ended with ${code}`}`));
	});
	let unread: Error | null = null;
	if (child.stdin !== null)
		pipeline(Readable.from(all), child.stdin, (error) => {
			// A program that failed closes its input; its exit status reports the failure.
			unread = error !== undefined && error !== null && !/EPIPE|premature/i.test(error.message) ? error : null;
		});
	if (child.stdout !== null) for await (const chunk of child.stdout) yield chunk;
	const failure = await ended;
	if (failure !== null) throw unreadable(failure);
	if (unread !== null) throw unread;
}

/** Returns the first bytes of a stream together with the whole stream. A pipe may deliver one byte at a time. */
async function withHead(input: AsyncIterable<Uint8Array>): Promise<{ readonly head: Buffer; readonly all: AsyncIterable<Uint8Array> }> {
	const chunks = input[Symbol.asyncIterator]();
	let head = Buffer.alloc(0);
	while (head.length < HEAD_BYTES) {
		const next = await chunks.next();
		if (next.done === true) break;
		head = Buffer.concat([head, next.value]);
	}
	async function* all(): AsyncGenerator<Uint8Array> {
		try {
			if (head.length > 0) yield head;
			for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
		} finally {
			await chunks.return?.();
		}
	}
	return { head, all: all() };
}

/**
 * The encoding, by the byte order mark (RFC 3629 §6, RFC 2781 §3.2) or by a zero in every other byte; null for UTF-8 without a mark and
 * similar.
 */
function encodingOf(head: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' | null {
	if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
	if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
	if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
	const pairs = Array.from({ length: Math.min(32, head.length >> 1) }, (_, at) => [head[2 * at], head[2 * at + 1]]);
	if (pairs.length < 8) return null;
	if (pairs.every(([low, high]) => high === 0 && low !== 0)) return 'utf-16le';
	return pairs.every(([high, low]) => high === 0 && low !== 0) ? 'utf-16be' : null;
}

async function* decoded(all: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<Uint8Array> {
	const decoder = new TextDecoder(encoding);
	for await (const chunk of all) yield Buffer.from(decoder.decode(chunk, { stream: true }));
	yield Buffer.from(decoder.decode());
}
