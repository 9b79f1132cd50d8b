/** Judges what an import makes of one autoconfig document: the kinds of outcome that `npm run corpus` counts. */
import { parseDomain } from '../../src/model/names.ts';
import { parseAutoconfig } from '../clients/autoconfig-document.ts';
import { differentTellings, documentTellings, isNamed } from './document-tellings.ts';
import { importDocument } from './imported-document.ts';

/** In the order of the table, with what each means. */
export const OUTCOME_KINDS = {
	exact: 'clients are told the very same, in every point',
	said: 'what clients are told otherwise is named, all of it',
	'cleartext named': 'the document offers mail without encryption only; the import refuses it with that reason',
	'silent in texts': 'a name or a text for people differs, and nothing says so',
	'silent in settings': 'what clients set up differs, and nothing says so',
	'refused wrongly': 'the document offers an encrypted server, and the import has nothing of it',
} as const satisfies Record<string, string>;

export type OutcomeKind = keyof typeof OUTCOME_KINDS;

export interface CorpusOutcome {
	readonly kind: OutcomeKind;
	/** What is told otherwise without a word, or the reason of a refusal. */
	readonly details: readonly string[];
	/** Aliases that come with the document. */
	readonly aliases: number;
	/** `<domain>` elements of the document that are mail domains. */
	readonly domains: number;
}

/** @param name what the file is called after; the domain whose record it becomes where the document names none */
export async function judgeDocument(document: string, name: string): Promise<CorpusOutcome> {
	const parsed = parseAutoconfig(document);
	const provider = parsed?.provider ?? null;
	const named = Array.from(provider?.getElementsByTagName('domain') ?? [])
		.filter((element) => !element.hasAttribute('purpose'))
		.flatMap((element) => parseDomain((element.textContent ?? '').trim()) ?? []);
	const domains = new Set(named);
	const domain = named[0] ?? parseDomain(name.replace(/\.xml$/, ''));
	if (domain === null) return { kind: 'refused wrongly', details: [`${name} names no domain`], aliases: 0, domains: 0 };
	const imported = await importDocument(document, domain);
	if ('refused' in imported) {
		const servers = [...(parsed?.incoming ?? []), ...(parsed?.outgoing ?? [])];
		const isCleartextOnly = servers.length > 0 && servers.every(({ socketType }) => socketType?.trim() === 'plain');
		const kind = isCleartextOnly && imported.refused === 'source-cleartext' ? 'cleartext named' : 'refused wrongly';
		return { kind, details: [imported.refused], aliases: 0, domains: domains.size };
	}
	const counts = { aliases: imported.others.length, domains: domains.size };
	const served = imported.served === null ? [] : documentTellings(imported.served, domain);
	const differences = differentTellings(documentTellings(document, domain), served);
	const silent = differences.filter((telling) => !isNamed(telling, imported.lost));
	const details = silent.map(({ text }) => text);
	if (silent.some(({ isSetting }) => isSetting)) return { kind: 'silent in settings', details, ...counts };
	if (silent.length > 0) return { kind: 'silent in texts', details, ...counts };
	// What an import says without need makes no document exact: people would read of a loss.
	return { kind: differences.length === 0 && imported.lost.length === 0 ? 'exact' : 'said', details, ...counts };
}
