/** What a signature costs, by algorithm: in workerd, key and certificates parsed, leaf and two intermediates. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { makePki } from '../support/pki.ts';
import { renderCapnp } from './capnp.ts';
import { type Spread, spread } from './statistics.ts';
import { startWorkerd, type WorkerdServer } from './workerd-server.ts';

export interface SigningCost {
	readonly kind: string;
	/** Milliseconds a signature. */
	readonly ms: Spread;
}

const SIGNATURES_PER_ROUND = 300;

/** @param profile the document that is signed */
export async function measureSigning(
	folder: string,
	compatibilityDate: string,
	profile: string,
	rounds: number,
	servers: WorkerdServer[],
): Promise<readonly SigningCost[]> {
	const kinds = ['P-256', 'P-384', 'RSA-2048'] as const;
	const keys = Object.fromEntries(await Promise.all(kinds.map(async (kind) => [kind, await makePki({ kind, intermediates: 2 })] as const)));
	const entry = join(import.meta.dirname, 'signing.worker.ts');
	await build({ entryPoints: [entry], outfile: join(folder, 'signing.js'), bundle: true, minify: true, format: 'esm', target: 'es2024' });
	const config = join(folder, 'signing.capnp');
	const worker = { modules: ['signing.js'], vars: { KEYS: JSON.stringify(keys), PROFILE: profile }, hasSocket: true };
	writeFileSync(config, renderCapnp({ signing: worker }, compatibilityDate));
	const server = await startWorkerd(config, ['signing'], join(folder, 'signing.log'));
	servers.push(server);
	const port = server.ports.get('signing');
	const costs: SigningCost[] = [];
	for (const kind of kinds) {
		const sign = async (times: number) => {
			const begun = performance.now();
			const response = await fetch(`http://127.0.0.1:${port}/${kind}/${times}`);
			const said = await response.text();
			// A signed profile is longer than the profile.
			if (!response.ok || Number(said) < times * profile.length) throw new Error(`${kind}: ${response.status} ${said}`);
			return performance.now() - begun;
		};
		await sign(SIGNATURES_PER_ROUND);
		const each: number[] = [];
		for (let round = 0; round < rounds; round += 1)
			each.push(((await sign(SIGNATURES_PER_ROUND)) - (await sign(0))) / SIGNATURES_PER_ROUND);
		costs.push({ kind, ms: spread(each) });
	}
	return costs;
}
