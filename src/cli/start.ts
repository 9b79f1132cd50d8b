/** `npm start`: seeds an example domain where there is no record yet, serves locally, and says what to try. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { getPlatformProxy } from 'wrangler';

const EXAMPLE = 'example.com';

/** The shortest record there is: it gives 993, then 465, then 587. */
const RECORD = {
	kind: 'domain',
	provider: { name: 'Example Mail' },
	services: { imap: { host: 'imap.example.com' }, submission: { host: 'smtp.example.com' } },
};

const USAGE = `Usage: npm start -- [--port N] [--state DIR]

Serves on http://127.0.0.1:8787, or on port N, with the records in .wrangler/state, or in DIR.
`;

// No telemetry, no look at the network, no log files outside the checkout.
const QUIET = {
	WRANGLER_SEND_METRICS: 'false',
	CLOUDFLARE_CF_FETCH_ENABLED: 'false',
	WRANGLER_HIDE_BANNER: 'true',
	WRANGLER_WRITE_LOGS: 'false',
};

async function main(): Promise<number> {
	const options = readOptions();
	if (typeof options === 'number') return options;
	Object.assign(process.env, QUIET);
	await seed(options.state);
	return serve(options);
}

interface Options {
	readonly port: number;
	/** Folder of the local store. */
	readonly state: string;
}

function readOptions(): Options | number {
	try {
		const { values } = parseArgs({
			options: {
				port: { type: 'string', default: '8787' },
				state: { type: 'string', default: '.wrangler/state' },
				help: { type: 'boolean', short: 'h' },
			},
		});
		if (values.help) {
			process.stdout.write(USAGE);
			return 0;
		}
		const port = Number(values.port);
		if (Number.isInteger(port) && port >= 1 && port <= 65535) return { port, state: values.state };
		process.stderr.write(`--port must be a number from 1 to 65535.\n\n${USAGE}`);
	} catch (error) {
		process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
	}
	return 2;
}

/** Writes the example's record, unless there is a record of any kind already. */
async function seed(state: string): Promise<void> {
	// wrangler dev keeps its state one folder further down.
	const persist = { path: join(state, 'v3') };
	const { env, dispose } = await getPlatformProxy<Env>({ configPath: './wrangler.toml', remoteBindings: false, persist });
	const { keys } = await env.RECORDS.list({ prefix: 'record:', limit: 1 });
	if (keys.length === 0) {
		await env.RECORDS.put(`record:${EXAMPLE}`, JSON.stringify(RECORD));
		process.stdout.write(`Seeded a record for ${EXAMPLE}.\n`);
	}
	await dispose();
}

async function serve({ port, state }: Options): Promise<number> {
	// The package's own bin does not pass signals on; this is the program behind it.
	const wrangler = createRequire(import.meta.url).resolve('wrangler');
	const child = spawn(
		process.execPath,
		[
			wrangler,
			'dev',
			'--ip',
			'127.0.0.1',
			'--port',
			String(port),
			'--persist-to',
			state,
			'--var',
			'HTTPS_REDIRECT:off',
			'--show-interactive-dev-session=false',
		],
		{ stdio: ['ignore', 'inherit', 'inherit'] },
	);
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
	const ended = new Promise<number>((resolve) => {
		child.on('exit', (code, signal) => resolve(code ?? (signal === null ? 0 : 1)));
	});
	void greet(port, ended);
	return ended;
}

/** Says what to try as soon as the service answers. */
async function greet(port: number, ended: Promise<number>): Promise<void> {
	const origin = `http://127.0.0.1:${port}`;
	let over = false;
	void ended.then(() => {
		over = true;
	});
	while (!over) {
		const up = await fetch(`${origin}/robots.txt`).then(
			(response) => response.ok,
			// Not listening yet.
			() => false,
		);
		if (up) {
			process.stdout.write(whatToTry(origin));
			return;
		}
		await sleep(100);
	}
}

function whatToTry(origin: string): string {
	return `
Signpost serves ${EXAMPLE} on ${origin}. Try, in another terminal:

  Thunderbird     curl '${origin}/mail/config-v1.1.xml?emailaddress=you@${EXAMPLE}'
  Outlook         curl '${origin}/autodiscover/autodiscover.xml?email=you@${EXAMPLE}'
  iPhone, Mac     curl '${origin}/mobileconfig?email=you@${EXAMPLE}'
  DNS to publish  curl ${origin}/zone/${EXAMPLE}
  People          open ${origin}/setup/${EXAMPLE}
  as a host name  curl -H 'Host: ua-auto-config.${EXAMPLE}' ${origin}/.well-known/user-agent-configuration.json

Your own domain: put a record (README, "The record") into a file and run

  npm run record -- put your-domain.org record.json

Ctrl-C ends it. Records stay for the next time.

`;
}

process.exitCode = await main();
