/** `npm run build:cli`: the tool as a package of its own in dist/signpost: one bundled file, no dependencies, Node 20 and later. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '../..');
const OUT = join(ROOT, 'dist/signpost');

await build({
	entryPoints: [join(ROOT, 'src/cli/main.ts')],
	outfile: join(OUT, 'signpost.mjs'),
	bundle: true,
	platform: 'node',
	format: 'esm',
	target: 'node20.12',
	// dns-packet is CommonJS and requires node:buffer, which a bundle in ESM has no `require` for. Under a name
	// of its own: esbuild does not see the banner, and the sources import createRequire too.
	banner: {
		js: "#!/usr/bin/env node\nimport { createRequire as bundleRequire } from 'node:module';\nconst require = bundleRequire(import.meta.url);",
	},
	legalComments: 'eof',
});

const { name, version, license, engines } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
const manifest = {
	name,
	version,
	description: 'The companion of the Signpost service: DNS out, checks in.',
	license,
	type: 'module',
	engines,
	bin: { signpost: 'signpost.mjs' },
	files: ['signpost.mjs'],
};
await writeFile(join(OUT, 'package.json'), `${JSON.stringify(manifest, null, '\t')}\n`);
process.stdout.write('dist/signpost is ready: npm install -g ./dist/signpost, or npm pack ./dist/signpost\n');
