/** What is known of a request afterwards. Nothing in it identifies a person: no address, no path, no query, no body, no IP address. */
export interface Observation {
	readonly protocol: string;
	/** Family of the client, from a fixed list. */
	readonly client: string;
	/** `ok`, `not-modified`, `redirected`, `method-not-allowed`, `not-found`, `failed`, or a problem's code. */
	readonly outcome: string;
	readonly status: number;
	/** Whole milliseconds. Workers stop the clock between I/O: 0 means that nothing was waited for. */
	readonly ms: number;
}

export type Observer = (observation: Observation) => void;

/** The part of an Analytics Engine dataset that is used. */
export interface Counter {
	writeDataPoint(point: { indexes: string[]; blobs: string[]; doubles: number[] }): void;
}

/** Writes one structured line a request and, where there is a counter, one point. */
export function observer(counter: Counter | null): Observer {
	return (observation) => {
		const { protocol, client, outcome, status, ms } = observation;
		console.log(JSON.stringify(observation));
		counter?.writeDataPoint({ indexes: [protocol], blobs: [protocol, client, outcome], doubles: [ms, status] });
	};
}
