/**
 * A real Exim with submission on two ports of a loopback address, run from Debian's unpacked packages: they cannot be installed beside
 * Postfix's.
 */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isListening, startServerProcess } from '../support/server-process.ts';
import type { KeyPair } from '../support/test-authority.ts';
import { unpackPackage } from './debian-packages.ts';

export interface EximLab {
	readonly folder: string;
	/** The main log so far. */
	log(): string;
	stop(): Promise<void>;
}

export interface EximOptions {
	readonly pair: KeyPair;
	readonly address: string;
	/** The ports: implicit TLS on the first, STARTTLS on the second. */
	readonly ports: readonly [implicit: number, starttls: number];
	/** log_selector, such as "+incoming_interface +incoming_port". */
	readonly logSelector: string;
	readonly password: string;
	/** Further lines of the main section. */
	readonly settings?: readonly string[];
}

/** Unpacks the packages. @returns why it could not; null where it did */
export const unpackExim = (folder: string): string | null => unpackPackage(folder, 'exim4-daemon-light', 'usr/sbin/exim4');

/**
 * Exim looks its user up by name: in a namespace of its own there is one. The shell stays its first process, with which all others end:
 * Exim changes its user, and with that forgets to end with its parent.
 */
const START = `set -e
cp /etc/passwd "$1/passwd"; cp /etc/group "$1/group"
grep -q '^Debian-exim:' "$1/passwd" || { echo 'Debian-exim:x:8:8::/:/bin/false' >>"$1/passwd"; echo 'Debian-exim:x:8:' >>"$1/group"; }
mount --bind "$1/passwd" /etc/passwd; mount --bind "$1/group" /etc/group
chown -R Debian-exim:Debian-exim "$1/spool" "$1/log"
LD_LIBRARY_PATH="$(echo "$1"/root/usr/lib/*-linux-gnu)" "$1/root/usr/sbin/exim4" -C "$1/exim.conf" -bdf -oP "$1/pid" &
wait`;

/** @throws why it does not start */
export async function startExim(folder: string, options: EximOptions): Promise<EximLab> {
	const { pair, address, ports, logSelector, password, settings = [] } = options;
	for (const name of ['spool', 'log']) {
		rmSync(join(folder, name), { recursive: true, force: true });
		mkdirSync(join(folder, name));
	}
	writeFileSync(join(folder, 'key.pem'), pair.key);
	writeFileSync(join(folder, 'cert.pem'), pair.cert);
	writeFileSync(
		join(folder, 'exim.conf'),
		`primary_hostname = mail.example.com
exim_path = ${folder}/root/usr/sbin/exim4
daemon_smtp_ports = ${ports.join(' : ')}
tls_on_connect_ports = ${ports[0]}
local_interfaces = ${address}
${settings.some((line) => line.startsWith('tls_certificate')) ? '' : `tls_certificate = ${folder}/cert.pem\ntls_privatekey = ${folder}/key.pem`}
tls_advertise_hosts = *
spool_directory = ${folder}/spool
log_file_path = ${folder}/log/%slog
log_selector = ${logSelector}
acl_smtp_rcpt = accept
keep_environment =
host_lookup =
${settings.join('\n')}
begin routers
sink:
  driver = redirect
  data = :blackhole:
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if eq{$auth3}{${password}}}
  server_set_id = $auth2
`,
	);
	const namespaces = ['--mount', '--pid', '--fork', '--kill-child'];
	const server = startServerProcess('unshare', [...namespaces, 'bash', '-c', START, 'bash', folder], { signal: 'SIGKILL' });
	await server.waitUntil(() => isListening(ports[1], address));
	return { folder, log: () => readFileSync(join(folder, 'log/mainlog'), 'utf8'), stop: server.stop };
}

export function makeEximFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'exim-'));
	chmodSync(folder, 0o755);
	return folder;
}
