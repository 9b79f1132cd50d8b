/** Makes records from another program's configuration, or from the answer of a running Autodiscover. Nothing is stored. */
import type { ApiProblem } from '../../contract/api-problems.ts';
import { ConfigurationBody } from '../../contract/bodies.ts';
import { MAX_IMPORT_SOURCE_BYTES } from '../../contract/limits.ts';
import type { ImportedRecordsView } from '../../contract/views.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { type Domain, type EmailAddress, parseDomain, parseEmailAddress } from '../../model/names.ts';
import type { AdminDependencies } from '../admin-dependencies.ts';
import { hasRole } from '../auth/principal.ts';
import type { Handler } from '../handler.ts';
import { fetchAutodiscover, parseAutodiscoverAnswer } from '../importers/autodiscover-importer.ts';
import { CONFIGURATION_PARSERS } from '../importers/configuration-parsers.ts';
import { groupOfAll, type ParsedConfiguration } from '../importers/imported-configuration.ts';
import { readBody } from '../request-input.ts';
import { answerImport } from './import.ts';

export const importConfiguration: Handler = async ({ request, principal, dependencies }) => {
	const body = await readBody(request, ConfigurationBody, MAX_IMPORT_SOURCE_BYTES);
	if (!body.ok) return body;
	const { format, domain: name } = body.value;
	const wanted = name === undefined ? null : parseDomain(name);
	if (name !== undefined && wanted === null) return err({ code: 'bad-domain' });
	if (wanted !== null && !(await hasRole(principal, 'preview', wanted, dependencies)))
		return err({ code: 'forbidden', needed: `preview ${wanted}` });
	// A file with a byte order mark was saved on Windows.
	const files = body.value.files.map((text) => text.replace(/^\uFEFF/, '')).filter((text) => text.trim() !== '');
	const parsed =
		format === 'autodiscover'
			? await readAnswer(files[0] ?? null, wanted, body.value.address ?? null, dependencies)
			: CONFIGURATION_PARSERS[format](files, wanted);
	if (!parsed.ok) return parsed;
	const { groups, notes } = parsed.value;
	const records: ImportedRecordsView['records'][number][] = [];
	const sentences: string[] = [];
	let refusal: ApiProblem | null = null;
	for (const { domains, source } of groups) {
		const [first, ...others] = domains;
		if (!(await hasRole(principal, 'preview', first, dependencies))) {
			refusal ??= { code: 'forbidden', needed: `preview ${first}` };
			sentences.push(`${first}: not for these credentials.`);
			continue;
		}
		const imported = await answerImport(source, first, others, principal, dependencies);
		// With several groups, a sentence says which domain it is about.
		const about = groups.length === 1 ? '' : `${first}: `;
		if (imported.ok) {
			records.push(...imported.value.records);
			sentences.push(...imported.value.lost.map((sentence) => about + sentence));
		} else {
			refusal ??= imported.error;
			sentences.push(...refusalSentences(imported.error).map((sentence) => about + sentence));
		}
	}
	if (records.length === 0 && refusal !== null) return err(refusal);
	return ok({ body: { records, lost: [...new Set([...sentences, ...notes])] } });
};

/** Why the settings of some of the domains became no record. */
function refusalSentences(problem: ApiProblem): readonly string[] {
	return 'errors' in problem ? problem.errors.map(({ path, reason }) => `${path} ${reason}.`) : ['nothing of it can be imported.'];
}

async function readAnswer(
	answer: string | null,
	domain: Domain | null,
	addressText: string | null,
	dependencies: AdminDependencies,
): Promise<Result<ParsedConfiguration, ApiProblem>> {
	const address = addressText === null ? null : parseEmailAddress(addressText);
	if (addressText !== null && address === null)
		return err({ code: 'invalid', errors: [{ path: 'address', reason: 'must be an e-mail address' }] });
	const owner = domain ?? address?.domain ?? null;
	if (owner === null) return err({ code: 'invalid', errors: [{ path: 'domain', reason: 'is needed: an answer names no mail domain' }] });
	if (answer !== null) return readGroup(new TextEncoder().encode(answer), 'text/xml; charset=utf-8', address, owner, []);
	const found = await fetchAutodiscover(owner, address, dependencies);
	if (found === null) return err({ code: 'source-unreachable' });
	return readGroup(found.bytes, found.contentType, found.address, owner, [
		`The answer was found at ${found.url}, for ${found.address.text}.`,
	]);
}

function readGroup(
	bytes: Uint8Array,
	contentType: string,
	address: EmailAddress | null,
	owner: Domain,
	notes: readonly string[],
): Result<ParsedConfiguration, ApiProblem> {
	const source = parseAutodiscoverAnswer(bytes, contentType, address);
	return source.ok ? groupOfAll([owner], owner, source.value, notes) : source;
}
