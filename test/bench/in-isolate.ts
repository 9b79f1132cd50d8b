/** CPU of a request in the isolate alone: the Worker against the constant, called in turn by a Worker around both. */
import { type BenchRequest, requestHeaders, requestTarget } from './bench-requests.ts';
import type { BenchResponse } from './send-request.ts';
import { type Spread, spread } from './statistics.ts';
import type { WorkerdServer } from './workerd-server.ts';

export const IN_ISOLATE_SIDES = ['constant', 'duties', 'signpost'] as const;
export type InIsolateSide = (typeof IN_ISOLATE_SIDES)[number];

export interface InIsolateCost {
	readonly route: string;
	/** Microseconds of CPU for a call, with the making of the request and the reading of the answer. */
	readonly sides: Readonly<Record<InIsolateSide, Spread>>;
	/** Microseconds beyond the constant that looks at URL and headers, in the same round. */
	readonly beyondDuties: Spread;
}

const CALLS_PER_ROUND = 5000;

/** @param server whose Worker is in-isolate.worker.ts, alone in its process */
export async function measureInIsolate(
	server: WorkerdServer,
	port: number,
	route: BenchRequest,
	answer: BenchResponse,
	rounds: number,
): Promise<InIsolateCost> {
	const run = async (side: InIsolateSide, times: number) => {
		const before = server.cpu();
		const length = await callInIsolate(port, route, side, times, answer);
		if (length !== times * answer.body.length) throw new Error(`${route.id}, ${side}: ${length} characters`);
		return ((server.cpu() - before) / times) * 1_000_000;
	};
	const costs = { constant: [], duties: [], signpost: [] } as Record<InIsolateSide, number[]>;
	// The first calls compile the code.
	for (const side of IN_ISOLATE_SIDES) await run(side, CALLS_PER_ROUND);
	for (let round = 0; round < rounds; round += 1) {
		for (const side of IN_ISOLATE_SIDES) costs[side].push(await run(side, CALLS_PER_ROUND));
	}
	const beyond = costs.signpost.map((cost, round) => cost - (costs.duties[round] ?? cost));
	return {
		route: route.id,
		sides: { constant: spread(costs.constant), duties: spread(costs.duties), signpost: spread(costs.signpost) },
		beyondDuties: spread(beyond),
	};
}

/**
 * Has a side answer a request so many times.
 * @param port of the Worker in-isolate.worker.ts
 * @param answer the constant's
 * @returns the characters of all answers
 */
export async function callInIsolate(
	port: number,
	{ id, request }: BenchRequest,
	side: InIsolateSide,
	times: number,
	answer: BenchResponse,
): Promise<number> {
	const task = {
		side,
		times,
		url: `https://${request.host}${requestTarget(request)}`,
		method: request.method,
		headers: { ...requestHeaders(request), ...lengthHeader(request.body) },
		body: request.body,
		answer,
	};
	const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: JSON.stringify(task) });
	if (!response.ok) throw new Error(`${id}, ${side}: ${response.status}`);
	return Number(await response.text());
}

/** As clients send it: without one, a body would be read piece by piece. */
function lengthHeader(body: string): Readonly<Record<string, string>> {
	return body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
}
