/** What a stranger may send: no answer costs more than 5 ms of CPU, whatever it is. */
import { describe, expect, it } from 'vitest';
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

/** Milliseconds of CPU at the endpoint it is dearest to, each the least of several passes: what it costs, not what else the machine does. */
function cost(request: WireRequest): number {
	return Math.max(...ENDPOINTS.map((endpoint) => Math.min(...Array.from({ length: 20 }, () => once(endpoint, request)))));
}

function once(endpoint: Endpoint, request: WireRequest): number {
	const before = process.cpuUsage();
	answerRequest(endpoint, request);
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1000;
}

describe('hostile bodies', () => {
	it.each(hostileBodies().map(({ name, body }) => [name, body] as const))('%s', (_, body) => {
		expect(
			cost(sampleWireRequest({ method: 'POST', path: '/autodiscover/autodiscover.xml', body: body.slice(0, BODY_LIMIT) })),
		).toBeLessThan(5);
	});
});

describe('hostile queries', () => {
	it.each(hostileQueries().map(({ name, query }) => [name, query] as const))('%s', (_, query) => {
		expect(cost(sampleWireRequest({ path: `/${query}`, query }))).toBeLessThan(5);
	});
});
