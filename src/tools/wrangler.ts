/**
 * `npm run wrangler -- COMMAND …` and `npm run deploy`: wrangler, for the deployed service, with the settings of `wrangler.local.toml` laid over
 * `wrangler.toml`. `--settings FILE` takes another file of settings, for a second service such as a staging one.
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { writeDeploymentConfig } from '../cli/cloudflare/deployment-config.ts';
import { fail } from '../cli/terminal.ts';

// npm runs a script in the folder of its package: the checkout.
const CHECKOUT = process.cwd();

/** Separates the arguments for wrangler from our own `--settings FILE`. */
function takeSettings(words: readonly string[]): { readonly settings: string | null; readonly rest: readonly string[] } {
	const at = words.indexOf('--settings');
	if (at < 0) return { settings: null, rest: words };
	return { settings: words[at + 1] ?? '', rest: [...words.slice(0, at), ...words.slice(at + 2)] };
}

async function main(): Promise<number> {
	const { settings, rest } = takeSettings(process.argv.slice(2));
	const config = await writeDeploymentConfig(CHECKOUT, settings);
	if (!config.ok) return fail(config.error);
	// The package's `bin` does not pass signals on to wrangler, so the program that it starts is called directly.
	const wrangler = createRequire(import.meta.url).resolve('wrangler');
	const child = spawn(process.execPath, [wrangler, ...rest, '--config', config.value], {
		cwd: CHECKOUT,
		stdio: 'inherit',
		env: { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true', WRANGLER_WRITE_LOGS: 'false' },
	});
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
	return new Promise((resolve) => {
		child.on('exit', (code, signal) => resolve(code ?? (signal === null ? 0 : 1)));
	});
}

process.exitCode = await main();
