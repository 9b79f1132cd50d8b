/** The law of templates: what is filled in for an address is byte for byte what would have been rendered for it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResolvedRecord } from '../../src/model/lookup.ts';
import type { EmailAddress } from '../../src/model/names.ts';
import type { DomainRecord } from '../../src/model/record.ts';
import { answerQuery } from '../../src/protocols/answer-query.ts';
import { LAST_ENTRY_CLIENTS } from '../../src/protocols/last-entry-clients.ts';
import { fillTemplate, prepareTemplate, type ResponseTemplate } from '../../src/protocols/template.ts';
import { ADDRESS_ENDPOINTS, queryFor } from '../support/address-endpoints.ts';
import { anyAddress, anyRecord } from '../support/arbitraries.ts';
import { fixtureNames, NOW, resolvedFixture } from '../support/fixture-records.ts';
import { address } from '../support/valid-names.ts';

const CLIENTS = [null, ...LAST_ENTRY_CLIENTS];

/** It throws for bytes that are no UTF-8, and keeps every character. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function inDomain(of: EmailAddress, { domain }: EmailAddress): EmailAddress {
	return { ...of, domain, text: `${of.local}@${domain}` };
}

function resolved(record: DomainRecord, { domain }: EmailAddress): ResolvedRecord {
	return { domain, key: `record:${domain}`, foundUnder: `record:${domain}`, record };
}

it('is held by every endpoint that answers for an address', () => {
	expect(ADDRESS_ENDPOINTS.map(([id]) => id)).toEqual(
		expect.arrayContaining(['autodiscover-xml', 'autodiscover-xml-get', 'autodiscover-json', 'mobileconfig', 'mobileconfig-form']),
	);
});

describe.each(ADDRESS_ENDPOINTS)('%s', (_, endpoint) => {
	it('fills in what it would render, for random records and addresses', () => {
		let prepared = 0;
		fc.assert(
			fc.property(anyRecord, anyAddress, anyAddress, fc.constantFrom(...CLIENTS), (record, first, other, client) => {
				const second = inDomain(other, first);
				const found = resolved(record, first);
				// Prepared with the query of the one who asks first: nothing of that one may be in what the next one gets.
				const template = prepareTemplate(queryFor(endpoint, first), found, client, NOW);
				if (template === null) return;
				prepared += 1;
				for (const each of [first, second]) {
					const rendered = answerQuery(queryFor(endpoint, each), found, client, NOW);
					const filled = fillTemplate(template, each);
					// The local part alone would be a step in the path of a URL: such an address is rendered.
					if (filled === null) expect(each.local).toMatch(/^\.{1,2}$/);
					else expect({ ok: true, value: { ...template.head, body: decoder.decode(filled) } }).toEqual(rendered);
				}
			}),
			{ numRuns: 1000 },
		);
		// Half of the random records offer too little for an answer.
		expect(prepared).toBeGreaterThan(100);
	});

	it.each(fixtureNames())('has a template wherever it has an answer: %s', (name) => {
		const found = { ...resolvedFixture(name), domain: address('alice@example.com').domain };
		const query = queryFor(endpoint, address('alice@example.com'));
		expect(prepareTemplate(query, found, null, NOW) !== null).toBe(answerQuery(query, found, null, NOW).ok);
	});

	it('has none where two logins are the same for some addresses only', () => {
		const ports = { imap: { host: 'imap.example.com' }, submission: { host: 'smtp.example.com' } };
		const record = (imap: string, submission: string) =>
			({
				kind: 'domain',
				provider: { name: 'Example' },
				services: { imap: { ...ports.imap, login: imap }, submission: { ...ports.submission, login: submission } },
			}) as unknown as DomainRecord;
		const prepare = (imap: string, submission: string) =>
			prepareTemplate(
				queryFor(endpoint, address('alice@example.com')),
				resolved(record(imap, submission), address('alice@example.com')),
				null,
				NOW,
			);
		if (endpoint.id.startsWith('autodiscover-json')) return;
		// For the local part xx, both are xxx.
		expect(prepare('x%EMAILLOCALPART%', '%EMAILLOCALPART%x')).toBeNull();
		// For a local part that is as long as the text before it.
		expect(prepare('%EMAILLOCALPART%%EMAILLOCALPART%', 'abc%EMAILLOCALPART%')).toBeNull();
		expect(prepare('%EMAILLOCALPART%', '%EMAILADDRESS%')).not.toBeNull();
		expect(prepare('%EMAILDOMAIN%\\%EMAILLOCALPART%', '%EMAILADDRESS%')).not.toBeNull();
		expect(prepare('%EMAILLOCALPART%@example.com', '%EMAILADDRESS%')).not.toBeNull();
	});

	it('has none where the record itself holds a marker', () => {
		const found = resolvedFixture('minimal');
		for (const marker of ['\uFDD0', '\uFDD1Uprofile\uFDD2']) {
			const record = { ...found.record, provider: { ...found.record.provider, name: marker }, login: `${marker}%EMAILADDRESS%` };
			const query = queryFor(endpoint, address('alice@example.com'));
			const template = prepareTemplate(query, { ...found, record }, null, NOW);
			const rendered = answerQuery(query, { ...found, record }, null, NOW);
			if (template === null) continue;
			const filled = fillTemplate(template, address('alice@example.com')) ?? new Uint8Array();
			expect({ ok: true, value: { ...template.head, body: decoder.decode(filled) } }).toEqual(rendered);
		}
	});
});

it('fills in any number of holes, with characters of any length', () => {
	const local = 'ü\u{1F600}z';
	const found = address(`${local}@example.com`);
	const template: ResponseTemplate = {
		head: { type: 'text/plain' },
		literals: [new TextEncoder().encode('<'), ...Array.from({ length: 20_000 }, () => new TextEncoder().encode('ß'))],
		holes: Array.from({ length: 20_000 }, () => 0),
		values: [{ kind: 'local-part' }],
		domain: found.domain,
		escapeText: (text) => text,
	};
	expect(decoder.decode(fillTemplate(template, found) ?? new Uint8Array())).toBe(`<${`${local}ß`.repeat(20_000)}`);
});
