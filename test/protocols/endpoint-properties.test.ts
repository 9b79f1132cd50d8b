/** Properties that every protocol must keep for any record and any request. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DomainRecord } from '../../src/model/record.ts';
import { answerQuery } from '../../src/protocols/answer-query.ts';
import type { Endpoint, Query, WireResponse } from '../../src/protocols/protocol.ts';
import { PROTOCOLS } from '../../src/protocols/registry.ts';
import { parseRootElement } from '../clients/independent-xml-parser.ts';
import { anyAddress, anyRecord, anyWireRequest } from '../support/arbitraries.ts';
import { NOW } from '../support/fixture-records.ts';

const ENDPOINTS = PROTOCOLS.flatMap(({ endpoints }) => endpoints.map((endpoint) => [endpoint.id, endpoint] as const));

function respondOrRefuse(question: Query, record: DomainRecord, endpoint: Endpoint): WireResponse {
	const answered = answerQuery(question, { domain: question.candidates[0], key: 'record:x', foundUnder: 'record:x', record }, null, NOW);
	return answered.ok ? answered.value : endpoint.renderProblem(answered.error);
}

/** Throws where an independent parser cannot read the body. */
function parseBody({ type, body }: WireResponse): void {
	if (type.startsWith('application/json')) JSON.parse(body);
	else if (type.startsWith('text/plain')) expect(body).not.toContain('<');
	else expect(parseRootElement(body), body).not.toBeNull();
}

describe.each(ENDPOINTS)('%s', (_, endpoint) => {
	it('hears what it would ask', () => {
		fc.assert(
			fc.property(anyAddress, fc.constantFrom(...endpoint.locations), (address, place) => {
				const heard = endpoint.parseRequest(endpoint.sampleRequest(address, place));
				if (!heard.ok) throw new Error(`not heard: ${heard.error.code}`);
				expect(heard.value.candidates[0]).toBe(address.domain);
				if (heard.value.address !== null) expect(heard.value.address).toEqual(address);
			}),
		);
	});

	it('never throws, whatever it hears, and refuses without an echo', () => {
		fc.assert(
			fc.property(anyWireRequest, anyRecord, (request, record) => {
				const heard = endpoint.parseRequest(request);
				if (heard.ok) {
					parseBody(respondOrRefuse(heard.value, record, endpoint));
					return;
				}
				const refusal = endpoint.renderProblem(heard.error);
				parseBody(refusal);
				// An error reads the same, whoever asked.
				const { code } = heard.error;
				const constant = { ...heard.error, ...('protocol' in heard.error ? { protocol: '' } : {}) };
				expect(refusal, code).toEqual(endpoint.renderProblem(constant));
				expect(refusal.status ?? 200).toBeLessThan(500);
			}),
			{ numRuns: 300 },
		);
	});

	it('says the same twice, in a form that others read', () => {
		fc.assert(
			fc.property(anyAddress, anyRecord, (address, record) => {
				const heard = endpoint.parseRequest(endpoint.sampleRequest(address, endpoint.locations[0]));
				if (!heard.ok) throw new Error(`not heard: ${heard.error.code}`);
				const first = respondOrRefuse(heard.value, record, endpoint);
				parseBody(first);
				expect(respondOrRefuse(heard.value, record, endpoint)).toEqual(first);
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
					const heard = endpoint.parseRequest(
						endpoint.sampleRequest({ ...address, domain: one.domain, text: `${address.local}@${one.domain}` }, endpoint.locations[0]),
					);
					if (!heard.ok) throw new Error(heard.error.code);
					return respondOrRefuse(heard.value, record, endpoint);
				};
				expect(ask(other)).toEqual(ask(one));
			}),
		);
	});
});
