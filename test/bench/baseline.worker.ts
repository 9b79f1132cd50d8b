/**
 * The constant, and before it what no answer of this service goes without: the URL, the method, the client's name, the validator it holds, the
 * clock, and a line in the log. What Signpost takes beyond this is its own.
 */
interface Bindings {
	readonly BODY: string;
	/** A JSON object. */
	readonly HEADERS: string;
}

let headers: Headers | null = null;

export default {
	async fetch(request, { BODY, HEADERS }) {
		const begun = Date.now();
		const url = new URL(request.url);
		const about = [url.hostname, url.pathname, url.search, request.headers.get('User-Agent'), request.headers.get('If-None-Match')];
		if (request.method === 'POST') about.push(await request.text());
		console.log(
			JSON.stringify({ protocol: 'bench', client: 'bench', outcome: 'ok', status: about.length > 0 ? 200 : 0, ms: Date.now() - begun }),
		);
		headers ??= new Headers(JSON.parse(HEADERS) as Record<string, string>);
		return new Response(BODY, { headers });
	},
} satisfies ExportedHandler<Bindings>;
