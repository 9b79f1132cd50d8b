/** Real stunnel, nginx and haproxy that take TLS off for a mail server, with the settings of a test. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../support/free-port.ts';
import { type RunningServer, startProgram } from './lab-server.ts';

export interface ProxyOptions {
	/** For its configuration. */
	readonly folder: string;
	/** Of the mail server without TLS behind it. */
	readonly smtpPort: number;
	/** The certificate among them. */
	readonly settings: readonly string[];
}

/** @param settings lines of its service */
export async function startStunnel({ folder, smtpPort, settings }: ProxyOptions): Promise<RunningServer> {
	const port = await freePort();
	const file = join(folder, `stunnel-${port}.conf`);
	const common = ['foreground = yes', 'pid =', 'socket = l:SO_REUSEADDR=1', '[smtps]'];
	writeFileSync(file, [...common, `accept = 127.0.0.1:${port}`, `connect = 127.0.0.1:${smtpPort}`, ...settings, ''].join('\n'));
	return { address: '127.0.0.1', port, stop: await startProgram('stunnel', [file], port) };
}

/** @param settings words of its `bind` line */
export async function startHaproxy({ folder, smtpPort, settings }: ProxyOptions): Promise<RunningServer> {
	const port = await freePort();
	const file = join(folder, `haproxy-${port}.cfg`);
	const lines = [
		'global',
		'  maxconn 100',
		'  tune.ssl.default-dh-param 2048',
		'defaults',
		'  mode tcp',
		'  timeout connect 5s',
		'  timeout client 60s',
		'  timeout server 60s',
		'listen smtps',
		`  bind 127.0.0.1:${port} ssl ${settings.join(' ')}`,
		`  server smtp 127.0.0.1:${smtpPort}`,
	];
	writeFileSync(file, `${lines.join('\n')}\n`);
	return { address: '127.0.0.1', port, stop: await startProgram('haproxy', ['-db', '-f', file], port) };
}

/** @param settings directives of its `server` block */
export async function startNginx({ folder, smtpPort, settings }: ProxyOptions): Promise<RunningServer> {
	const port = await freePort();
	const file = join(folder, `nginx-${port}.conf`);
	writeFileSync(
		file,
		`load_module /usr/lib/nginx/modules/ngx_stream_module.so;
daemon off;
master_process off;
pid ${file}.pid;
error_log stderr;
events {}
stream {
  server {
    listen 127.0.0.1:${port} ssl;
    ${settings.map((line) => `${line};`).join('\n    ')}
    proxy_pass 127.0.0.1:${smtpPort};
  }
}
`,
	);
	return { address: '127.0.0.1', port, stop: await startProgram('nginx', ['-e', 'stderr', '-c', file], port) };
}
