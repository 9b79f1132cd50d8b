/** What the Worker is measured against: the least that a Worker can do to send the same bytes and headers. */
interface Bindings {
	readonly BODY: string;
	/** The headers of every answer, as a JSON object. */
	readonly HEADERS: string;
}

let headers: Record<string, string> | null = null;

export default {
	async fetch(request, { BODY, HEADERS }) {
		// What a client posts is read here too: otherwise the comparison would be of reading with not reading.
		if (request.method === 'POST') await request.text();
		headers ??= JSON.parse(HEADERS) as Record<string, string>;
		return new Response(BODY, { headers });
	},
} satisfies ExportedHandler<Bindings>;
