/** An autoconfig document on its way through an import: read, proposed as a record, stored, and served. */
import { parseAutoconfigDocument } from '../../src/admin/importers/autoconfig-importer.ts';
import { importSource } from '../../src/admin/importers/imported-record.ts';
import type { Domain } from '../../src/model/names.ts';
import type { DomainRecord } from '../../src/model/record.ts';
import { parseStored, renderStored } from '../../src/model/stored-record.ts';
import { answerQuery } from '../../src/protocols/answer-query.ts';
import { autoconfig } from '../../src/protocols/autoconfig.ts';

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
