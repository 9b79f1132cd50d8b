/** What a record's keeper tells the directory. */

import { sha256Hex } from '../../../lib/digest.ts';
import type { ServiceRecord } from '../../../model/record.ts';
import { storedRecordAttention } from '../../../model/record-attention.ts';
import { isWildcardName } from '../../../model/record-name.ts';
import type { Hostnames } from '../../ports/custom-hostnames.ts';
import type { Directory, DirectoryUpdate } from '../../ports/directory.ts';
import type { RecordCopies } from '../../ports/record-copies.ts';
import type { Revision, RevisionSummary } from '../../ports/record-history.ts';

/**
 * The state of a record, and the revisions that the directory does not have yet.
 * @param revision the last of the revisions that are sent
 * @param now Unix time in milliseconds
 */
export async function directoryUpdate(
	name: string,
	revision: number,
	{ tags, at, record }: Revision,
	revisions: readonly RevisionSummary[],
	now: number,
): Promise<DirectoryUpdate> {
	return {
		name,
		revision,
		state: record === null ? 'deleted' : 'live',
		tags,
		at,
		attention: storedRecordAttention(record, now),
		aliasOf: aliasTargetOf(record),
		digest: record === null ? null : await sha256Hex(record),
		revisions,
	};
}

/** Who is told of a change to a record. */
export interface UpdateReceivers {
	readonly directory: Pick<Directory, 'updateEntry'>;
	/** The keeper of custom hostnames; null where the service creates none. */
	readonly hostnames: Pick<Hostnames, 'recordsChanged'> | null;
	readonly copies: Pick<RecordCopies, 'forgetWildcardList'>;
}

/** Throws where one of them could not be told. */
export async function announceUpdate(update: DirectoryUpdate, { directory, hostnames, copies }: UpdateReceivers): Promise<void> {
	try {
		await Promise.all([directory.updateEntry(update), hostnames?.recordsChanged([update.name])]);
	} catch (failure) {
		// The directory keeps the list of wildcards: as long as it may not know of one, no list says that it does not exist.
		if (isWildcardName(update.name)) await copies.forgetWildcardList();
		throw failure;
	}
}

/** A name that was put into KV by hand, and of which nothing was ever saved. */
export function externalEditUpdate(name: string, at: number): DirectoryUpdate {
	return { name, revision: 0, state: 'outside', tags: [], at, attention: null, aliasOf: null, digest: null, revisions: [] };
}

/** The domain that a kept record is an alias of; null where it is none. */
function aliasTargetOf(text: string | null): string | null {
	// Revisions hold checked records only.
	const record = text === null ? null : (JSON.parse(text) as ServiceRecord);
	return record?.kind === 'alias' ? record.of : null;
}
