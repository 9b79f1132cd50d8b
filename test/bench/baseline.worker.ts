/** The constant, and before it what no answer of this service goes without: the URL, the method, the client's name, the validator it holds. */
interface Bindings {
	readonly BODY: string;
	/** The headers of every answer, as a JSON object. */
	readonly HEADERS: string;
}

let headers: Headers | null = null;

export default {
	async fetch(request, { BODY, HEADERS }) {
		const url = new URL(request.url);
		const about = [url.hostname, url.pathname, url.search, request.headers.get('User-Agent'), request.headers.get('If-None-Match')];
		if (request.method === 'POST') about.push(await request.text());
		if (about.length === 0) throw new Error('nothing was looked at');
		headers ??= new Headers(JSON.parse(HEADERS) as Record<string, string>);
		return new Response(BODY, { headers });
	},
} satisfies ExportedHandler<Bindings>;
