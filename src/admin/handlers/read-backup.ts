/** Reads a backup: everything that the service keeps, one page of lines at a time. */
import { BACKUP_PARTS, type RevisionLine } from '../../contract/backup-lines.ts';
import { MAX_CONCURRENT_SUBREQUESTS, MAX_PAGE_SIZE } from '../../contract/limits.ts';
import { streamConcurrently } from '../../lib/concurrency.ts';
import { ok } from '../../lib/result.ts';
import { parseRecordName, type RecordName } from '../../model/record-name.ts';
import type { DirectoryEntry } from '../../store/ports/directory.ts';
import type { Revision } from '../../store/ports/record-history.ts';
import type { AdminDependencies } from '../admin-dependencies.ts';
import type { Handler } from '../handler.ts';
import { streamNdjson } from '../ndjson.ts';
import { parseQueryEnum } from '../request-input.ts';

/** The number of records on a page. A page also ends, after a complete record, when it has this many characters. */
const RECORDS_PER_PAGE = 500;
const PAGE_CHARACTERS = 4_000_000;
/** How many revisions are read from a keeper in one call: 3 MB at most. */
const REVISIONS_PER_CALL = 100;

export const readBackup: Handler = async ({ url, dependencies }) => {
	const part = parseQueryEnum(url, 'part', BACKUP_PARTS);
	if (!part.ok) return part;
	const after = url.searchParams.get('after') ?? '';
	switch (part.value) {
		case 'audit':
			return ok({ body: streamNdjson(auditLines(dependencies, after)) });
		case 'tokens':
			return ok({ body: streamNdjson(tokenLines(dependencies, after)) });
		case 'records':
			return ok({ body: streamNdjson(recordLines(dependencies, after)) });
		case 'signing-keys':
			return ok({ body: streamNdjson(signingLines(dependencies)) });
	}
};

async function* auditLines({ directory }: AdminDependencies, after: string): AsyncGenerator<object> {
	const { lines, next } = await directory.exportAudit(/^\d{1,15}$/.test(after) ? Number(after) : 0, MAX_PAGE_SIZE);
	for (const line of lines) yield { kind: 'audit', ...line };
	yield { next: next === null ? null : String(next) };
}

/** Reads the tokens, each with its claim where it has one: a claimed domain may have no record. */
async function* tokenLines({ tokens, recordHistory }: AdminDependencies, after: string): AsyncGenerator<object> {
	const { tokens: page, next } = await tokens.exportTokens(after, MAX_PAGE_SIZE);
	for (const token of page) {
		yield { kind: 'token', ...token };
		const domain = token.claim === null ? null : parseRecordName(token.domains[0] ?? '');
		const claim = domain === null ? null : await recordHistory(domain).readClaim();
		// A claim is written once, with the token of its own generation.
		if (claim !== null && claim.generation === token.claim) yield { kind: 'claim', domain, ...claim };
	}
	if (next === null) for (const ended of await tokens.listEndedSessions()) yield { kind: 'ended-session', ...ended };
	yield { next };
}

async function* signingLines({ signingStore }: AdminDependencies): AsyncGenerator<object> {
	for (const { owner, key, chain } of (await signingStore?.list()) ?? []) yield { kind: 'signing-key', owner, key, chain };
	yield { next: null };
}

async function* recordLines(dependencies: AdminDependencies, after: string): AsyncGenerator<object> {
	const query = { prefix: '', tag: null, state: null, visible: { names: null, tag: null } };
	const { entries, next } = await dependencies.directory.listEntries({ ...query, after, limit: RECORDS_PER_PAGE });
	const names = entries.flatMap(({ domain }) => parseRecordName(domain) ?? []);
	const imported = new Map((await dependencies.imports.readImported(names)).map(({ name, revision }) => [name, revision]));
	let characters = 0;
	for await (const { entry, name, first } of streamConcurrently(entries, MAX_CONCURRENT_SUBREQUESTS, (entry) =>
		readFirstRevisions(entry, imported, dependencies),
	)) {
		if (entry.state === 'outside') yield { kind: 'outside', domain: entry.domain };
		for await (const line of revisionLines(name, first, dependencies)) {
			characters += line.record?.length ?? 0;
			yield line;
		}
		if (characters > PAGE_CHARACTERS && entry !== entries.at(-1)) return yield { next: entry.domain };
	}
	yield { next };
}

/** @param imported the records that have no keeper yet, which none is made for: each with its only revision */
async function readFirstRevisions(
	entry: DirectoryEntry,
	imported: ReadonlyMap<RecordName, Revision>,
	{ recordHistory }: Pick<AdminDependencies, 'recordHistory'>,
) {
	const name = parseRecordName(entry.domain);
	if (name === null) throw new Error(`not the name of a record: ${entry.domain}`);
	const only = imported.get(name);
	return { entry, name, first: only === undefined ? await recordHistory(name).exportRevisions(0, REVISIONS_PER_CALL) : [only] };
}

async function* revisionLines(
	domain: RecordName,
	first: readonly Revision[],
	{ recordHistory }: AdminDependencies,
): AsyncGenerator<RevisionLine> {
	for (let revisions = first; revisions.length > 0; ) {
		const isPartial = revisions.length === REVISIONS_PER_CALL;
		const following = isPartial ? await recordHistory(domain).exportRevisions(revisions.at(-1)?.revision ?? 0, REVISIONS_PER_CALL) : [];
		const last = following.length === 0 ? revisions.at(-1) : null;
		for (const revision of revisions) yield { kind: 'revision', domain, latest: revision === last, ...revision };
		revisions = following;
	}
}
