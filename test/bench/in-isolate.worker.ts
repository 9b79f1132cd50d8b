/**
 * Calls the Worker and the constant in one isolate, without sockets between: what a call takes beyond the constant's is the Worker's own,
 * and the load on the machine falls on both. The built Worker stands beside this file as entry.js.
 */
// @ts-expect-error: built when the benchmark runs
import worker from './entry.js';

// The bindings name the Durable Objects of the built Worker, so this Worker exports them.
// @ts-expect-error: it is built when the benchmark runs
export * from './entry.js';

/** What a call of the benchmark asks for, as JSON. */
interface Task {
	readonly side: 'constant' | 'duties' | 'signpost';
	readonly times: number;
	readonly url: string;
	readonly method: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
	/** The constant's body and headers. */
	readonly answer: { readonly body: string; readonly headers: Readonly<Record<string, string>> };
}

export default {
	async fetch(request, env, context) {
		const { side, times, url, method, headers, body, answer } = (await request.json()) as Task;
		const constantHeaders = new Headers(answer.headers);
		const constant = async (asked: Request) => {
			if (asked.method === 'POST') await asked.text();
			return new Response(answer.body, { headers: constantHeaders });
		};
		const duties = async (asked: Request) => {
			const { hostname, pathname, search } = new URL(asked.url);
			const looked = [hostname, pathname, search, asked.headers.get('User-Agent'), asked.headers.get('If-None-Match')];
			if (looked.length === 0) throw new Error('nothing was looked at');
			return constant(asked);
		};
		const signpost = (asked: Request): Promise<Response> => worker.fetch(asked, env, context);
		const call = { constant, duties, signpost }[side];
		let length = 0;
		for (let time = 0; time < times; time += 1) {
			const response = await call(new Request(url, { method, headers, ...(method === 'POST' ? { body } : {}) }));
			length += (await response.text()).length;
		}
		return new Response(String(length));
	},
} satisfies ExportedHandler;
