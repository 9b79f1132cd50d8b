/** KV for `workerd serve`: bulk get alone, from a constant. The wire form is a POST to /bulk/get with the keys in JSON. */
interface Bindings {
	/** A JSON object: values by key. */
	readonly VALUES: string;
}

export default {
	async fetch(request, { VALUES }) {
		const { pathname } = new URL(request.url);
		if (request.method !== 'POST' || pathname !== '/bulk/get') return new Response('only bulk get', { status: 501 });
		const { keys } = (await request.json()) as { readonly keys: readonly string[] };
		const values = JSON.parse(VALUES) as Readonly<Record<string, string>>;
		return Response.json(Object.fromEntries(keys.map((key) => [key, values[key] ?? null])));
	},
} satisfies ExportedHandler<Bindings>;
