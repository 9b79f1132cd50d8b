/**
 * `npm run bench:hostile`: what hostile bodies and queries cost at the endpoint that each costs most, as a multiple of an ordinary document of
 * the largest size that is read. Exits with 1 where one of them costs more than MAX_COST_RATIO of it, and where the measure does not see work
 * that grows with the square of the length.
 */
import { err } from '../../src/lib/result.ts';
import { answerQuery } from '../../src/protocols/answer-query.ts';
import { BODY_LIMIT, type Endpoint, type WireRequest } from '../../src/protocols/protocol.ts';
import { PROTOCOLS } from '../../src/protocols/registry.ts';
import { NOW, resolvedFixture } from '../support/fixture-records.ts';
import { hostileBodies, hostileQueries } from '../support/hostile-input.ts';
import { sampleWireRequest } from '../support/sample-wire-request.ts';
import { renderTable } from './report.ts';

/**
 * Room for what costs more for each byte than ordinary elements do. Work that grows with the square of the length would be hundreds of times
 * as much, and an entity bomb that went off more than that.
 */
const MAX_COST_RATIO = 25;

const PASSES = 20;
const ENDPOINTS = PROTOCOLS.flatMap(({ endpoints }) => endpoints);
const RESOLVED = resolvedFixture('everything');

function answerRequest(endpoint: Endpoint, request: WireRequest): void {
	const heard = endpoint.parseRequest(request);
	if (heard.ok) answerQuery(heard.value, RESOLVED, null, NOW);
	else endpoint.renderProblem(heard.error);
}

/** Microseconds of CPU: the least of several passes is what the input costs, and not what else the machine does. */
function cpuCost(request: WireRequest): number {
	return Math.max(...ENDPOINTS.map((endpoint) => Math.min(...Array.from({ length: PASSES }, () => cpuCostOnce(endpoint, request)))));
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

/** An endpoint that compares each character of a body with every other. */
function quadraticEndpoint(): Endpoint {
	const [endpoint] = ENDPOINTS;
	if (endpoint === undefined) throw new Error('there is no endpoint');
	const parseRequest: Endpoint['parseRequest'] = ({ body }) => {
		let found = 0;
		for (const one of body) for (const other of body) if (one === other) found += 1;
		return err({ code: 'bad-request', why: found > 0 ? 'malformed' : 'no-request' });
	};
	return { ...endpoint, parseRequest };
}

const ordinaryCost = cpuCost(autodiscoverPost(ordinaryDocument()));
const requests: readonly (readonly [string, WireRequest])[] = [
	...hostileBodies().map(({ name, body }) => [`body: ${name}`, autodiscoverPost(body)] as const),
	...hostileQueries().map(({ name, query }) => [`query: ${name}`, sampleWireRequest({ path: `/${query}`, query })] as const),
];
const costs = requests
	.map(([name, request]) => ({ name, ratio: cpuCost(request) / ordinaryCost }))
	.sort((one, other) => other.ratio - one.ratio);
const quadraticRatio = cpuCostOnce(quadraticEndpoint(), autodiscoverPost('a'.repeat(BODY_LIMIT))) / ordinaryCost;
const seesQuadraticWork = quadraticRatio > MAX_COST_RATIO;
const tooDear = costs.filter(({ ratio }) => ratio > MAX_COST_RATIO);
process.stdout.write(
	`CPU as a multiple of an ordinary document of ${BODY_LIMIT} bytes, which costs ${ordinaryCost} µs (least of ${PASSES} passes)\n\n`,
);
process.stdout.write(renderTable([['input', 'multiple'], ...costs.map(({ name, ratio }) => [name, ratio.toFixed(2)])]));
process.stdout.write(
	tooDear.length === 0
		? `\nNone of ${costs.length} costs more than ${MAX_COST_RATIO} times as much.\n`
		: `\nMore than ${MAX_COST_RATIO} times as much: ${tooDear.map(({ name }) => name).join(', ')}\n`,
);
process.stdout.write(
	`Work that grows with the square of the length: ${quadraticRatio.toFixed(0)}${seesQuadraticWork ? '' : ', which this measure does not see'}.\n`,
);
process.exitCode = tooDear.length === 0 && seesQuadraticWork ? 0 : 1;
