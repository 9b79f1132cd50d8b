/** What a stranger may send: no answer costs more than 5 ms of CPU, whatever it is. */
import { describe, expect, it } from 'vitest';
import { answer } from '../../src/protocols/answer.ts';
import { BODY_LIMIT, type Endpoint, type WireRequest } from '../../src/protocols/protocol.ts';
import { PROTOCOLS } from '../../src/protocols/registry.ts';
import { found, NOW } from '../fixtures/fixtures.ts';
import { bodies, queries } from '../fixtures/hostile.ts';
import { wire } from '../fixtures/wire.ts';

const ENDPOINTS = PROTOCOLS.flatMap(({ endpoints }) => endpoints);
const FOUND = found('everything');

function run(endpoint: Endpoint, request: WireRequest): void {
	const heard = endpoint.hear(request);
	if (heard.ok) answer(heard.value, FOUND, null, NOW);
	else endpoint.refuse(heard.error);
}

/** Milliseconds of CPU at the endpoint it is dearest to, each the least of several passes: what it costs, not what else the machine does. */
function cost(request: WireRequest): number {
	return Math.max(...ENDPOINTS.map((endpoint) => Math.min(...Array.from({ length: 20 }, () => once(endpoint, request)))));
}

function once(endpoint: Endpoint, request: WireRequest): number {
	const before = process.cpuUsage();
	run(endpoint, request);
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1000;
}

describe('hostile bodies', () => {
	it.each(bodies().map(({ name, body }) => [name, body] as const))('%s', (_, body) => {
		expect(cost(wire({ method: 'POST', path: '/autodiscover/autodiscover.xml', body: body.slice(0, BODY_LIMIT) }))).toBeLessThan(5);
	});
});

describe('hostile queries', () => {
	it.each(queries().map(({ name, query }) => [name, query] as const))('%s', (_, query) => {
		expect(cost(wire({ path: `/${query}`, query }))).toBeLessThan(5);
	});
});
