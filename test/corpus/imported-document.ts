/**
 * An autoconfig document on its way through an import: read, proposed as a record, stored, served, and compared with what is served by an XML
 * reader and rules that share nothing with the import's own.
 */
import type { Element } from '@xmldom/xmldom';
import { parseAutoconfigDocument } from '../../src/admin/importers/autoconfig-importer.ts';
import { importSource } from '../../src/admin/importers/imported-record.ts';
import type { Domain } from '../../src/model/names.ts';
import type { DomainRecord } from '../../src/model/record.ts';
import { parseStored, renderStored } from '../../src/model/stored-record.ts';
import { answerQuery } from '../../src/protocols/answer-query.ts';
import { autoconfig } from '../../src/protocols/autoconfig.ts';
import { parseAutoconfig, type ServerSection } from '../clients/autoconfig-document.ts';
import { child, children, childText } from '../clients/independent-xml-parser.ts';

export type Imported =
	| { readonly refused: string }
	| {
			readonly lost: readonly string[];
			/** Null where no autoconfig is served, for want of an incoming or an outgoing server. */
			readonly served: string | null;
			readonly others: readonly Domain[];
			readonly record: unknown;
	  };

/** Imports a document for a domain, stores the record as KV has it, and serves it. */
export async function importDocument(document: string, domain: Domain): Promise<Imported> {
	const parsed = parseAutoconfigDocument(new TextEncoder().encode(document), '', domain);
	if (!parsed.ok) return { refused: parsed.error.code };
	const imported = await importSource(parsed.value.source, domain, 0);
	if (!imported.ok) return { refused: imported.error.code };
	const { record, lost } = imported.value;
	// The marks of the record keeper are left off, so that the record is validated as one that was put by hand.
	const stored = parseStored(JSON.stringify(record));
	const kept = parseStored(renderStored(record, 1, []));
	if (!stored.ok || !kept.ok || stored.value.record.kind !== 'domain') throw new Error('the imported record cannot be stored');
	return { lost, served: serveAutoconfig(stored.value.record, domain), others: parsed.value.others, record };
}

/** The autoconfig document of a record; null where it has none. */
export function serveAutoconfig(record: DomainRecord, domain: Domain): string | null {
	const endpoint = autoconfig.endpoints[0];
	if (endpoint === undefined) throw new Error('autoconfig has no endpoint');
	const query = endpoint.parseRequest(endpoint.sampleRequest({ local: 'you', domain, text: `you@${domain}` }, endpoint.locations[0]));
	if (!query.ok) throw new Error(query.error.code);
	const answer = answerQuery(query.value, { domain, key: `record:${domain}`, foundUnder: `record:${domain}`, record }, null, 0);
	return answer.ok ? answer.value.body : null;
}

/** What clients make of a document otherwise than of another: one line for each thing, with a word that names it in both. */
export function documentDifferences(source: string, served: string | null, domain: string): readonly string[] {
	const [before, after] = [tellings(source, domain), served === null ? [] : tellings(served, domain)];
	return [...before.filter((line) => !after.includes(line)), ...after.filter((line) => !before.includes(line))];
}

const AUTH_SYNONYMS: Readonly<Record<string, string>> = { plain: 'password-cleartext', secure: 'password-encrypted' };

/** Everything that a document tells clients, one line each. */
function tellings(document: string, domain: string): readonly string[] {
	const parsed = parseAutoconfig(document);
	if (parsed === null || parsed.provider === null) return ['nothing'];
	const root = parsed.provider.parentNode as Element;
	const line = (direction: string) => (section: ServerSection, at: number) =>
		`${direction} ${at} ${serverText(section, domain)} user=${section.username?.trim() ?? '-'} auth=${section.authentication
			.map((word) => word.trim())
			.map((word) => AUTH_SYNONYMS[word] ?? word)
			.filter((word, position, all) => all.indexOf(word) === position)
			.join()}`;
	const oauth = child(root, 'oAuth2');
	return [
		...parsed.incoming.map(line('incomingServer')),
		...parsed.outgoing.map(line('outgoingServer')),
		...['displayName', 'displayShortName'].flatMap((name) => {
			const text = childText(parsed.provider, name);
			return text === null ? [] : [`${name} ${text.trim()}`];
		}),
		...children(parsed.provider, 'documentation').map((element) => `documentation ${element.getAttribute('url') ?? ''}`),
		...(oauth === null
			? []
			: ['issuer', 'authURL', 'tokenURL', 'scope'].map((name) => `oAuth2 ${name}=${childText(oauth, name)?.trim() ?? '-'}`)),
		...children(root).flatMap((element) =>
			/^(calendar|addressbook|fileshare)$/i.test(element.localName ?? '')
				? [`${element.localName?.toLowerCase()} ${(childText(element, 'url') ?? childText(element, 'serverURL') ?? '').trim()}`]
				: [],
		),
	];
}

function serverText({ type, hostname, port, socketType }: ServerSection, domain: string): string {
	const security =
		({ ssl: 'SSL', starttls: 'STARTTLS' } as const)[(socketType ?? '').trim().toLowerCase() as 'ssl' | 'starttls'] ?? 'plain';
	return `${type} ${(hostname ?? '').trim().replaceAll('%EMAILDOMAIN%', domain).toLowerCase()}:${(port ?? '').trim()} ${security}`;
}
