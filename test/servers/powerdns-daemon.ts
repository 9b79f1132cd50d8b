/** A real PowerDNS with an empty LMDB database and its HTTP API, which takes signed updates too. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { startDaemon } from './name-server-daemon.ts';

/** The key that its HTTP API asks for. */
export const POWERDNS_API_KEY = 'test';

export interface PowerDns {
	/** HOST:PORT of its name server. */
	readonly dns: string;
	/** Where its HTTP API is, without a path. */
	readonly url: string;
	/** A folder for the files of the test; it goes when the server ends. */
	readonly folder: string;
	/** Sends JSON to the API, and returns the status and, for an error, the text of the answer. */
	send(method: 'POST' | 'PUT' | 'PATCH', path: string, body: string): Promise<readonly [status: number, complaint: string]>;
	stop(): Promise<void>;
}

export async function startPowerDns(): Promise<PowerDns> {
	const folder = await mkdtemp(join(tmpdir(), 'signpost-pdns-'));
	const [port, web] = [await freePort(), await freePort()];
	const settings = {
		launch: 'lmdb',
		'lmdb-filename': join(folder, 'zones.lmdb'),
		'local-address': '127.0.0.1',
		'local-port': port,
		webserver: 'yes',
		'webserver-address': '127.0.0.1',
		'webserver-port': web,
		api: 'yes',
		'api-key': POWERDNS_API_KEY,
		'socket-dir': folder,
		daemon: 'no',
		guardian: 'no',
		dnsupdate: 'yes',
		'allow-dnsupdate-from': '127.0.0.0/8',
		// An empty suffix keeps it from asking the network whether it is out of date.
		'security-poll-suffix': '',
		// Without caches it answers with what has just been changed.
		'cache-ttl': 0,
		'query-cache-ttl': 0,
		'negquery-cache-ttl': 0,
		'zone-cache-refresh-interval': 0,
		'zone-metadata-cache-ttl': 0,
	};
	const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
	await writeFile(join(folder, 'pdns.conf'), lines.join(''));
	const daemon = await startDaemon('pdns_server', [`--config-dir=${folder}`], 'ready to distribute');
	const url = `http://127.0.0.1:${web}`;
	return {
		dns: `127.0.0.1:${port}`,
		url,
		folder,
		async send(method, path, body) {
			const headers = { 'X-API-Key': POWERDNS_API_KEY, 'Content-Type': 'application/json' };
			const response = await fetch(`${url}/api/v1/servers/localhost${path}`, { method, body, headers });
			return [response.status, response.status < 300 ? '' : await response.text()];
		},
		async stop() {
			await daemon.stop();
			await rm(folder, { recursive: true });
		},
	};
}
