/** What every protocol must hold to, whatever comes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DomainRecord } from '../../src/model/record.ts';
import { answer } from '../../src/protocols/answer.ts';
import type { Endpoint, Question, Rendition } from '../../src/protocols/protocol.ts';
import { PROTOCOLS } from '../../src/protocols/registry.ts';
import { root } from '../clients/xml-reader.ts';
import { anyAddress, anyRecord, anyWireRequest } from '../fixtures/arbitraries.ts';
import { NOW } from '../fixtures/fixtures.ts';

const ENDPOINTS = PROTOCOLS.flatMap(({ endpoints }) => endpoints.map((endpoint) => [endpoint.id, endpoint] as const));

function rendered(question: Question, record: DomainRecord, endpoint: Endpoint): Rendition {
	const answered = answer(question, { domain: question.lookup[0], key: 'record:x', record }, null, NOW);
	return answered.ok ? answered.value : endpoint.refuse(answered.error);
}

/** Throws unless an independent parser reads the body. */
function readBack({ type, body }: Rendition): void {
	if (type.startsWith('application/json')) JSON.parse(body);
	else if (type.startsWith('text/plain')) expect(body).not.toContain('<');
	else expect(root(body), body).not.toBeNull();
}

describe.each(ENDPOINTS)('%s', (_, endpoint) => {
	it('hears what it would ask', () => {
		fc.assert(
			fc.property(anyAddress, fc.constantFrom(...endpoint.at), (address, place) => {
				const heard = endpoint.hear(endpoint.ask(address, place));
				if (!heard.ok) throw new Error(`not heard: ${heard.error.code}`);
				expect(heard.value.lookup[0]).toBe(address.domain);
				if (heard.value.address !== null) expect(heard.value.address).toEqual(address);
				// Said once for everybody, or made out to one: never both.
				if (heard.value.variant !== null) expect(heard.value.address).toBeNull();
			}),
		);
	});

	it('never throws, whatever it hears, and refuses without an echo', () => {
		fc.assert(
			fc.property(anyWireRequest, anyRecord, (request, record) => {
				const heard = endpoint.hear(request);
				if (heard.ok) {
					readBack(rendered(heard.value, record, endpoint));
					return;
				}
				const refusal = endpoint.refuse(heard.error);
				readBack(refusal);
				// The same problem reads the same, whoever asked what.
				const { code } = heard.error;
				const constant = { ...heard.error, ...('protocol' in heard.error ? { protocol: '' } : {}) };
				expect(refusal, code).toEqual(endpoint.refuse(constant));
				expect(refusal.status ?? 200).toBeLessThan(500);
			}),
			{ numRuns: 300 },
		);
	});

	it('says the same twice, in a form that others read', () => {
		fc.assert(
			fc.property(anyAddress, anyRecord, (address, record) => {
				const heard = endpoint.hear(endpoint.ask(address, endpoint.at[0]));
				if (!heard.ok) throw new Error(`not heard: ${heard.error.code}`);
				const first = rendered(heard.value, record, endpoint);
				readBack(first);
				expect(rendered(heard.value, record, endpoint)).toEqual(first);
			}),
		);
	});
});

describe('a kept answer', () => {
	const kept = ENDPOINTS.filter(([, { id }]) => ['autoconfig', 'ispdb', 'pacc', 'mta-sts', 'caldav'].includes(id));

	it.each(kept)('of %s holds nothing of the user who asked first', (_, endpoint) => {
		fc.assert(
			fc.property(anyAddress, anyAddress, anyRecord, (one, other, record) => {
				const ask = (address: typeof one) => {
					const heard = endpoint.hear(
						endpoint.ask({ ...address, domain: one.domain, text: `${address.local}@${one.domain}` }, endpoint.at[0]),
					);
					if (!heard.ok) throw new Error(heard.error.code);
					return rendered(heard.value, record, endpoint);
				};
				expect(ask(other)).toEqual(ask(one));
			}),
		);
	});
});
