/** A platform on which the keepers' contract runs; the test sets its clock. */
import type { LogCode } from '../../../src/lib/log.ts';
import type { Clock, ObjectPlatform } from '../../../src/store/ports/platform.ts';

export interface PlatformUnderTest {
	readonly platform: ObjectPlatform;
	/** Moves the clock forward, and ends the waits that are over by then. */
	readonly advance: (milliseconds: number) => Promise<void>;
	/** The time of the alarm (Unix time in milliseconds); null where none is set. */
	readonly readAlarm: () => Promise<number | null>;
	/** The codes of the log lines so far. */
	readonly logged: readonly LogCode[];
}

/** Runs a test on an empty database. A test restarts a keeper by making a second one on the same platform. */
export type RunOnPlatform = (test: (world: PlatformUnderTest) => Promise<void>) => Promise<void>;

export interface TestClock extends Clock {
	readonly advance: (milliseconds: number) => Promise<void>;
}

/** @param start Unix time in milliseconds; ahead of the real clock, so that no platform rings an alarm by itself during a test */
export function createTestClock(start: number): TestClock {
	let time = start;
	const waits: { readonly until: number; readonly end: () => void }[] = [];
	return {
		now: () => time,
		wait: (milliseconds) => new Promise((resolve) => waits.push({ until: time + milliseconds, end: resolve })),
		async advance(milliseconds) {
			time += milliseconds;
			for (const { until, end } of waits) if (until <= time) end();
			await settle();
		},
	};
}

/** Lets all work finish that waits only for promises and for digests, and not for time. */
export async function settle(): Promise<void> {
	do {
		await Promise.all(digestsUnderWay);
		for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
	} while (digestsUnderWay.size > 0);
}

/** Digests that another thread is computing: on a busy machine, they take longer than any number of turns. */
const digestsUnderWay = new Set<Promise<unknown>>();
const digest = crypto.subtle.digest.bind(crypto.subtle);
crypto.subtle.digest = (...parameters) => {
	const computed = digest(...parameters);
	digestsUnderWay.add(computed);
	const forget = () => digestsUnderWay.delete(computed);
	computed.then(forget, forget);
	return computed;
};

/** An outage that can be switched on and off. */
export interface Outage {
	isDown: boolean;
}
