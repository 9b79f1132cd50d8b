/** The ports of the keepers over the bindings of their Durable Objects: a stub has the methods of the object's class. */

import type { SaveBatches } from '../store/ports/batched-saves.ts';
import type { Hostnames } from '../store/ports/custom-hostnames.ts';
import type { Directory } from '../store/ports/directory.ts';
import type { ImportedRecords } from '../store/ports/imported-records.ts';
import type { RecordHistories } from '../store/ports/record-histories.ts';
import type { Tokens } from '../store/ports/tokens.ts';
import type { UsageStore } from '../store/ports/usage-store.ts';
import type { Webhooks } from '../store/ports/webhooks.ts';
import type { ObjectNamespace } from './object-placement.ts';

/** The names of the single objects. Deployed data are found by them: they never change. */
const DIRECTORY_NAME = 'directory';
const IMPORTS_NAME = 'imports';
const TOKENS_NAME = 'tokens';
const USAGE_NAME = 'usage';
const HOSTNAMES_NAME = 'hostnames';
const WEBHOOKS_NAME = 'webhooks';

export function recordHistoryStubs(namespace: ObjectNamespace<ReturnType<RecordHistories>>): RecordHistories {
	// Under wrangler dev (4.155, the wrapper of miniflare) an object that is told its name writes it into its database each time that it wakes up:
	// four waits for the disk for each record of an export. By its identifier it is the same object, and is not told the name.
	return (name) => namespace.get(namespace.idFromString(namespace.idFromName(name).toString()));
}

/** A stub is broken for good once its object has failed: each call takes a new one. */
export function directoryStub(namespace: ObjectNamespace<Directory & SaveBatches>): Directory & SaveBatches {
	const directory = () => namespace.get(namespace.idFromName(DIRECTORY_NAME));
	return {
		updateEntry: (update) => directory().updateEntry(update),
		forgetEntry: (name) => directory().forgetEntry(name),
		readKnownNames: (names) => directory().readKnownNames(names),
		listEntries: (query) => directory().listEntries(query),
		searchEntries: (search) => directory().searchEntries(search),
		listBulkEdit: (id, after, limit) => directory().listBulkEdit(id, after, limit),
		listAliases: (domain, query) => directory().listAliases(domain, query),
		appendAudit: (lines) => directory().appendAudit(lines),
		readAudit: (query) => directory().readAudit(query),
		exportAudit: (after, limit) => directory().exportAudit(after, limit),
		storeMarkedAt: () => directory().storeMarkedAt(),
		setStoreMarked: (isComplete) => directory().setStoreMarked(isComplete),
		isComplete: () => directory().isComplete(),
		setComplete: () => directory().setComplete(),
		watchRecords: () => directory().watchRecords(),
		unwatchRecords: () => directory().unwatchRecords(),
		readRecordEvents: (after, limit) => directory().readRecordEvents(after, limit),
		beginBatch: (id, names) => directory().beginBatch(id, names),
		endBatch: (id, updates) => directory().endBatch(id, updates),
	};
}

export function importsStub(namespace: ObjectNamespace<ImportedRecords>): ImportedRecords {
	const imports = () => namespace.get(namespace.idFromName(IMPORTS_NAME));
	return {
		saveNew: (lines, names) => imports().saveNew(lines, names),
		restoreNew: (records, names, dryRun) => imports().restoreNew(records, names, dryRun),
		readImported: (names) => imports().readImported(names),
		takeOver: (objectId, isToSave) => imports().takeOver(objectId, isToSave),
		forgetImported: (objectId) => imports().forgetImported(objectId),
	};
}

export function tokensStub(namespace: ObjectNamespace<Tokens>): Tokens {
	const tokens = () => namespace.get(namespace.idFromName(TOKENS_NAME));
	return {
		create: (token) => tokens().create(token),
		findByHash: (hash) => tokens().findByHash(hash),
		findById: (id) => tokens().findById(id),
		list: (scope, after, limit) => tokens().list(scope, after, limit),
		revoke: (id, by) => tokens().revoke(id, by),
		withdraw: (id, domain, by) => tokens().withdraw(id, domain, by),
		hasClaimToken: (domain) => tokens().hasClaimToken(domain),
		endClaim: (domain, generation, by) => tokens().endClaim(domain, generation, by),
		exportTokens: (after, limit) => tokens().exportTokens(after, limit),
		restoreToken: (token, dryRun) => tokens().restoreToken(token, dryRun),
		announceTokens: () => tokens().announceTokens(),
		endSession: (session, until) => tokens().endSession(session, until),
		isSessionEnded: (session) => tokens().isSessionEnded(session),
		listEndedSessions: () => tokens().listEndedSessions(),
	};
}

export function usageStub(namespace: ObjectNamespace<UsageStore>): UsageStore {
	const usage = () => namespace.get(namespace.idFromName(USAGE_NAME));
	return {
		addCounts: (at, counts) => usage().addCounts(at, counts),
		readCounts: (query) => usage().readCounts(query),
	};
}

export function hostnamesStub(namespace: ObjectNamespace<Hostnames>): Hostnames {
	const hostnames = () => namespace.get(namespace.idFromName(HOSTNAMES_NAME));
	return {
		recordsChanged: (names) => hostnames().recordsChanged(names),
		listHostnames: (query) => hostnames().listHostnames(query),
		readDomain: (domain) => hostnames().readDomain(domain),
		recheckDomain: (domain) => hostnames().recheckDomain(domain),
	};
}

export function webhooksStub(namespace: ObjectNamespace<Webhooks>): Webhooks {
	const webhooks = () => namespace.get(namespace.idFromName(WEBHOOKS_NAME));
	return {
		create: (webhook) => webhooks().create(webhook),
		list: (of, after, limit) => webhooks().list(of, after, limit),
		find: (id) => webhooks().find(id),
		remove: (id, by) => webhooks().remove(id, by),
		enable: (id, by) => webhooks().enable(id, by),
		listDeliveries: (id) => webhooks().listDeliveries(id),
		sendTest: (id) => webhooks().sendTest(id),
		recordsChanged: () => webhooks().recordsChanged(),
	};
}
