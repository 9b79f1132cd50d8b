/**
 * Makes records from other formats. Each handler answers the records, ready to be saved, and what clients would be told otherwise than by the
 * source. Nothing is stored.
 */
import type { ApiProblem } from '../../contract/api-problems.ts';
import { Automx2SeedBody, DomainBody } from '../../contract/bodies.ts';
import { MAX_CONCURRENT_SUBREQUESTS, MAX_IMPORT_SOURCE_BYTES } from '../../contract/limits.ts';
import type { ImportedRecordsView } from '../../contract/views.ts';
import type { LiveRecord } from '../../dns/live-zone.ts';
import { streamConcurrently } from '../../lib/concurrency.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { type Domain, parseDomain } from '../../model/names.ts';
import { parseRecordName } from '../../model/record-name.ts';
import { SRV_LABELS, TXT_PATH_LABELS } from '../../protocols/readers/srv-reader.ts';
import type { AdminDependencies } from '../admin-dependencies.ts';
import { hasRole, type Principal } from '../auth/principal.ts';
import type { Handler } from '../handler.ts';
import { parseAutoconfigDocument } from '../importers/autoconfig-importer.ts';
import { parseAutomx2Seed } from '../importers/automx2-importer.ts';
import { fetchAutoconfig } from '../importers/fetch-autoconfig.ts';
import { type ImportSource, importSource } from '../importers/imported-record.ts';
import { parseSrvAnswers } from '../importers/srv-importer.ts';
import { warningsFor } from '../record-faults.ts';
import { readBody, readBytes } from '../request-input.ts';
import { findResolvedRecord } from '../resolved-record.ts';

export const importAutoconfig: Handler = async ({ request, url, principal, dependencies }) => {
	const domain = await parseImportDomain(url.searchParams.get('domain') ?? '', principal, dependencies);
	if (!domain.ok) return domain;
	const sent = await readBytes(request, MAX_IMPORT_SOURCE_BYTES);
	if (!sent.ok) return sent;
	const contentType = request.headers.get('Content-Type') ?? '';
	const document = isBlank(sent.value) ? await fetchAutoconfig(domain.value, dependencies) : { bytes: sent.value, contentType, url: null };
	if (document === null) return err({ code: 'source-unreachable' });
	const parsed = parseAutoconfigDocument(document.bytes, document.contentType, domain.value);
	if (!parsed.ok) return parsed;
	const { source, others } = parsed.value;
	const notes = document.url === null ? [] : [`The document was found at ${document.url}`];
	const imported = await answerImport({ ...source, notes: [...source.notes, ...notes] }, domain.value, others, principal, dependencies);
	return imported.ok ? ok({ body: imported.value }) : imported;
};

function isBlank(bytes: Uint8Array): boolean {
	return bytes.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));
}

export const importSrv: Handler = async ({ request, principal, dependencies }) => {
	const body = await readBody(request, DomainBody);
	if (!body.ok) return body;
	const domain = await parseImportDomain(body.value.domain, principal, dependencies);
	if (!domain.ok) return domain;
	const queries = [
		...SRV_LABELS.map((label) => ({ name: `${label}.${domain.value}`, type: 'SRV' as const })),
		...TXT_PATH_LABELS.map((label) => ({ name: `${label}.${domain.value}`, type: 'TXT' as const })),
	];
	const answers = new Map<string, readonly LiveRecord[]>();
	const lookUp = async ({ name, type }: (typeof queries)[number]) => ({ name, found: await dependencies.lookupDns(name, type) });
	for await (const { name, found } of streamConcurrently(queries, MAX_CONCURRENT_SUBREQUESTS, lookUp)) {
		if (!found.ok) return err({ code: 'source-unreachable' });
		answers.set(name, [...(answers.get(name) ?? []), ...found.value]);
	}
	const imported = await answerImport(parseSrvAnswers(answers, domain.value), domain.value, [], principal, dependencies);
	return imported.ok ? ok({ body: imported.value }) : imported;
};

export const importAutomx2: Handler = async ({ request, principal, dependencies }) => {
	const body = await readBody(request, Automx2SeedBody, MAX_IMPORT_SOURCE_BYTES);
	if (!body.ok) return body;
	const domains: Domain[] = [];
	for (const [at, { name }] of body.value.domains.entries()) {
		const domain = parseDomain(name);
		if (domain === null) return err({ code: 'invalid', errors: [{ path: `domains.${at}.name`, reason: 'must be a domain name' }] });
		if (!(await hasRole(principal, 'preview', domain, dependencies))) return err({ code: 'forbidden', needed: `preview ${domain}` });
		if (!domains.includes(domain)) domains.push(domain);
	}
	const [first, ...others] = domains;
	if (first === undefined) return err({ code: 'source-empty', errors: [{ path: 'domains', reason: 'has none' }] });
	const imported = await answerImport(parseAutomx2Seed(body.value), first, [], principal, dependencies);
	if (!imported.ok) return imported;
	// automx2 keeps the domains of a provider apart, so each gets a record of its own.
	const { records, lost } = imported.value;
	const view: ImportedRecordsView = {
		records: [...records, ...others.flatMap((domain) => records.map((each) => ({ ...each, domain })))],
		lost,
	};
	return ok({ body: view });
};

async function parseImportDomain(text: string, principal: Principal, dependencies: AdminDependencies): Promise<Result<Domain, ApiProblem>> {
	const domain = parseDomain(text);
	if (domain === null && parseRecordName(text) !== null)
		return err({
			code: 'invalid',
			errors: [{ path: 'domain', reason: 'must be one of the domains below a wildcard, and not the wildcard' }],
		});
	if (domain === null) return err({ code: 'bad-domain' });
	return (await hasRole(principal, 'preview', domain, dependencies)) ? ok(domain) : err({ code: 'forbidden', needed: `preview ${domain}` });
}

/**
 * Answers the record of a domain, and an alias for each of the others that the source serves alike.
 * @param others the source's other domains; those that the caller may not write are named and left out
 */
export async function answerImport(
	source: ImportSource,
	domain: Domain,
	others: readonly Domain[],
	principal: Principal,
	dependencies: AdminDependencies,
): Promise<Result<ImportedRecordsView, ApiProblem>> {
	const imported = await importSource(source, domain, dependencies.now());
	if (!imported.ok) return imported;
	const { record, lost } = imported.value;
	const found = await findResolvedRecord(record, domain, domain, dependencies);
	const records: ImportedRecordsView['records'][number][] = [{ domain, record, warnings: warningsFor(record, found, dependencies.now()) }];
	const refused: Domain[] = [];
	for (const other of others) {
		if (await hasRole(principal, 'preview', other, dependencies))
			records.push({ domain: other, record: { kind: 'alias', of: domain }, warnings: [] });
		else refused.push(other);
	}
	const left =
		refused.length === 0 ? [] : [`Not for these credentials, and so without an alias: ${refused.slice(0, 100).join(', ').slice(0, 2000)}.`];
	return ok({ records, lost: [...new Set([...lost, ...left])] });
}
