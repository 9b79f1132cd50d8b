/**
 * What the holder of a claimed domain may see of its past: what happened since he took it. The history before belongs to whoever held the
 * domain then, or to the operator. Handlers get the history through here, so that none can show or restore more.
 */
import type { RecordName } from '../../model/record-name.ts';
import type { RecordHistories } from '../../store/ports/record-histories.ts';
import type { AdminDependencies } from '../admin-dependencies.ts';
import type { Principal } from './principal.ts';

/** The dependencies of a handler that answers this caller. */
export function dependenciesFor({ claim }: Principal, dependencies: AdminDependencies): AdminDependencies {
	if (claim === null) return dependencies;
	const { domain, firstRevision } = claim;
	const recordHistory = (name: RecordName) => {
		const history = dependencies.recordHistory(name);
		// Of other records the holder sees what everybody does: the record that answers now.
		return name === domain ? historySince(history, firstRevision) : { ...historySince(history, 0), readKeptRecords: async () => [] };
	};
	return { ...dependencies, recordHistory };
}

/** A record's history from one revision on, as if nothing had been before it. */
function historySince(history: ReturnType<RecordHistories>, first: number): ReturnType<RecordHistories> {
	return {
		readHead: (name) => history.readHead(name),
		hasTag: (tag) => history.hasTag(tag),
		save: (edit) => history.save(edit),
		saveBatched: (edit, copy, awaitsCopy) => history.saveBatched(edit, copy, awaitsCopy),
		readLatest: () => history.readLatest(),
		async listRevisions(before, limit) {
			const page = await history.listRevisions(before, limit);
			const revisions = page.revisions.filter(({ revision }) => revision >= first);
			return { revisions, next: revisions.length < page.revisions.length ? null : page.next };
		},
		readRevision: async (revision) => (revision < first ? null : history.readRevision(revision)),
		readKeptRecords: (from) => history.readKeptRecords(Math.max(from, first)),
		announce: (name) => history.announce(name),
		republish: (name) => history.republish(name),
		exportRevisions: (after, limit) => history.exportRevisions(Math.max(after, first - 1), limit),
		restoreRevisions: (restore) => history.restoreRevisions(restore),
		readClaim: () => history.readClaim(),
		takeClaim: (proof) => history.takeClaim(proof),
		confirmClaim: (generation) => history.confirmClaim(generation),
		releaseClaim: (generation) => history.releaseClaim(generation),
		restoreClaim: (name, claim, dryRun) => history.restoreClaim(name, claim, dryRun),
		readCachesExpireAt: (domain) => history.readCachesExpireAt(domain),
		noteZoneChange: (name, domain, cachesExpireAt) => history.noteZoneChange(name, domain, cachesExpireAt),
		// What was sent before a claim is forgotten with it.
		readCheck: () => history.readCheck(),
		keepCheck: (sent) => history.keepCheck(sent),
	};
}
