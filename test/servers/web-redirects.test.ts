/**
 * The lines of docs/deploy-cloudflare.md for the web server of a bare domain, as they stand there, in a real nginx, Apache and Caddy, in front of
 * a website that answers every path with a page.
 */
import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDocPages } from '../support/doc-pages.ts';
import { freePort } from '../support/free-port.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';

const PAGE = readDocPages().find(({ file }) => file === 'docs/deploy-cloudflare.md');

function documentedLines(language: string): string {
	const text = PAGE?.blocks.find((block) => block.language === language)?.text;
	if (text === undefined) throw new Error(`docs/deploy-cloudflare.md has no lines for ${language}`);
	return text;
}

interface WebServer {
	readonly program: string;
	readonly language: string;
	/** The whole configuration, around the documented lines. */
	readonly config: (lines: string, port: number, folder: string) => string;
	readonly args: (config: string, folder: string) => readonly string[];
}

const SERVERS: readonly WebServer[] = [
	{
		program: 'nginx',
		language: 'nginx',
		config: (lines, port, folder) => `daemon off; pid ${folder}/pid; error_log stderr;
events { }
http {
	access_log off;
	${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
	server { listen 127.0.0.1:${port}; location / { return 200 page; }
${lines}
	}
}
`,
		args: (config, folder) => ['-p', folder, '-c', config, '-e', 'stderr'],
	},
	{
		program: 'apache2',
		language: 'apache',
		config: (lines, port, folder) => `ServerRoot ${folder}
ServerName example.org
User www-data
Group www-data
Listen 127.0.0.1:${port}
PidFile ${folder}/pid
ErrorLog ${folder}/log
Mutex file:${folder}
${['mpm_event', 'authz_core', 'alias'].map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
<Directory ${folder}>
	Require all granted
</Directory>
<VirtualHost *:${port}>
AliasMatch "^/.*" "${folder}/page"
${lines}
</VirtualHost>
`,
		args: (config) => ['-f', config, '-DFOREGROUND'],
	},
	{
		program: 'caddy',
		language: 'caddy',
		config: (lines, port) => `{
	admin off
	auto_https off
}
http://:${port} {
	bind 127.0.0.1
${lines}
	handle {
		respond page 200
	}
}
`,
		args: (config) => ['run', '--config', config, '--adapter', 'caddyfile'],
	},
];

/** What a client asks, and what it is told. */
const ANSWERS: readonly (readonly [method: string, path: string, status: number, location: string | undefined])[] = [
	[
		'GET',
		'/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=you%40example.org',
		302,
		'https://autoconfig.example.org/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=you%40example.org',
	],
	['GET', '/.well-known/mail-v1.xml', 302, 'https://autoconfig.example.org/.well-known/mail-v1.xml'],
	['PROPFIND', '/.well-known/caldav', 307, 'https://dav.example.org/'],
	['GET', '/.well-known/carddav', 307, 'https://dav.example.org/'],
	['POST', '/autodiscover/autodiscover.xml', 404, undefined],
	['POST', '/Autodiscover/Autodiscover.xml', 404, undefined],
	['GET', '/AutoDiscover/AutoDiscover.json', 404, undefined],
	['GET', '/', 200, undefined],
	['GET', '/about', 200, undefined],
];

describe.each(SERVERS.map((server) => [server.program, server] as const))('%s', (program, { language, config, args }) => {
	const isHere = spawnSync(program, ['-v']).error === undefined;
	if (!isHere) process.stdout.write(`skipped: ${program} (Debian's package) is not on this machine\n`);

	describe.skipIf(!isHere)('with the documented lines', () => {
		let folder: string;
		let port: number;
		let server: ServerProcess | undefined;

		beforeAll(async () => {
			folder = await mkdtemp(join(tmpdir(), `signpost-${program}-`));
			// Apache serves as a user of its own.
			await chmod(folder, 0o755);
			port = await freePort();
			const file = join(folder, 'config');
			await writeFile(file, config(documentedLines(language), port, folder));
			await writeFile(join(folder, 'page'), 'page');
			server = startServerProcess(program, args(file, folder), { env: { ...process.env, HOME: folder } });
			await server.waitUntil(async () => (await ask('GET', '/', port)) !== null);
		});

		afterAll(async () => {
			await server?.stop();
			await rm(folder, { recursive: true });
		});

		it.each(ANSWERS)('%s %s: %i', async (method, path, status, location) => {
			expect(await ask(method, path, port)).toEqual({ status, location });
		});
	});
});

/** Null where nobody listens. */
function ask(
	method: string,
	path: string,
	port: number,
): Promise<{ readonly status: number | undefined; readonly location: string | undefined } | null> {
	return new Promise((resolve) => {
		const asked = request({ host: '127.0.0.1', port, method, path, headers: { Host: 'example.org' } }, (response) => {
			response.resume();
			resolve({ status: response.statusCode, location: response.headers.location });
		});
		asked.on('error', () => resolve(null));
		asked.end();
	});
}
