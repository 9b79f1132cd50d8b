/** From the bindings of Durable Objects to the ports. The stub of an object has the methods of its class: that is the port. */
import type { Catalogue } from './catalogue.ts';
import type { Directory } from './directory.ts';
import type { Keepers } from './keeper.ts';
import type { RecordKeeper } from './record-keeper.ts';
import type { Tokens } from './token.ts';
import type { TokenKeeper } from './token-keeper.ts';
import type { UsageStore } from './usage.ts';
import type { UsageCounter } from './usage-counter.ts';

export function keepersIn(namespace: DurableObjectNamespace<RecordKeeper>): Keepers {
	return (name) => namespace.get(namespace.idFromName(name));
}

/** A stub breaks with its object, for good: one for each call. */
export function directoryIn(namespace: DurableObjectNamespace<Directory>): Catalogue {
	const directory = () => namespace.get(namespace.idFromName('directory'));
	return {
		note: (notice) => directory().note(notice),
		list: (listing) => directory().list(listing),
		record: (lines) => directory().record(lines),
		audit: (query) => directory().audit(query),
	};
}

export function tokensIn(namespace: DurableObjectNamespace<TokenKeeper>): Tokens {
	const keeper = () => namespace.get(namespace.idFromName('tokens'));
	return {
		mint: (minting) => keeper().mint(minting),
		byHash: (hash) => keeper().byHash(hash),
		byId: (id) => keeper().byId(id),
		list: (minter, after, limit) => keeper().list(minter, after, limit),
		revoke: (id, by) => keeper().revoke(id, by),
	};
}

export function usageIn(namespace: DurableObjectNamespace<UsageCounter>): UsageStore {
	const counter = () => namespace.get(namespace.idFromName('usage'));
	return {
		add: (at, tallies) => counter().add(at, tallies),
		read: (query) => counter().read(query),
	};
}
