/** Export of any number of records, one JSON object a line. */
import { MAX_CONCURRENT_SUBREQUESTS, MAX_COPIES_PER_READ, MAX_EXPORTED_RECORDS, MAX_PAGE_SIZE } from '../../contract/limits.ts';
import { inBatches, streamConcurrently } from '../../lib/concurrency.ts';
import { sha256Hex } from '../../lib/digest.ts';
import { writeLog } from '../../lib/log.ts';
import { err, ok } from '../../lib/result.ts';
import type { ServiceRecord } from '../../model/record.ts';
import { parseRecordName, type RecordName } from '../../model/record-name.ts';
import { parseStoredRecordJson } from '../../model/stored-record.ts';
import type { DirectoryEntry } from '../../store/ports/directory.ts';
import { type Principal, visibleRecords } from '../auth/principal.ts';
import type { Handler, HandlerContext } from '../handler.ts';
import { streamNdjson } from '../ndjson.ts';
import { storedRecord } from '../resolved-record.ts';

export const exportRecords: Handler = async (context) => {
	const after = context.url.searchParams.get('after') ?? '';
	if (after !== '' && parseRecordName(after) === null) return err({ code: 'bad-domain' });
	return ok({ body: streamNdjson(exportLines(context, after)) });
};

interface ExportLine {
	readonly domain: string;
	readonly revision: number;
	readonly tags: readonly string[];
	readonly record: ServiceRecord | null;
}

async function* exportLines({ url, principal, dependencies }: HandlerContext, after: string): AsyncGenerator<object> {
	const prefix = (url.searchParams.get('prefix') ?? '').toLowerCase();
	let last: string | null = null;
	async function* entries(): AsyncGenerator<DirectoryEntry> {
		let start = after;
		for (let count = 0; count < MAX_EXPORTED_RECORDS; count += MAX_PAGE_SIZE) {
			const page = await dependencies.directory.listEntries({
				prefix,
				tag: null,
				state: 'live',
				after: start,
				limit: MAX_PAGE_SIZE,
				visible: visibleRecords(principal),
			});
			yield* page.entries;
			last = page.next;
			if (page.next === null) return;
			start = page.next;
		}
	}
	for await (const batch of inBatches(entries(), MAX_COPIES_PER_READ)) {
		const copies = await readEntryCopies(batch, principal, dependencies);
		const lines = streamConcurrently(batch, MAX_CONCURRENT_SUBREQUESTS, (entry) => exportLine(entry, copies, principal, dependencies));
		for await (const line of lines) if (line !== null) yield line;
	}
	yield { next: last };
}

/**
 * Reads the copies of a batch's records in one operation; none where KV does not answer: then every keeper is asked. Whoever may see the
 * records of one tag alone gets none from a copy: the keeper knows at once that a tag was taken away.
 */
async function readEntryCopies(
	batch: readonly DirectoryEntry[],
	{ tag }: Principal,
	{ readCopies }: HandlerContext['dependencies'],
): Promise<ReadonlyMap<RecordName, string | null>> {
	const names = batch.flatMap(({ domain, digest }) => (digest === null ? [] : (parseRecordName(domain) ?? [])));
	if (tag !== null || names.length === 0) return new Map();
	try {
		return await readCopies(names);
	} catch (failure) {
		writeLog('source-unreachable', { source: 'KV', reason: String(failure) });
		return new Map();
	}
}

/**
 * A record from its copy in KV, where that is what the directory says was saved last; else from its keeper, because a copy may be old, edited
 * by hand or missing. A keeper costs a subrequest; so do a hundred copies.
 */
async function exportLine(
	entry: DirectoryEntry,
	copies: ReadonlyMap<RecordName, string | null>,
	{ tag }: Principal,
	{ recordHistory }: HandlerContext['dependencies'],
): Promise<ExportLine | null> {
	const { domain, digest, revision, tags } = entry;
	const name = parseRecordName(domain);
	if (name === null) return null;
	const copy = copies.get(name) ?? null;
	const copied = copy === null ? null : parseStoredRecordJson(copy);
	if (copied?.ok && (await sha256Hex(JSON.stringify(copied.value))) === digest)
		// The keeper validated a record before the directory got its digest.
		return { domain, revision, tags, record: copied.value as ServiceRecord };
	const latest = await recordHistory(name).readLatest();
	if (latest === null || latest.record === null || (tag !== null && !latest.tags.includes(tag))) return null;
	return { domain, revision: latest.revision, tags: latest.tags, record: storedRecord(latest.record) };
}
