/** Real name servers with one signed zone each, which take updates that are signed with one TSIG key. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { startDaemon } from './name-server-daemon.ts';
import { POWERDNS_API_KEY, type PowerDns, startPowerDns } from './powerdns-daemon.ts';

export interface ZoneServer {
	/** HOST:PORT. */
	readonly dns: string;
	/** The options with which the tool can change the zone. */
	readonly arguments: readonly string[];
	readonly env: Readonly<Record<string, string>>;
	stop(): Promise<void>;
}

export interface ZoneServerKind {
	readonly name: string;
	readonly program: string;
	/** @param zone its name and @param lines its records beside SOA and NS */
	start(zone: string, lines: readonly string[]): Promise<ZoneServer>;
}

const SECRET = randomBytes(32).toString('base64');
export const TSIG_KEY = { name: 'signpost', secret: SECRET, file: `key "signpost" { algorithm hmac-sha256; secret "${SECRET}"; };\n` };

function zoneText(zone: string, lines: readonly string[]): string {
	return `$ORIGIN ${zone}.\n$TTL 3600\n@ IN SOA ns hostmaster 1 3600 900 604800 300\n@ IN NS ns\nns IN A 192.0.2.1\n${lines.join('\n')}\n`;
}

async function prepare(
	zone: string,
	lines: readonly string[],
): Promise<{ readonly folder: string; readonly port: number; readonly dns: string }> {
	const folder = await mkdtemp(join(tmpdir(), 'signpost-zone-'));
	await writeFile(join(folder, 'zone.db'), zoneText(zone, lines));
	await writeFile(join(folder, 'tsig.key'), TSIG_KEY.file);
	const port = await freePort();
	return { folder, port, dns: `127.0.0.1:${port}` };
}

const BIND: ZoneServerKind = {
	name: 'BIND, RFC 2136',
	program: 'named',
	async start(zone, lines) {
		const { folder, port, dns } = await prepare(zone, lines);
		await writeFile(
			join(folder, 'named.conf'),
			`${TSIG_KEY.file}
options { directory "${folder}"; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; }; pid-file none; session-keyfile "${folder}/key"; recursion no; };
controls { };
zone "${zone}" { type primary; file "zone.db"; dnssec-policy default; inline-signing no; allow-update { key signpost; }; };
`,
		);
		const daemon = await startDaemon('named', ['-g', '-c', join(folder, 'named.conf')], 'running');
		return {
			dns,
			arguments: ['--server', dns, '--tsig', join(folder, 'tsig.key')],
			env: {},
			stop: async () => {
				await daemon.stop();
				await rm(folder, { recursive: true });
			},
		};
	},
};

const KNOT: ZoneServerKind = {
	name: 'Knot, RFC 2136',
	program: 'knotd',
	async start(zone, lines) {
		const { folder, port, dns } = await prepare(zone, lines);
		await writeFile(
			join(folder, 'knot.conf'),
			`server:
    rundir: ${folder}
    listen: 127.0.0.1@${port}
log:
  - target: stderr
    any: info
database:
    storage: ${folder}
key:
  - id: signpost
    algorithm: hmac-sha256
    secret: ${SECRET}
acl:
  - id: update
    key: signpost
    action: update
zone:
  - domain: ${zone}
    storage: ${folder}
    file: zone.db
    dnssec-signing: on
    acl: update
`,
		);
		const daemon = await startDaemon('knotd', ['-c', join(folder, 'knot.conf')], 'zone file updated');
		return {
			dns,
			arguments: ['--server', dns],
			env: { SIGNPOST_TSIG: `hmac-sha256:signpost:${SECRET}` },
			stop: async () => {
				await daemon.stop();
				await rm(folder, { recursive: true });
			},
		};
	},
};

/** PowerDNS with one signed zone. */
async function startPowerDnsZone(zone: string, lines: readonly string[]): Promise<PowerDns> {
	const server = await startPowerDns();
	const call = async (method: 'POST' | 'PUT', path: string, body: object) => {
		const [status, complaint] = await server.send(method, path, JSON.stringify(body));
		if (status >= 300) throw new Error(`${method} ${path}: ${status} ${complaint}`);
	};
	await call('POST', '/zones', { name: `${zone}.`, kind: 'Native', dnssec: true, api_rectify: true, zone: zoneText(zone, lines) });
	await call('POST', '/tsigkeys', { name: TSIG_KEY.name, algorithm: 'hmac-sha256', key: SECRET });
	await call('PUT', `/zones/${zone}./metadata/TSIG-ALLOW-DNSUPDATE`, { metadata: [TSIG_KEY.name] });
	await writeFile(join(server.folder, 'tsig.key'), TSIG_KEY.file);
	return server;
}

const POWERDNS_UPDATE: ZoneServerKind = {
	name: 'PowerDNS, RFC 2136',
	program: 'pdns_server',
	async start(zone, lines) {
		const { dns, folder, stop } = await startPowerDnsZone(zone, lines);
		return { dns, arguments: ['--server', dns, '--tsig', join(folder, 'tsig.key')], env: {}, stop };
	},
};

const POWERDNS_API: ZoneServerKind = {
	name: 'PowerDNS, HTTP API',
	program: 'pdns_server',
	async start(zone, lines) {
		const { dns, url, stop } = await startPowerDnsZone(zone, lines);
		return { dns, arguments: ['--via', 'powerdns', '--server', url], env: { SIGNPOST_POWERDNS_KEY: POWERDNS_API_KEY }, stop };
	},
};

/** The kinds of servers that are installed on this machine. */
export const ZONE_SERVERS: readonly ZoneServerKind[] = [BIND, KNOT, POWERDNS_UPDATE, POWERDNS_API].filter(({ name, program }) => {
	const isHere = spawnSync(program, ['--version']).error === undefined;
	if (!isHere) process.stdout.write(`skipped: ${name}: ${program} is not on this machine\n`);
	return isHere;
});
