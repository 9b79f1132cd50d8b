/** Records from what people have: each shows what it would write, and what it could not carry. Nothing is stored. */

import { DomainBody, SeedBody } from '../contract/bodies.ts';
import { SOURCE_LIMIT } from '../contract/limits.ts';
import type { ApiProblem } from '../contract/problems.ts';
import type { SourceView } from '../contract/views.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { type Domain, parseDomain } from '../model/names.ts';
import { parseRecord, type ServiceRecord } from '../model/record.ts';
import { type Answered, type Handler, readBody, readText } from './ask.ts';
import { may } from './caller.ts';
import type { Draft } from './draft.ts';
import { fromAutoconfig } from './from-autoconfig.ts';
import { fromAutomx2 } from './from-automx2.ts';
import { fromSrv, SRV_LABELS } from './from-srv.ts';
import { inTurn } from './in-turn.ts';
import type { AdminParts } from './parts.ts';
import { sideOf, warningsFor } from './show.ts';

export const importAutoconfig: Handler = async ({ request, url, caller, parts }) => {
	const domain = parseDomain(url.searchParams.get('domain') ?? '');
	if (domain === null) return err({ code: 'bad-domain' });
	if (!may(caller, 'preview', domain)) return err({ code: 'forbidden', needed: `preview ${domain}` });
	const sent = await readText(request, SOURCE_LIMIT);
	if (!sent.ok) return sent;
	const document = sent.value.trim() === '' ? await fetched(domain, parts) : sent;
	if (!document.ok) return document;
	const draft = fromAutoconfig(document.value, domain);
	return draft.ok ? shown([{ domain, ...draft.value }], parts) : draft;
};

/** Where Thunderbird looks first, over https alone: what comes over http is anybody's. */
async function fetched(domain: Domain, { fetchDocument }: AdminParts): Promise<Result<string, ApiProblem>> {
	const places = [`https://autoconfig.${domain}/mail/config-v1.1.xml`, `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`];
	for (const place of places) {
		const document = await fetchDocument(`${place}?emailaddress=sample@${domain}`);
		if (document.ok) return document;
	}
	return err({ code: 'source-unreachable' });
}

export const importSrv: Handler = async ({ request, caller, parts }) => {
	const body = await readBody(request, DomainBody);
	if (!body.ok) return body;
	const domain = parseDomain(body.value.domain);
	if (domain === null) return err({ code: 'bad-domain' });
	if (!may(caller, 'preview', domain)) return err({ code: 'forbidden', needed: `preview ${domain}` });
	const answers = new Map<string, readonly string[]>();
	const ask = async (label: string) => ({ label, found: await parts.dns(`${label}.${domain}`, 'SRV') });
	for await (const { label, found } of inTurn(SRV_LABELS, ask)) {
		if (!found.ok) return err({ code: 'source-unreachable' });
		answers.set(
			label,
			found.value.flatMap(({ type, data }) => (type === 'SRV' ? [data] : [])),
		);
	}
	const draft = fromSrv(answers, domain);
	return draft.ok ? shown([{ domain, ...draft.value }], parts) : draft;
};

export const importAutomx2: Handler = async ({ request, caller, parts }) => {
	const body = await readBody(request, SeedBody, SOURCE_LIMIT);
	if (!body.ok) return body;
	const { record, lost } = fromAutomx2(body.value);
	const drafts: { domain: Domain; record: object; lost: readonly string[] }[] = [];
	for (const [at, { name }] of body.value.domains.entries()) {
		const domain = parseDomain(name);
		if (domain === null) return err({ code: 'invalid', errors: [{ path: `domains.${at}.name`, reason: 'must be a domain name' }] });
		if (!may(caller, 'preview', domain)) return err({ code: 'forbidden', needed: `preview ${domain}` });
		drafts.push({ domain, record, lost: at === 0 ? lost : [] });
	}
	return shown(drafts, parts);
};

/** Checks the drafts as if somebody had typed them, and shows them. */
async function shown(drafts: readonly (Draft & { readonly domain: Domain })[], parts: AdminParts): Promise<Answered> {
	const records: SourceView['records'][number][] = [];
	for (const { domain, record: draft } of drafts) {
		const parsed = parseRecord(draft);
		if (!parsed.ok) return err({ code: 'source-empty' });
		const record: ServiceRecord = parsed.value;
		records.push({ domain, record, warnings: warningsFor(record, await sideOf(record, domain, domain, parts), parts.now()) });
	}
	const view: SourceView = { records, lost: [...new Set(drafts.flatMap(({ lost }) => lost))] };
	return ok({ body: view });
}
