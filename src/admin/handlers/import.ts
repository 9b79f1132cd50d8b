/** Makes records from other formats. Each handler answers the records, and what of the source they cannot hold. Nothing is stored. */

import type { ApiProblem } from '../../contract/api-problems.ts';
import { Automx2SeedBody, DomainBody } from '../../contract/bodies.ts';
import { MAX_CONCURRENT_SUBREQUESTS, MAX_IMPORT_SOURCE_BYTES } from '../../contract/limits.ts';
import type { ImportedRecordsView } from '../../contract/views.ts';
import { streamConcurrently } from '../../lib/concurrency.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { type Domain, parseDomain } from '../../model/names.ts';
import { parseRecord, type ServiceRecord } from '../../model/record.ts';
import type { AdminDependencies } from '../admin-dependencies.ts';
import { hasRole } from '../auth/principal.ts';
import { findResolvedRecord, warningsFor } from '../domain-view.ts';
import { type Handler, type HandlerResult, readBody, readText } from '../handler.ts';
import { parseAutoconfigDocument } from '../importers/autoconfig-importer.ts';
import { convertAutomx2Seed } from '../importers/automx2-importer.ts';
import type { ImportedRecord } from '../importers/imported-record.ts';
import { parseSrvRecords, SRV_LABELS } from '../importers/srv-importer.ts';

export const importAutoconfig: Handler = async ({ request, url, principal, dependencies }) => {
	const domain = parseDomain(url.searchParams.get('domain') ?? '');
	if (domain === null) return err({ code: 'bad-domain' });
	if (!hasRole(principal, 'preview', domain)) return err({ code: 'forbidden', needed: `preview ${domain}` });
	const sent = await readText(request, MAX_IMPORT_SOURCE_BYTES);
	if (!sent.ok) return sent;
	const document = sent.value.trim() === '' ? await fetchAutoconfig(domain, dependencies) : sent;
	if (!document.ok) return document;
	const draft = parseAutoconfigDocument(document.value, domain);
	return draft.ok ? renderImport([{ domain, ...draft.value }], dependencies) : draft;
};

/** Fetches from the URLs that Thunderbird tries first, over https only: an answer over http could be forged. */
async function fetchAutoconfig(domain: Domain, { fetchDocument }: AdminDependencies): Promise<Result<string, ApiProblem>> {
	const urls = [`https://autoconfig.${domain}/mail/config-v1.1.xml`, `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`];
	for (const url of urls) {
		const document = await fetchDocument(`${url}?emailaddress=sample@${domain}`);
		if (document.ok) return document;
	}
	return err({ code: 'source-unreachable' });
}

export const importSrv: Handler = async ({ request, principal, dependencies }) => {
	const body = await readBody(request, DomainBody);
	if (!body.ok) return body;
	const domain = parseDomain(body.value.domain);
	if (domain === null) return err({ code: 'bad-domain' });
	if (!hasRole(principal, 'preview', domain)) return err({ code: 'forbidden', needed: `preview ${domain}` });
	const answers = new Map<string, readonly string[]>();
	const lookUp = async (label: string) => ({ label, found: await dependencies.lookupDns(`${label}.${domain}`, 'SRV') });
	for await (const { label, found } of streamConcurrently(SRV_LABELS, MAX_CONCURRENT_SUBREQUESTS, lookUp)) {
		if (!found.ok) return err({ code: 'source-unreachable' });
		answers.set(
			label,
			found.value.flatMap(({ type, data }) => (type === 'SRV' ? [data] : [])),
		);
	}
	const draft = parseSrvRecords(answers, domain);
	return draft.ok ? renderImport([{ domain, ...draft.value }], dependencies) : draft;
};

export const importAutomx2: Handler = async ({ request, principal, dependencies }) => {
	const body = await readBody(request, Automx2SeedBody, MAX_IMPORT_SOURCE_BYTES);
	if (!body.ok) return body;
	const { record, lost } = convertAutomx2Seed(body.value);
	const drafts: { domain: Domain; record: object; lost: readonly string[] }[] = [];
	for (const [at, { name }] of body.value.domains.entries()) {
		const domain = parseDomain(name);
		if (domain === null) return err({ code: 'invalid', errors: [{ path: `domains.${at}.name`, reason: 'must be a domain name' }] });
		if (!hasRole(principal, 'preview', domain)) return err({ code: 'forbidden', needed: `preview ${domain}` });
		drafts.push({ domain, record, lost: at === 0 ? lost : [] });
	}
	return renderImport(drafts, dependencies);
};

/** Validates the imported records as if a person had typed them, and answers them. */
async function renderImport(
	drafts: readonly (ImportedRecord & { readonly domain: Domain })[],
	parts: AdminDependencies,
): Promise<HandlerResult> {
	const records: ImportedRecordsView['records'][number][] = [];
	for (const { domain, record: draft } of drafts) {
		const parsed = parseRecord(draft);
		if (!parsed.ok) return err({ code: 'source-empty' });
		const record: ServiceRecord = parsed.value;
		records.push({ domain, record, warnings: warningsFor(record, await findResolvedRecord(record, domain, domain, parts), parts.now()) });
	}
	const view: ImportedRecordsView = { records, lost: [...new Set(drafts.flatMap(({ lost }) => lost))] };
	return ok({ body: view });
}
