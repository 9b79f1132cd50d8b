/** Rebuilds a lost store, one page at a time: the directory from the keepers, or KV from the directory and the keepers. */
import { MAX_CONCURRENT_SUBREQUESTS, MAX_PAGE_SIZE } from '../../contract/limits.ts';
import { streamConcurrently } from '../../lib/concurrency.ts';
import { ok } from '../../lib/result.ts';
import { parseRecordName, type RecordName } from '../../model/record-name.ts';
import type { DirectoryEntryState } from '../../store/ports/directory.ts';
import type { RepublishOutcome } from '../../store/ports/record-history.ts';
import type { AdminDependencies } from '../admin-dependencies.ts';
import type { Handler } from '../handler.ts';
import { parsePageSize } from '../request-input.ts';

export const rebuildDirectory: Handler = async ({ url, dependencies }) => {
	const after = url.searchParams.get('after');
	const { names, cursor } = await dependencies.listKvNames(after);
	if (after === null) await dependencies.tokens.announceTokens();
	// Records that KV once had, and may have lost, are visited with the last page.
	const outside = cursor === null ? (await listNames(dependencies, 'outside', '', MAX_PAGE_SIZE)).names : [];
	let seen = 0;
	const announced = streamConcurrently([...names, ...outside], MAX_CONCURRENT_SUBREQUESTS, (name) =>
		dependencies.recordHistory(name).announce(name),
	);
	for await (const told of announced) seen += told ? 1 : 0;
	if (cursor === null) await dependencies.directory.setComplete();
	return ok({ body: { seen, next: cursor } });
};

export const republishRecords: Handler = async ({ url, dependencies }) => {
	const limit = parsePageSize(url);
	if (!limit.ok) return limit;
	const { names, next } = await listNames(dependencies, null, url.searchParams.get('after') ?? '', limit.value);
	const counts: Record<RepublishOutcome, number> = { written: 0, outside: 0, nothing: 0 };
	const outcomes = streamConcurrently(names, MAX_CONCURRENT_SUBREQUESTS, (name) => dependencies.recordHistory(name).republish(name));
	for await (const outcome of outcomes) counts[outcome] += 1;
	// Only after everything is published again does a missing name mean that the domain is unknown.
	if (next === null) await dependencies.markStore();
	return ok({ body: { ...counts, next } });
};

async function listNames(
	{ directory }: AdminDependencies,
	state: DirectoryEntryState | null,
	after: string,
	limit: number,
): Promise<{ readonly names: readonly RecordName[]; readonly next: string | null }> {
	const { entries, next } = await directory.listEntries({
		prefix: '',
		tag: null,
		state,
		after,
		limit,
		visible: { names: null, tag: null },
	});
	return { names: entries.flatMap(({ domain }) => parseRecordName(domain) ?? []), next };
}
