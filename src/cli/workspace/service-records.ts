/** What the service has of the records that a folder is compared with. A record that is the same as its file is not read. */
import { MAX_PAGE_SIZE } from '../../contract/limits.ts';
import { mapConcurrently } from '../../lib/concurrency.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { createProgress } from '../progress.ts';
import type { Failure } from '../terminal.ts';
import type { AdminApiClient } from './admin-api-client.ts';
import { fetchAllRecords } from './record-export.ts';
import type { RecordFolder } from './record-folder.ts';

/** Up to this many records are read one by one; for more, an export is cheaper. */
const MAX_SINGLE_READS = 200;
const CONCURRENT_REQUESTS = 8;

export interface ServiceRecords {
	/** The live records that were read, by domain, as they are stored. */
	readonly read: ReadonlyMap<string, unknown>;
	/** The domains whose records are the same as their files, by the digests in the service's list. */
	readonly same: ReadonlySet<string>;
}

/**
 * @param wanted domains of the folder
 * @param prefix the beginning of further domains that are wanted, whether or not they are in the folder; null for none
 */
export async function fetchServiceRecords(
	api: AdminApiClient,
	folder: RecordFolder,
	wanted: readonly string[],
	prefix: string | null,
): Promise<Result<ServiceRecords, Failure>> {
	if (prefix === null && wanted.length <= MAX_SINGLE_READS) return readSingly(api, wanted, new Set());
	const listed = await compareDigests(api, folder, prefix ?? '');
	if (!listed.ok) return listed;
	const { same, other } = listed.value;
	const isWanted = new Set(wanted);
	const toRead = prefix === null ? other.filter((domain) => isWanted.has(domain)) : other;
	if (toRead.length <= MAX_SINGLE_READS) return readSingly(api, toRead, same);
	const read = new Map<string, unknown>();
	const exported = await fetchAllRecords(api, prefix ?? '', ({ domain, record }) => read.set(domain, record));
	return exported.ok ? ok({ read, same }) : exported;
}

async function readSingly(
	api: AdminApiClient,
	domains: readonly string[],
	same: ReadonlySet<string>,
): Promise<Result<ServiceRecords, Failure>> {
	const read = new Map<string, unknown>();
	const views = await mapConcurrently(domains, CONCURRENT_REQUESTS, (domain) => api.call('readDomain', { path: { domain } }));
	for (const [at, view] of views.entries()) {
		if (!view.ok) return err(view.error);
		if (view.value.record !== null) read.set(domains[at] ?? '', view.value.record);
	}
	return ok({ read, same });
}

/** Tells the live records that are certainly the same as their files from all others. */
async function compareDigests(
	api: AdminApiClient,
	{ files, syncState }: RecordFolder,
	prefix: string,
): Promise<Result<{ readonly same: ReadonlySet<string>; readonly other: readonly string[] }, Failure>> {
	const same = new Set<string>();
	const other: string[] = [];
	const progress = createProgress(null);
	try {
		for await (const page of api.pages('listDomains', { query: { prefix, limit: MAX_PAGE_SIZE } })) {
			if (!page.ok) return page;
			for (const { domain, revision, digest } of page.value.domains) {
				progress.step(`listed: ${domain}`);
				// An entry that is older than what this folder had from the service is behind the record.
				const isCurrent = revision >= (syncState.get(domain)?.revision ?? 0);
				if (isCurrent && digest === files.get(domain)?.digest && typeof digest === 'string') same.add(domain);
				else other.push(domain);
			}
		}
		return ok({ same, other });
	} finally {
		progress.done();
	}
}
