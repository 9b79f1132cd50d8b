/** Runs wrangler, from the checkout that the tool is called in, for what only Cloudflare's own tool can do. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Failure } from '../terminal.ts';
import { writeDeploymentConfig } from './deployment-config.ts';

/**
 * Runs wrangler with the given words and lets it write to the terminal.
 * @param target `local`: the store of `npm start`, known to wrangler.toml alone. `deployed`: the service with the settings of wrangler.local.toml
 * @param input what wrangler reads from standard input; null: the terminal's
 */
export async function runWrangler(
	words: readonly string[],
	target: 'local' | 'deployed',
	input: string | null,
): Promise<Result<null, Failure>> {
	let program: string;
	try {
		program = createRequire(pathToFileURL(join(process.cwd(), 'package.json'))).resolve('wrangler');
	} catch {
		return err({ message: 'wrangler is not here', hint: 'Run this in the service’s checkout, after npm install.' });
	}
	const config = target === 'local' ? ok(join(process.cwd(), 'wrangler.toml')) : await writeDeploymentConfig(process.cwd(), null);
	if (!config.ok) return config;
	const run = spawnSync(process.execPath, [program, ...words, '--config', config.value], {
		stdio: [input === null ? 'inherit' : 'pipe', 'inherit', 'inherit'],
		...(input === null ? {} : { input }),
		env: { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true', WRANGLER_WRITE_LOGS: 'false' },
	});
	return run.status === 0 ? ok(null) : err({ message: `wrangler ${words.slice(0, 3).join(' ')} did not succeed` });
}
