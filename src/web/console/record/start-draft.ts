import { consolePath } from '../../../contract/console-routes.ts';
import { callApi, describeApiError } from '../api-client.ts';
import { navigate } from '../console-router.ts';
import { readDraft, writeDraft } from './draft-storage.ts';

/** Fills the form of a domain that has no record yet, and opens it. @returns why that is not possible; null where it was */
export async function startDraft(domain: string, record: object): Promise<string | null> {
	if (readDraft(domain) !== null) return `There are unsaved changes to ${domain} in this browser. Save or discard them first.`;
	const response = await callApi('readDomain', { path: { domain } });
	if (!response.ok) return `Whether ${domain} has a record is not known: ${describeApiError(response.error)}`;
	if (response.value.record !== null) return `${domain} already has a record.`;
	writeDraft(domain, { revision: response.value.revision, base: null, draft: record, note: '', tags: null });
	navigate(consolePath('record', domain));
	return null;
}
