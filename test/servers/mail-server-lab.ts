/**
 * A real Postfix and a real Dovecot, run from what `signpost postfix` and `signpost dovecot` print, on free ports of a loopback address.
 */
import { spawnSync } from 'node:child_process';
import {
	chmodSync,
	chownSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { runSignpost } from '../support/run-signpost.ts';
import { isListening, type ServerProcess, startServerProcess } from '../support/server-process.ts';
import type { KeyPair } from '../support/test-authority.ts';

export const HOST = 'mail.example.com';
/** An address other than the clients' own, because Dovecot treats a client with its own address as if it had TLS. */
export const ADDRESS = '127.0.0.2';
export const USER = 'alice@example.com';
export const PASSWORD = 'correct-horse';

/** A record with everything that a mail host may offer, fallbacks included. */
export const RECORD = {
	kind: 'domain',
	provider: { name: 'Example Mail' },
	services: {
		imap: { host: HOST, starttls: 143 },
		pop3: { host: HOST, starttls: 110 },
		submission: { host: HOST },
		sieve: { host: HOST },
	},
};

/** The ports of the record. */
export const PORTS = [993, 143, 995, 110, 465, 587, 4190] as const;
type Port = (typeof PORTS)[number];

/** Why the servers cannot be run; null where they can. */
export function skipReason(): string | null {
	if (process.getuid?.() !== 0) return 'not root, which Postfix needs';
	const missing = [
		'/usr/sbin/postfix',
		'/usr/sbin/dovecot',
		'/usr/lib/dovecot/imap',
		'/usr/lib/dovecot/pop3',
		'/usr/lib/dovecot/managesieve',
		'/usr/bin/swaks',
	].filter((file) => !existsSync(file));
	return missing.length === 0 ? null : `${missing.join(', ')} missing (npm run test:servers installs them on Debian)`;
}

/** Changes to what the commands print: one fault at a time. */
export interface ConfigEdits {
	readonly pair?: KeyPair;
	readonly main?: (text: string) => string;
	readonly master?: (text: string) => string;
	readonly dovecot?: (text: string) => string;
}

export interface MailServerLab {
	readonly folder: string;
	readonly record: string;
	/** The real port for each port of the record. */
	readonly ports: Readonly<Record<Port, number>>;
	/** `--connect-to` for the tool. */
	readonly connectTo: string;
	/** Writes the configurations and starts both, or starts them again. */
	readonly start: (edits?: ConfigEdits) => Promise<void>;
	/** The configuration files as they were written last. */
	readonly files: { readonly main: string; readonly master: string; readonly dovecot: string; readonly log: string };
	/** The messages that have arrived. */
	readonly delivered: () => number;
	readonly stop: () => Promise<void>;
}

/** What the tool prints for Postfix and for Dovecot. It is the same for every lab of a test file, of which there may be dozens. */
let printed: Promise<readonly [postfix: string, dovecot: string]> | null = null;

async function printConfigurations(record: string, folder: string): Promise<readonly [postfix: string, dovecot: string]> {
	const print = async (server: 'postfix' | 'dovecot') => (await runSignpost([server, 'example.com', '--record', record], folder)).out;
	return [await print('postfix'), await print('dovecot')];
}

export async function createMailServerLab(good: KeyPair): Promise<MailServerLab> {
	const folder = mkdtempSync(join(tmpdir(), 'sp-'));
	chmodSync(folder, 0o755);
	const record = join(folder, 'example.com.json');
	writeFileSync(record, JSON.stringify(RECORD));
	const ports = Object.fromEntries(await Promise.all(PORTS.map(async (port) => [port, await freePort(ADDRESS)] as const))) as Record<
		Port,
		number
	>;
	for (const name of ['postfix', 'data', 'spool', 'mail', 'run', 'state']) mkdirSync(join(folder, name), { mode: 0o755 });
	const postfixId = Number(spawnSync('id', ['-u', 'postfix'], { encoding: 'utf8' }).stdout);
	chownSync(join(folder, 'data'), postfixId, postfixId);
	chownSync(join(folder, 'mail'), postfixId, postfixId);
	printed ??= printConfigurations(record, folder);
	const [printedPostfix, printedDovecot] = await printed;
	let postfix: ServerProcess | null = null;
	let dovecot: ServerProcess | null = null;
	const files = {
		main: join(folder, 'postfix/main.cf'),
		master: join(folder, 'postfix/master.cf'),
		dovecot: join(folder, 'dovecot.conf'),
		log: join(folder, 'mail.log'),
	};

	async function halt(): Promise<void> {
		const processes = [postfix, dovecot];
		[postfix, dovecot] = [null, null];
		stopPostfix(folder);
		for (const each of processes) await each?.stop();
	}

	async function start({ pair = good, main = unchanged, master = unchanged, dovecot: edit = unchanged }: ConfigEdits = {}): Promise<void> {
		await halt();
		const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
		writeFileSync(key, pair.key, { mode: 0o600 });
		writeFileSync(cert, pair.cert);
		const paths = (text: string) =>
			text.replace(/\/etc\/letsencrypt\/live\/[^/]+\/privkey\.pem/g, key).replace(/\/etc\/letsencrypt\/live\/[^/]+\/fullchain\.pem/g, cert);
		writeFileSync(files.main, main(renderBaseMainCf(folder, postfixId)));
		writeFileSync(files.master, master(standardServices() + onFreePorts(paths(printedPostfix), ports)));
		const socket = paths(printedDovecot).replace('/var/spool/postfix', join(folder, 'spool'));
		writeFileSync(files.dovecot, edit(renderBaseDovecotConf(folder, postfixId, ports) + socket));
		try {
			// In the foreground: `postfix start` gives up where its daemon takes more than a second or two to begin.
			postfix = startServerProcess('postfix', ['-c', join(folder, 'postfix'), 'start-fg'], { startMs: START_MS });
			await postfix.waitUntil(() => isListening(ports[465], ADDRESS));
			dovecot = startServerProcess('dovecot', ['-F', '-c', files.dovecot], { startMs: START_MS });
			await dovecot.waitUntil(() => isListening(ports[993], ADDRESS));
		} catch (error) {
			const logs = [files.log, join(folder, 'dovecot.log')].filter((file) => existsSync(file)).map((file) => readFileSync(file, 'utf8'));
			await halt();
			throw new Error([`the mail servers do not start: ${error instanceof Error ? error.message : String(error)}`, ...logs].join('\n'));
		}
	}

	return {
		folder,
		record,
		ports,
		// The last one gives the host an address for every other port.
		connectTo: [...PORTS.map((port) => `:${port}:${ADDRESS}:${ports[port]}`), `${HOST}::${ADDRESS}:`].join(','),
		start,
		files,
		delivered: () => {
			const inbox = join(folder, 'mail/alice/new');
			return existsSync(inbox) ? readdirSync(inbox).length : 0;
		},
		async stop() {
			await halt();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

const unchanged = (text: string) => text;

/** Milliseconds for a server to listen: several labs may start at once on a busy machine. */
const START_MS = 60_000;

/** Ends the lab's Postfix: its master daemon leads a process group of its own, in which all others are. */
function stopPostfix(folder: string): void {
	const pidFile = join(folder, 'spool/pid/master.pid');
	const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : 0;
	if (pid > 0 && isMasterOf(pid, folder)) process.kill(-pid, 'SIGKILL');
}

/** Whether the process is the master daemon of the lab: the number of one that has ended may be another's by now. */
function isMasterOf(pid: number, folder: string): boolean {
	try {
		return readlinkSync(`/proc/${pid}/cwd`) === join(folder, 'spool');
	} catch {
		return false;
	}
}

/** The configuration that Postfix needs in addition to the printed one: folders, one user, a log of its own. */
const renderBaseMainCf = (folder: string, id: number) => `compatibility_level = 3.6
queue_directory = ${folder}/spool
data_directory = ${folder}/data
maillog_file = ${folder}/mail.log
maillog_file_prefixes = ${folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = ${HOST}
mydestination =
mynetworks =
alias_maps =
disable_dns_lookups = yes
smtpd_tls_auth_only = yes
smtpd_tls_exclude_ciphers = aNULL
smtpd_tls_protocols = >=TLSv1.2
smtpd_peername_lookup = no
virtual_mailbox_domains = example.com
virtual_mailbox_maps = static:alice/
virtual_mailbox_base = ${folder}/mail
virtual_minimum_uid = 1
virtual_uid_maps = static:${id}
virtual_gid_maps = static:${id}
`;

/**
 * The configuration that Dovecot needs in addition to the printed one. It moves the listeners to free ports, which the printed part does
 * not change.
 */
const renderBaseDovecotConf = (folder: string, id: number, ports: Readonly<Record<Port, number>>) => `base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/dovecot.log
listen = ${ADDRESS}
ssl_cert = <${folder}/cert.pem
ssl_key = <${folder}/key.pem
service imap-login {
  inet_listener imap {
    port = ${ports[143]}
  }
  inet_listener imaps {
    port = ${ports[993]}
  }
}
service pop3-login {
  inet_listener pop3 {
    port = ${ports[110]}
  }
  inet_listener pop3s {
    port = ${ports[995]}
  }
}
service managesieve-login {
  inet_listener sieve {
    port = ${ports[4190]}
  }
}
first_valid_uid = 1
mail_location = maildir:${folder}/mail/alice
passdb {
  driver = static
  args = password=${PASSWORD}
}
userdb {
  driver = static
  args = uid=${id} gid=${id} home=${folder}/mail/alice
}
`;

/** Postfix's own services as Debian has them, without port 25 and without chroots. */
function standardServices(): string {
	return readFileSync('/usr/share/postfix/master.cf.dist', 'utf8')
		.replace(/^#.*\n/gm, '')
		.replace(/^smtp +inet .*\n/m, '')
		.replace(/^(\S+ +\S+ +\S+ +\S+ +)y /gm, '$1n ');
}

/** The printed services on the lab's ports. */
function onFreePorts(text: string, ports: Readonly<Record<Port, number>>): string {
	return text
		.replace(/^submissions +inet/m, `${ADDRESS}:${ports[465]} inet`)
		.replace(/^submission +inet/m, `${ADDRESS}:${ports[587]} inet`);
}
