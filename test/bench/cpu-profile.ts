/** CPU profiles of workerd, over its inspector (Chrome DevTools Protocol, "Profiler"). */
import * as v from 'valibot';

const Targets = v.array(v.object({ id: v.string(), webSocketDebuggerUrl: v.string() }));

const CpuProfile = v.object({
	nodes: v.array(v.object({ id: v.number(), callFrame: v.object({ functionName: v.string(), url: v.string(), lineNumber: v.number() }) })),
	/** The node in which each sample was taken, and the microseconds since the one before. */
	samples: v.array(v.number()),
	timeDeltas: v.array(v.number()),
});

export type CpuProfile = v.InferOutput<typeof CpuProfile>;

/** Microseconds between two samples. */
const SAMPLING_INTERVAL_US = 100;

export interface Inspector {
	/** The profile of what the Worker does meanwhile. */
	profile(work: () => Promise<unknown>): Promise<CpuProfile>;
	close(): void;
}

/** @param service the name of the Worker in workerd's configuration */
export async function connectInspector(port: number, service: string): Promise<Inspector> {
	const targets = v.parse(Targets, await (await fetch(`http://127.0.0.1:${port}/json`)).json());
	const target = targets.find(({ id, webSocketDebuggerUrl }) => `${id} ${webSocketDebuggerUrl}`.includes(service));
	if (target === undefined) throw new Error(`workerd's inspector has no ${service}`);
	const socket = new WebSocket(target.webSocketDebuggerUrl);
	const waiting = new Map<number, (result: unknown) => void>();
	socket.addEventListener('message', ({ data }) => {
		const message = v.parse(v.object({ id: v.optional(v.number()), result: v.optional(v.unknown()) }), JSON.parse(String(data)));
		if (message.id !== undefined) waiting.get(message.id)?.(message.result);
	});
	await new Promise((resolve, reject) => {
		socket.addEventListener('open', resolve);
		socket.addEventListener('error', () => reject(new Error("workerd's inspector does not answer")));
	});
	let sent = 0;
	const call = (method: string, params: object = {}) =>
		new Promise<unknown>((resolve) => {
			sent += 1;
			waiting.set(sent, resolve);
			socket.send(JSON.stringify({ id: sent, method, params }));
		});
	await call('Profiler.enable');
	await call('Profiler.setSamplingInterval', { interval: SAMPLING_INTERVAL_US });
	return {
		async profile(work) {
			await call('Profiler.start');
			await work();
			return v.parse(v.object({ profile: CpuProfile }), await call('Profiler.stop')).profile;
		},
		close: () => socket.close(),
	};
}
