/** A real Cyrus with IMAP over implicit TLS on a port of a loopback address, run from Debian's unpacked packages, which conflict with Dovecot's. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isListening, startServerProcess } from '../support/server-process.ts';
import { unpackPackage } from './debian-packages.ts';

export interface CyrusOptions {
	/** For its configuration and its mail; its packages are in `root`. */
	readonly folder: string;
	readonly address: string;
	readonly port: number;
	/** Further lines of imapd.conf, the certificate among them. */
	readonly settings: readonly string[];
}

/** Unpacks the packages. @returns why it could not; null where it did */
export const unpackCyrus = (folder: string): string | null => unpackPackage(folder, 'cyrus-imapd', 'usr/lib/cyrus/bin/imapd');

/** The user that Cyrus becomes: every Debian has it, and Debian's own one for Cyrus comes with the installed package only. */
const USER = 'mail';

/** Cyrus makes none of these itself (mkimap(8) does). */
const FOLDERS = ['conf', 'conf/db', 'conf/lock', 'conf/log', 'conf/proc', 'conf/quota', 'conf/socket', 'conf/user', 'spool'] as const;

/** The shell stays the first process of the namespace, with which Cyrus's own processes end. */
const START = `chown -R ${USER}:${USER} "$1/conf" "$1/spool"
export LD_LIBRARY_PATH="$(echo "$1"/root/usr/lib/*-linux-gnu):$(echo "$1"/root/lib/*-linux-gnu)"
[ ! -e "$1"/root/usr/lib/*-linux-gnu/sasl2 ] || export SASL_PATH="$(echo "$1"/root/usr/lib/*-linux-gnu/sasl2)"
"$1/root/usr/sbin/cyrmaster" -D -C "$1/imapd.conf" -M "$1/cyrus.conf" -p "$1/pid" &
wait`;

/**
 * @returns what ends it
 * @throws why it does not start
 */
export async function startCyrus({ folder, address, port, settings }: CyrusOptions): Promise<() => Promise<void>> {
	for (const name of FOLDERS) mkdirSync(join(folder, name), { recursive: true });
	const imapd = join(folder, 'imapd.conf');
	const lines = [
		`configdirectory: ${folder}/conf`,
		'defaultpartition: default',
		`partition-default: ${folder}/spool`,
		'servername: mail.example.com',
		`cyrus_user: ${USER}`,
		'sasl_pwcheck_method: auxprop',
		'sasl_mech_list: PLAIN',
		'allowplaintext: no',
		...settings,
	];
	writeFileSync(imapd, `${lines.join('\n')}\n`);
	const command = `${folder}/root/usr/lib/cyrus/bin/imapd -s -C ${imapd}`;
	writeFileSync(join(folder, 'cyrus.conf'), `SERVICES {\n  imaps cmd="${command}" listen="${address}:${port}" prefork=0\n}\n`);
	const namespaces = ['--mount', '--pid', '--fork', '--kill-child'];
	const server = startServerProcess('unshare', [...namespaces, 'bash', '-c', START, 'bash', folder], { signal: 'SIGKILL' });
	await server.waitUntil(() => isListening(port, address));
	return server.stop;
}
