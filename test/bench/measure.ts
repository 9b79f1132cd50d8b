/** Rounds of load, side by side, and what they come to. */

import type { BenchRequest } from './bench-requests.ts';
import { type LoadRound, runLoad } from './load-round.ts';
import { assertSameResponse, type BenchResponse, sendRequest } from './send-request.ts';
import { median, type Spread, spread } from './statistics.ts';
import { startWorkerd, type WorkerdServer } from './workerd-server.ts';

/** A server that is started for each round, and what it is called. */
export interface ComparedServer {
	readonly name: string;
	readonly config: string;
	/** The socket that has the route. */
	readonly socket: string;
}

export interface RouteMeasurement {
	readonly route: string;
	readonly bodyBytes: number;
	readonly sides: readonly {
		readonly side: string;
		/** Medians of the rounds. */
		readonly median: LoadRound;
		/** The first second of each process: medians of the rounds. */
		readonly firstSecond: LoadRound;
		/** Requests a second, over those of the first side in the same round. */
		readonly rateRatio: Spread;
		/** CPU for a request of the first side, over this one's: 1 is as cheap as the first, 0.5 twice as dear. */
		readonly cpuRatio: Spread;
	}[];
}

/**
 * Seconds of load before a process is measured, after its first. V8 compiles what runs often for some three seconds, on the core that the
 * Worker has: in them autoconfig takes a tenth more CPU, and answers wait for the compiler (`--trace-opt`, workerd 2026-11).
 */
const WARM_UP_SECONDS = 3;

/** One process of a side, under load in this round. */
interface RunningSide {
	readonly side: ComparedServer;
	readonly server: WorkerdServer;
	readonly port: number;
	readonly firstSecond: LoadRound;
}

/**
 * Measures the sides in turn, second by second, so that whatever else the machine does falls on all of them. Each round of each side is a
 * process of its own: the same Worker is faster in one process than in the next, for as long as the process lives, and rounds of one
 * process would show that as if it were the Worker's.
 * Every answer's bytes are compared with `wanted` before and after a round; a wrong one throws.
 * @param seconds of one round of one side, after those that warm it up
 * @param log the file for what the servers say
 */
export async function measureRoute(
	route: BenchRequest,
	sides: readonly [ComparedServer, ...ComparedServer[]],
	wanted: BenchResponse,
	{ rounds, seconds }: { readonly rounds: number; readonly seconds: number },
	log: string,
): Promise<RouteMeasurement> {
	const check = async ({ side, port }: Pick<RunningSide, 'side' | 'port'>) =>
		assertSameResponse(`${route.id}, ${side.name}`, await sendRequest(port, route), wanted);
	const warmUp = async (side: ComparedServer, server: WorkerdServer): Promise<RunningSide> => {
		const port = server.ports.get(side.socket) ?? 0;
		await check({ side, port });
		const firstSecond = await runLoad(server, port, route, 1);
		await runLoad(server, port, route, WARM_UP_SECONDS);
		return { side, server, port, firstSecond };
	};
	const taken: LoadRound[][] = [];
	const firstSeconds: LoadRound[][] = [];
	for (let round = 0; round < rounds; round++) {
		const servers: WorkerdServer[] = [];
		try {
			const running: RunningSide[] = [];
			for (const side of sides) {
				const server = await startWorkerd(side.config, [side.socket], log);
				servers.push(server);
				running.push(await warmUp(side, server));
			}
			const measured = running.map((): LoadRound[] => []);
			for (let second = 0; second < seconds; second++) {
				// Every other second backwards: none of them always comes after the same one.
				const numbered = [...running.entries()];
				for (const [at, { server, port }] of second % 2 === 0 ? numbered : numbered.toReversed())
					measured[at]?.push(await runLoad(server, port, route, 1));
			}
			for (const side of running) await check(side);
			taken.push(measured.map(meanRound));
			firstSeconds.push(running.map(({ firstSecond }) => firstSecond));
		} finally {
			await Promise.all(servers.map((server) => server.stop()));
		}
	}
	const of = (rows: readonly (readonly LoadRound[])[], side: number) => rows.flatMap((row) => row[side] ?? []);
	const ratios = (side: number, key: 'rate' | 'cpuMs') =>
		taken.flatMap(([base, ...others]) => {
			const own = side === 0 ? base : others[side - 1];
			if (base === undefined || own === undefined) return [];
			return key === 'rate' ? own.rate / base.rate : base.cpuMs / own.cpuMs;
		});
	return {
		route: route.id,
		bodyBytes: Buffer.byteLength(wanted.body),
		sides: sides.map(({ name }, at) => ({
			side: name,
			median: medianRound(of(taken, at)),
			firstSecond: medianRound(of(firstSeconds, at)),
			rateRatio: spread(ratios(at, 'rate')),
			cpuRatio: spread(ratios(at, 'cpuMs')),
		})),
	};
}

function medianRound(rounds: readonly LoadRound[]): LoadRound {
	return combineRounds(rounds, median);
}

function meanRound(rounds: readonly LoadRound[]): LoadRound {
	return combineRounds(rounds, (values) => values.reduce((sum, value) => sum + value, 0) / values.length);
}

function combineRounds(rounds: readonly LoadRound[], combine: (values: readonly number[]) => number): LoadRound {
	const of = (key: keyof LoadRound) => combine(rounds.map((round) => round[key]));
	return { requests: of('requests'), rate: of('rate'), cpuMs: of('cpuMs'), busy: of('busy'), p50: of('p50'), p99: of('p99') };
}

/** A server to start: its configuration, and the socket that is asked. */
export interface StartedSide {
	readonly config: string;
	readonly socket: string;
}

const STARTS = 9;

/** Milliseconds from starting workerd to its first good answer: the median of several starts of each side, in turn. */
export async function measureStarts<Side extends string>(
	sides: Readonly<Record<Side, StartedSide>>,
	route: BenchRequest,
	log: string,
): Promise<Readonly<Record<Side, number>>> {
	const names = Object.keys(sides) as Side[];
	const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Side, number[]>;
	for (let start = 0; start < STARTS; start++)
		for (const name of names) {
			const { config, socket } = sides[name];
			times[name].push(await measureStart(config, socket, route, log));
		}
	return Object.fromEntries(names.map((name) => [name, median(times[name])])) as Record<Side, number>;
}

async function measureStart(config: string, socket: string, route: BenchRequest, log: string): Promise<number> {
	const begun = performance.now();
	const server = await startWorkerd(config, [socket], log);
	try {
		const { status } = await sendRequest(server.ports.get(socket) ?? 0, route);
		if (status !== 200) throw new Error(`${route.id}: status ${status} after the start`);
		return performance.now() - begun;
	} finally {
		await server.stop();
	}
}
