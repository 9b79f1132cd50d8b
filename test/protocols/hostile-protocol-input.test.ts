/** Whatever a stranger sends costs no more than a few ordinary documents of the largest size that is read. */
import { describe, expect, it } from 'vitest';
import { err } from '../../src/lib/result.ts';
import { answerQuery } from '../../src/protocols/answer-query.ts';
import { BODY_LIMIT, type Endpoint, type WireRequest } from '../../src/protocols/protocol.ts';
import { PROTOCOLS } from '../../src/protocols/registry.ts';
import { NOW, resolvedFixture } from '../support/fixture-records.ts';
import { hostileBodies, hostileQueries } from '../support/hostile-input.ts';
import { sampleWireRequest } from '../support/sample-wire-request.ts';

const ENDPOINTS = PROTOCOLS.flatMap(({ endpoints }) => endpoints);
const RESOLVED = resolvedFixture('everything');

function answerRequest(endpoint: Endpoint, request: WireRequest): void {
	const heard = endpoint.parseRequest(request);
	if (heard.ok) answerQuery(heard.value, RESOLVED, null, NOW);
	else endpoint.renderProblem(heard.error);
}

/**
 * CPU time at the endpoint that it costs most, in microseconds: the least of several passes, which is what the input costs and not what
 * else the machine does.
 */
function cpuCost(request: WireRequest): number {
	return Math.max(...ENDPOINTS.map((endpoint) => Math.min(...Array.from({ length: 20 }, () => cpuCostOnce(endpoint, request)))));
}

function cpuCostOnce(endpoint: Endpoint, request: WireRequest): number {
	const before = process.cpuUsage();
	answerRequest(endpoint, request);
	const { user, system } = process.cpuUsage(before);
	return user + system;
}

function autodiscoverPost(body: string): WireRequest {
	return sampleWireRequest({ method: 'POST', path: '/autodiscover/autodiscover.xml', body: body.slice(0, BODY_LIMIT) });
}

/** A harmless, well-formed document of the largest size that is read, with an element for every thirty bytes. */
function ordinaryDocument(): string {
	const [begin, element, end] = ['<Autodiscover><Request>', '<Other>of some length</Other>\n', '</Request></Autodiscover>'];
	return begin + element.repeat(Math.floor((BODY_LIMIT - begin.length - end.length) / element.length)) + end;
}

// Room for what costs more for each byte than ordinary elements do. Work that grows with the square of the length would be hundreds of times
// as much, and an entity bomb that went off more than that.
const MAX_COST_RATIO = 25;

const ordinaryCost = cpuCost(autodiscoverPost(ordinaryDocument()));

describe('a hostile body costs no more than some ordinary documents', () => {
	it.each(hostileBodies().map(({ name, body }) => [name, body] as const))('%s', (_, body) => {
		expect(cpuCost(autodiscoverPost(body)) / ordinaryCost).toBeLessThan(MAX_COST_RATIO);
	});
});

describe('a hostile query costs no more than some ordinary documents', () => {
	it.each(hostileQueries().map(({ name, query }) => [name, query] as const))('%s', (_, query) => {
		expect(cpuCost(sampleWireRequest({ path: `/${query}`, query })) / ordinaryCost).toBeLessThan(MAX_COST_RATIO);
	});
});

describe('the measure', () => {
	it('sees work that grows with the square of the length', () => {
		const quadratic: Endpoint = {
			...firstEndpoint(),
			parseRequest: ({ body }) => {
				let found = 0;
				for (const one of body) for (const other of body) if (one === other) found += 1;
				return err({ code: 'bad-request', why: found > 0 ? 'malformed' : 'no-request' });
			},
		};
		expect(cpuCostOnce(quadratic, autodiscoverPost('a'.repeat(BODY_LIMIT))) / ordinaryCost).toBeGreaterThan(MAX_COST_RATIO);
	});
});

function firstEndpoint(): Endpoint {
	const [endpoint] = ENDPOINTS;
	if (endpoint === undefined) throw new Error('there is no endpoint');
	return endpoint;
}
