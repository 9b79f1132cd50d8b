#!/usr/bin/env node
// `npx signpost` in the checkout: runs the sources as they are. Node strips their types from 22.18 on; an older one
// hands over to the Node that `npm ci` has put into node_modules. The installable package is built by `npm run build:cli`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

if (process.features.typescript) {
	await import('./main.ts');
} else {
	const node = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url));
	const main = fileURLToPath(new URL('./main.ts', import.meta.url));
	const { status, error } = spawnSync(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
	if (error !== undefined) process.stderr.write(`signpost: this Node (${process.version}) is too old for the sources: run npm ci first.\n`);
	process.exitCode = status ?? 2;
}
