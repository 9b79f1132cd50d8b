/** Unpacks a zip archive of one file (APPNOTE.TXT §4.3) as it is read; the end of the archive tells whether it has more files. */
import { once } from 'node:events';
import { createInflateRaw } from 'node:zlib';
import { unreadable } from './unreadable.ts';

// §4.3.7: a local header has 30 bytes, the name and the extra field; §4.3.16: the end of the central directory, 22 bytes and a comment.
const HEADER_BYTES = 30;
const END_SIGNATURE = 'PK\u0005\u0006';
const MAX_END_BYTES = 22 + 65_535;

const STORED = 0;
const DEFLATED = 8;

export async function* unzipped(all: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	const chunks = all[Symbol.asyncIterator]();
	let tail = Buffer.alloc(0);
	async function next(): Promise<Buffer | null> {
		const { value, done } = await chunks.next();
		if (done === true) return null;
		tail = Buffer.concat([tail, value]).subarray(-MAX_END_BYTES);
		return Buffer.from(value);
	}
	let head = Buffer.alloc(0);
	const bodyAt = () => HEADER_BYTES + (head.length < HEADER_BYTES ? 0 : head.readUInt16LE(26) + head.readUInt16LE(28));
	while (head.length < bodyAt() || head.length < HEADER_BYTES) {
		const more = await next();
		if (more === null) throw unreadable('is broken zip: it ends in its header');
		head = Buffer.concat([head, more]);
	}
	const method = head.readUInt16LE(8);
	if (method === STORED) throw unreadable('is a zip archive that packs nothing: unzip -p FILE | signpost usage -');
	if (method !== DEFLATED || (head.readUInt16LE(6) & 1) === 1)
		throw unreadable('is a zip archive with a password, or packed in a way of its own: unzip -p FILE | signpost usage -');
	const inflate = createInflateRaw();
	let ended = false;
	let failure: Error | null = null;
	inflate.on('end', () => {
		ended = true;
	});
	inflate.on('error', (error) => {
		failure = unreadable(`is broken zip: ${error.message}`);
		ended = true;
	});
	const fed = (async () => {
		for (let chunk: Buffer | null = head.subarray(bodyAt()); chunk !== null; chunk = await next())
			if (!ended && !inflate.write(chunk))
				await Promise.race([once(inflate, 'drain'), once(inflate, 'end'), once(inflate, 'error')].map(settled));
		if (!ended) inflate.end();
	})();
	try {
		for await (const chunk of inflate.iterator({ destroyOnReturn: false })) yield chunk;
	} catch (error) {
		throw failure ?? error;
	}
	await fed;
	if (failure !== null) throw failure;
	const end = tail.lastIndexOf(END_SIGNATURE, undefined, 'latin1');
	if (end < 0) throw unreadable('is broken zip: it has no end');
	if (tail.readUInt16LE(end + 10) !== 1) throw unreadable('is a zip archive of several files: unzip -p FILE | signpost usage -');
}

/** Waits for a promise, whether it succeeds or fails; the stream itself reports a failure. */
function settled(promise: Promise<unknown>): Promise<unknown> {
	return promise.catch(() => null);
}
