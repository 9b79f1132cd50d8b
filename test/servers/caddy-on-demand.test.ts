/**
 * A real Caddy that gets certificates on demand, from its internal authority, and asks the running service before each: the lines of
 * docs/hosters.md as they stand there.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDocPages } from '../support/doc-pages.ts';
import { freePort } from '../support/free-port.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { type StartedService, spawnService } from '../support/start-service.ts';

const hasCaddy = spawnSync('caddy', ['version']).error === undefined;
if (!hasCaddy) process.stdout.write('skipped: Caddy (Debian: caddy) is not on this machine\n');

describe.skipIf(!hasCaddy)('Caddy', () => {
	let folder: string;
	let service: StartedService;
	let caddy: ServerProcess | undefined;
	let port: number;

	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'signpost-caddy-'));
		service = await spawnService(join(folder, 'state'));
		port = await freePort();
		const documented = readDocPages()
			.find(({ file }) => file === 'docs/hosters.md')
			?.blocks.find(({ language }) => language === 'caddy')?.text;
		if (documented === undefined) throw new Error('docs/hosters.md has no lines for Caddy');
		const here = documented
			.replaceAll('http://127.0.0.1:8787', `http://127.0.0.1:${service.port}`)
			.replace('https:// {', `https://:${port} {\n\tbind 127.0.0.1`)
			.replace('on_demand\n', 'on_demand\n\t\tissuer internal\n')
			.replace(
				'{\n',
				`{\n\tadmin off\n\thttp_port ${await freePort()}\n\thttps_port ${port}\n\tskip_install_trust\n\tauto_https disable_redirects\n`,
			);
		await writeFile(join(folder, 'Caddyfile'), here);
		caddy = startServerProcess('caddy', ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'], {
			env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
		});
		await caddy.waitUntil(async () => (await handshake('autoconfig.example.com')) !== 'nobody listens');
	});

	afterAll(async () => {
		await caddy?.stop();
		await service?.stop();
		await rm(folder, { recursive: true, force: true });
	});

	/** The names of the certificate that Caddy shows for a name, or why there is none. */
	function handshake(name: string): Promise<string> {
		return new Promise((resolve) => {
			const socket = connect({ host: '127.0.0.1', port, servername: name, rejectUnauthorized: false });
			socket.on('secureConnect', () => {
				resolve(socket.getPeerCertificate().subjectaltname ?? '');
				socket.destroy();
			});
			socket.on('error', (error) => resolve('code' in error && error.code === 'ECONNREFUSED' ? 'nobody listens' : 'no certificate'));
		});
	}

	it('gets a certificate for the service’s names of a recorded domain, and the client its answer', async () => {
		expect(await handshake('autoconfig.example.com')).toBe('DNS:autoconfig.example.com');
		expect(await handshake('autodiscover.example.com')).toBe('DNS:autodiscover.example.com');
	});

	it.each(['autoconfig.example.org', 'www.example.com', 'example.com', 'autoconfig.autoconfig.example.com'])(
		'gets none for %s',
		async (name) => {
			expect(await handshake(name)).toBe('no certificate');
		},
	);

	it('passes the request on as it was asked', () => {
		const url = 'https://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=you@example.com';
		const curl = spawnSync(
			'curl',
			['-sk', '--connect-to', `::127.0.0.1:${port}`, '--max-time', '20', url.replace('.com/', `.com:${port}/`)],
			{
				encoding: 'utf8',
			},
		);
		expect(curl.stdout).toContain('<hostname>imap.example.com</hostname>');
	});
});
