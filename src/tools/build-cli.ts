/**
 * `npm run build:cli`: the tool as a package of its own in dist/signpost, ready for `npm publish`: one bundled file without dependencies,
 * for Node 20 and later, with its manual page, completions, README and the licences of what is bundled.
 */
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { findBundledPackages, renderBundledLicences } from './package/bundled-licences.ts';
import { renderBashCompletion, renderFishCompletion, renderZshCompletion } from './package/completions.ts';
import { describeCommands } from './package/described-commands.ts';
import { renderManPage } from './package/man-page.ts';
import { findProvenance } from './package/provenance.ts';
import { renderReadme } from './package/readme.ts';

const ROOT = join(import.meta.dirname, '../..');
const OUT = join(ROOT, 'dist/signpost');

await rm(OUT, { recursive: true, force: true });
const { metafile } = await build({
	entryPoints: [join(ROOT, 'src/cli/main.ts')],
	outfile: join(OUT, 'signpost.mjs'),
	absWorkingDir: ROOT,
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
	metafile: true,
});

const { name, version, license, engines } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
const provenance = findProvenance(ROOT, process.env);
const commands = await describeCommands();
const files = {
	'signpost.1': renderManPage(commands, { version, builtAt: provenance.builtAt }),
	'completions/signpost.bash': renderBashCompletion(commands),
	'completions/_signpost': renderZshCompletion(commands),
	'completions/signpost.fish': renderFishCompletion(commands),
	'THIRD-PARTY-LICENSES.txt': renderBundledLicences(await findBundledPackages(Object.keys(metafile.inputs), ROOT)),
	'README.md': renderReadme(commands, { name, version, node: engines.node, ...provenance }),
};
const manifest = {
	name,
	version,
	description: 'Mail-client autoconfiguration: prints and checks DNS, Postfix, Dovecot and logs against one record per domain.',
	keywords: ['mail', 'autoconfig', 'autodiscover', 'smtp', 'imap', 'postfix', 'dovecot', 'dns'],
	license,
	type: 'module',
	engines,
	bin: { signpost: 'signpost.mjs' },
	// npm installs manual pages from a list only, although its documentation also allows a single name.
	man: ['./signpost.1'],
	files: ['signpost.mjs', 'signpost.1', 'completions', 'THIRD-PARTY-LICENSES.txt'],
	...(provenance.repository === null ? {} : { repository: { type: 'git', url: `git+${provenance.repository}.git` } }),
	...(provenance.commit === null ? {} : { gitHead: provenance.commit }),
	publishConfig: { access: 'public', provenance: true },
};
for (const [path, text] of Object.entries({ ...files, 'package.json': `${JSON.stringify(manifest, null, '\t')}\n` })) {
	await mkdir(dirname(join(OUT, path)), { recursive: true });
	await writeFile(join(OUT, path), text);
}
await copyFile(join(ROOT, 'LICENSE'), join(OUT, 'LICENSE'));
process.stdout.write('dist/signpost is ready: npm install -g ./dist/signpost, npm pack ./dist/signpost, or npm publish ./dist/signpost\n');
if (provenance.repository === null || provenance.commit === null)
	process.stdout.write('It names no repository or commit: publish from a clean checkout of a public repository.\n');
