/** Signs as often as the path says: `/P-256/300`. KEYS holds a pair by its kind. */
import { signCms } from '../../src/lib/cms.ts';
import { parseSigningIdentity, type SigningIdentity } from '../../src/lib/signing-identity.ts';
import { encodeUtf8 } from '../../src/lib/utf8.ts';

interface Env {
	readonly KEYS: string;
	readonly PROFILE: string;
}

const ready = new Map<string, SigningIdentity>();

export default {
	async fetch(request, { KEYS, PROFILE }) {
		const [, kind = '', times = ''] = new URL(request.url).pathname.split('/');
		let identity = ready.get(kind);
		if (identity === undefined) {
			const { key, chain } = (JSON.parse(KEYS) as Record<string, { key: string; chain: string }>)[kind] ?? { key: '', chain: '' };
			const read = await parseSigningIdentity(key, chain);
			if (!read.ok) return new Response(read.error, { status: 500 });
			identity = read.value;
			ready.set(kind, identity);
		}
		const document = encodeUtf8(PROFILE);
		let bytes = 0;
		for (let at = 0; at < Number(times); at += 1) bytes += (await signCms(document, identity, Date.now())).length;
		return new Response(String(bytes));
	},
} satisfies ExportedHandler<Env>;
