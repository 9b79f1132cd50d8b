/** From the bindings of Durable Objects to the ports. The stub of an object has the methods of its class: that is the port. */

import type { DirectoryKeeper } from '../store/objects/directory-keeper.ts';
import type { RecordKeeper } from '../store/objects/record-keeper.ts';
import type { TokenKeeper } from '../store/objects/token-keeper.ts';
import type { UsageKeeper } from '../store/objects/usage-keeper.ts';
import type { Directory } from '../store/ports/directory.ts';
import type { RecordHistories } from '../store/ports/record-history.ts';
import type { Tokens } from '../store/ports/tokens.ts';
import type { UsageStore } from '../store/ports/usage-store.ts';

export function recordHistoryStubs(namespace: DurableObjectNamespace<RecordKeeper>): RecordHistories {
	return (name) => namespace.get(namespace.idFromName(name));
}

/** A stub breaks with its object, for good: one for each call. */
export function directoryStub(namespace: DurableObjectNamespace<DirectoryKeeper>): Directory {
	const directory = () => namespace.get(namespace.idFromName('directory'));
	return {
		updateEntry: (notice) => directory().updateEntry(notice),
		listEntries: (listing) => directory().listEntries(listing),
		appendAudit: (lines) => directory().appendAudit(lines),
		readAudit: (query) => directory().readAudit(query),
	};
}

export function tokensStub(namespace: DurableObjectNamespace<TokenKeeper>): Tokens {
	const keeper = () => namespace.get(namespace.idFromName('tokens'));
	return {
		create: (minting) => keeper().create(minting),
		findByHash: (hash) => keeper().findByHash(hash),
		findById: (id) => keeper().findById(id),
		list: (minter, after, limit) => keeper().list(minter, after, limit),
		revoke: (id, by) => keeper().revoke(id, by),
	};
}

export function usageStub(namespace: DurableObjectNamespace<UsageKeeper>): UsageStore {
	const counter = () => namespace.get(namespace.idFromName('usage'));
	return {
		addCounts: (at, tallies) => counter().addCounts(at, tallies),
		readCounts: (query) => counter().readCounts(query),
	};
}
