/** `npm start`: serves locally, seeds an example domain where there is no record yet, and says what to try. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { MIN_ADMIN_TOKEN_LENGTH } from '../contract/limits.ts';
import { API_BASE_PATH } from '../contract/operation.ts';
import { errorMessage } from '../lib/error-message.ts';
import { createStartOutput, type StartOutput } from './start-output.ts';

const EXAMPLE_DOMAIN = 'example.com';

/** The admin's host names under npm start: the service's own, as seen from this machine. */
const ADMIN_HOSTS = 'localhost,127.0.0.1';

/** The shortest record there is: it gives 993, then 465, then 587. */
const EXAMPLE_RECORD = {
	kind: 'domain',
	provider: { name: 'Example Mail' },
	services: { imap: { host: 'imap.example.com' }, submission: { host: 'smtp.example.com' } },
};

const USAGE = `Usage: npm start -- [--port N] [--state DIR] [--var NAME:VALUE]…

Serves on http://127.0.0.1:8787, or on port N, with the records in .wrangler/state, or in DIR.
The operator's token is the environment's ADMIN_TOKEN, or a new random one. --var sets a variable
of wrangler.toml for this run, as in --var SELF_SERVICE:on. HTTPS_REDIRECT cannot be tried here:
this speaks http alone, so nobody would answer where it redirects to.
`;

// No telemetry, no look at the network, no log files outside the checkout; and no store of traces: 16 KB for each record of an import,
// after some 20,000 of which wrangler 4.155 answered nobody any more.
const WRANGLER_ENV = {
	WRANGLER_SEND_METRICS: 'false',
	CLOUDFLARE_CF_FETCH_ENABLED: 'false',
	WRANGLER_HIDE_BANNER: 'true',
	WRANGLER_WRITE_LOGS: 'false',
	X_LOCAL_OBSERVABILITY: 'false',
	// The explorer reads and writes the local store over HTTP without any token, for every process on this machine.
	X_LOCAL_EXPLORER: 'false',
	// Whoever reaches the inspector's port runs code in the service. wrangler has no option that leaves it out; it does so where an editor's
	// debugger is attached, which it knows by this variable.
	VSCODE_INSPECTOR_OPTIONS: '{}',
};

async function main(): Promise<number> {
	const options = parseOptions();
	if (typeof options === 'number') return options;
	Object.assign(process.env, WRANGLER_ENV);
	const token = process.env.ADMIN_TOKEN ?? randomBytes(24).toString('base64url');
	if (token.length < MIN_ADMIN_TOKEN_LENGTH) {
		process.stderr.write(`ADMIN_TOKEN must have ${MIN_ADMIN_TOKEN_LENGTH} characters or more.\n`);
		return 2;
	}
	return startWrangler(options, token);
}

interface StartOptions {
	readonly port: number;
	/** Folder of the local store. */
	readonly state: string;
	/** Variables of wrangler.toml to set, as `NAME:VALUE`. */
	readonly vars: readonly string[];
}

function parseOptions(): StartOptions | number {
	try {
		const { values } = parseArgs({
			options: {
				port: { type: 'string', default: '8787' },
				state: { type: 'string', default: '.wrangler/state' },
				var: { type: 'string', multiple: true, default: [] },
				help: { type: 'boolean', short: 'h' },
			},
		});
		if (values.help) {
			process.stdout.write(USAGE);
			return 0;
		}
		const port = Number(values.port);
		const isPort = Number.isInteger(port) && port >= 1 && port <= 65535;
		const areVars = values.var.every((text) => /^[A-Z_]+:/.test(text));
		if (values.var.some((text) => /^HTTPS_REDIRECT:on$/i.test(text)))
			process.stderr.write(
				'HTTPS_REDIRECT:on: every request is now redirected to https, where nobody listens. Try it on a deployed service.\n',
			);
		if (isPort && areVars) return { port, state: values.state, vars: values.var };
		process.stderr.write(`${isPort ? '--var must be NAME:VALUE' : '--port must be a number from 1 to 65535'}.\n\n${USAGE}`);
	} catch (error) {
		process.stderr.write(`${errorMessage(error)}\n\n${USAGE}`);
	}
	return 2;
}

/** Sends a request of `npm start` itself, which its output leaves out. @param path with its query */
type SendOwn = (path: string, init?: RequestInit) => Promise<Response>;

function createSendOwn(origin: string, token: string, output: StartOutput): SendOwn {
	return async (path, init = {}) => {
		const [pathname] = path.split('?');
		const request = `${init.method ?? 'GET'} ${pathname}`;
		output.omit(request);
		try {
			return await fetch(`${origin}${path}`, { ...init, headers: { ...init.headers, Authorization: `Bearer ${token}` } });
		} catch (error) {
			output.notSent(request);
			throw error;
		}
	};
}

/** Saves the example's record through the keeper, unless there is a record of any kind already, in the directory or in KV. */
async function seedExampleRecord(send: SendOwn): Promise<void> {
	const known = async () => (await send(`${API_BASE_PATH}/domains?state=any&limit=1`)).text();
	if (!(await known()).startsWith('{"domains":[],')) return;
	// Records that were put there by hand, or by an older version, are not in the directory yet.
	await send(`${API_BASE_PATH}/directory/rebuild`, { method: 'POST' });
	if (!(await known()).startsWith('{"domains":[],')) return;
	const body = JSON.stringify({ record: EXAMPLE_RECORD, note: 'The example of npm start' });
	const put = await send(`${API_BASE_PATH}/domains/${EXAMPLE_DOMAIN}`, { method: 'PUT', headers: { 'If-None-Match': '*' }, body });
	process.stdout.write(
		put.ok ? `Seeded a record for ${EXAMPLE_DOMAIN}.\n` : `No record for ${EXAMPLE_DOMAIN} could be saved: ${await put.text()}\n`,
	);
}

async function startWrangler({ port, state, vars }: StartOptions, token: string): Promise<number> {
	process.stdout.write(`Signpost starts on http://127.0.0.1:${port} …\n`);
	// Records and hashes of tokens are in it: nobody else on this machine reads them.
	await mkdir(state, { recursive: true });
	await chmod(state, 0o700);
	// The package's own bin does not pass signals on; this is the program behind it.
	const wrangler = createRequire(import.meta.url).resolve('wrangler');
	const child = spawn(
		process.execPath,
		[
			'--import',
			new URL('./start-token.ts', import.meta.url).href,
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
			'--var',
			`ADMIN_HOST:${ADMIN_HOSTS}`,
			'--var',
			// Whoever tries things out looks at the numbers at once.
			'USAGE_SECONDS:1',
			'--var',
			'WEBHOOKS_TO_LOOPBACK:on',
			...vars.flatMap((text) => ['--var', text]),
			'--show-interactive-dev-session=false',
		],
		{ stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ADMIN_TOKEN: token } },
	);
	const output = createStartOutput((line) => process.stdout.write(`${line}\n`));
	child.stdout.setEncoding('utf8').on('data', (chunk: string) => output.push(chunk));
	child.stdout.on('end', () => output.end());
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
	const ended = new Promise<number>((resolve) => {
		child.on('exit', (code, signal) => resolve(code ?? (signal === null ? 0 : 1)));
	});
	void announceWhenReady(port, token, output, ended);
	return ended;
}

/** Says what to try as soon as the service answers. */
async function announceWhenReady(port: number, token: string, output: StartOutput, ended: Promise<number>): Promise<void> {
	const origin = `http://127.0.0.1:${port}`;
	const send = createSendOwn(origin, token, output);
	let over = false;
	void ended.then(() => {
		over = true;
	});
	while (!over) {
		const up = await send('/robots.txt').then(
			(response) => response.ok,
			// Not listening yet.
			() => false,
		);
		if (up) {
			await seedExampleRecord(send);
			process.stdout.write(renderInstructions(origin, token));
			return;
		}
		await sleep(100);
	}
}

function renderInstructions(origin: string, token: string): string {
	// One that was given is not repeated: it may be a real one.
	const shown = process.env.ADMIN_TOKEN === undefined ? token : '$ADMIN_TOKEN';
	return `
Signpost serves ${EXAMPLE_DOMAIN}. Records stay for the next time; Ctrl-C ends it.

  Console         ${origin}/admin
                  token: ${shown}
  People          ${origin}/setup/${EXAMPLE_DOMAIN}
  Thunderbird     curl '${origin}/mail/config-v1.1.xml?emailaddress=you@${EXAMPLE_DOMAIN}'
  Outlook         curl '${origin}/autodiscover/autodiscover.xml?email=you@${EXAMPLE_DOMAIN}'
  iPhone, Mac     curl '${origin}/mobileconfig?email=you@${EXAMPLE_DOMAIN}'
  DNS to publish  curl ${origin}/zone/${EXAMPLE_DOMAIN}
  API             ${origin}/admin/reference

`;
}

process.exitCode = await main();
