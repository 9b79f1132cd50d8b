/** A real Dovecot 2.4 with IMAP over implicit TLS on a port of a loopback address, run from a tree of Debian 13 that stays as it is. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isListening, startServerProcess } from '../support/server-process.ts';

export interface Dovecot24Options {
	/** The tree of Debian 13, in which `folder` is IN_TREE. */
	readonly tree: string;
	/** For files of the test, such as certificates. */
	readonly folder: string;
	/** The part of `folder` for the configuration and what Dovecot writes. */
	readonly name: string;
	readonly address: string;
	readonly port: number;
	readonly password: string;
	/** Further lines of the configuration, the certificate among them. */
	readonly settings: readonly string[];
}

/** User and group `mail`, which have this number in every Debian. */
const MAIL_ID = 8;

/** Where the folder of the test is, as Dovecot sees it. */
export const IN_TREE = '/mnt';

/** What is mounted is there for this process and those that it starts alone. */
const START = `set -e
mount --bind "$2" "$1${IN_TREE}"; mount -t proc proc "$1/proc"; mount --bind /dev "$1/dev"
exec chroot "$1" dovecot -F -c "$3/dovecot.conf"`;

/**
 * @returns what ends it
 * @throws why it does not start
 */
export async function startDovecot24(options: Dovecot24Options): Promise<() => Promise<void>> {
	const { tree, folder, name, address, port, password, settings } = options;
	const own = `${IN_TREE}/${name}`;
	mkdirSync(join(folder, name), { recursive: true });
	writeFileSync(
		join(folder, name, 'dovecot.conf'),
		`dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
protocols = imap
base_dir = ${own}/run
state_dir = ${own}/state
log_path = /dev/stderr
listen = ${address}
ssl = required
first_valid_uid = 1
mail_driver = maildir
mail_path = ${own}/mail
passdb static {
  password = ${password}
}
userdb static {
  fields {
    uid = ${MAIL_ID}
    gid = ${MAIL_ID}
    home = ${own}/mail
  }
}
service imap-login {
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = ${port}
  }
}
${settings.join('\n')}
`,
	);
	const namespaces = ['--mount', '--pid', '--fork', '--kill-child'];
	const server = startServerProcess('unshare', [...namespaces, 'bash', '-c', START, 'bash', tree, folder, own], { signal: 'SIGKILL' });
	await server.waitUntil(() => isListening(port, address));
	return server.stop;
}
