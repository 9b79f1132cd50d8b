import { consolePath } from '../../../contract/console-routes.ts';
import { callApi } from '../api-client.ts';
import { navigate } from '../console-router.ts';
import { readDraft, writeDraft } from './draft-storage.ts';

/** Fills the form of a domain that has no record yet, and goes there. @returns why not */
export async function startDraft(domain: string, record: object): Promise<string | null> {
	if (readDraft(domain) !== null) return `There is unsaved work on ${domain} in this browser: finish or discard it first.`;
	const found = await callApi('readDomain', { path: { domain } });
	if (found.ok && found.value.record !== null) return `${domain} has a record already.`;
	const revision = found.ok ? found.value.revision : 0;
	writeDraft(domain, { revision, base: null, draft: record, note: '', tags: null });
	navigate(consolePath('domain', domain));
	return null;
}
