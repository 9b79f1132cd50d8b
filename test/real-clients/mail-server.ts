/**
 * The mail server of the world: Postfix takes mail on 465 and 587, Dovecot gives it back over IMAP and POP3, both from the Debian tree that the
 * clients are in. What is sent to an address of one of the records is delivered to its mailbox.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientAuthority } from './client-authority.ts';
import { type ClientRecord, MAIL_HOSTS, mailboxName, servedDomain } from './client-records.ts';

/** The password of every mailbox. */
export const PASSWORD = 'sesame-1234';

/** How a server was spoken to, by its own log. */
export interface ServedConnection {
	readonly port: number;
	readonly security: 'tls' | 'starttls' | 'plain';
	/** The name that was logged in with. */
	readonly login: string;
}

export interface MailServer {
	/** Delivers a message into a mailbox, as if somebody had sent it. */
	deliver(mailbox: string, subject: string): void;
	/** How Postfix took, by its log, the message which has reached this mailbox and holds this word; null where there is none. */
	submission(mailbox: string, word: string): ServedConnection | null;
	/** The logins to read mail, by Dovecot's log, in order. */
	logins(): readonly ServedConnection[];
	stop(): Promise<void>;
}

const DOVECOT = (address: string) => `
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
protocols = imap pop3
base_dir = /run/dovecot-signpost
log_path = /rig-dovecot.log
login_log_format_elements = user=<%{user}> method=%{mechanism} lport=%{local_port} %{secured}
listen = ${address}
ssl = required
ssl_server_cert_file = /rig-mail.pem
ssl_server_key_file = /rig-mail.key
auth_mechanisms = plain login
# Logins may have letters beyond ASCII: every character is allowed.
auth_username_chars =
passdb static {
  password = ${PASSWORD}
}
userdb static {
  fields {
    uid = vmail
    gid = vmail
    home = /rig-mail/%{user}
  }
}
mail_driver = maildir
mail_path = ~/Maildir
namespace inbox {
  inbox = yes
  # KMail lists subscribed mailboxes alone.
  mailbox INBOX {
    auto = subscribe
  }
  mailbox Sent {
    auto = subscribe
    special_use = \\Sent
  }
}
service auth {
  unix_listener postfix {
    mode = 0666
  }
}
service imap-login {
  inet_listener imap {
    port = 143
  }
  inet_listener imaps {
    port = 993
    ssl = yes
  }
}
service pop3-login {
  inet_listener pop3 {
    port = 110
  }
  inet_listener pop3s {
    port = 995
    ssl = yes
  }
}
`;

/**
 * TLS is required on both ports, and so is a login: as docs/465-or-587.md has it. The two services write their own names into the log, so that
 * it says for each message over which port it came.
 */
const POSTFIX = (address: string, domains: readonly string[], vmail: string) => `
compatibility_level = 3.9
maillog_file = /var/log/rig-postfix.log
myhostname = mail.example.com
mydestination =
mynetworks =
inet_interfaces = ${address}
inet_protocols = ipv4
smtpd_peername_lookup = no
smtpd_tls_cert_file = /rig-mail.pem
smtpd_tls_key_file = /rig-mail.key
smtpd_sasl_type = dovecot
smtpd_sasl_path = /run/dovecot-signpost/postfix
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtputf8_enable = no
default_transport = discard
virtual_mailbox_domains = ${domains.join(', ')}
virtual_mailbox_base = /rig-mail
virtual_mailbox_maps = texthash:/etc/postfix/rig-mailboxes
virtual_minimum_uid = 1
virtual_uid_maps = static:${vmail}
virtual_gid_maps = static:${vmail}
`;

const POSTFIX_SERVICES = `
submissions inet n - n - - smtpd -o syslog_name=postfix/submissions -o smtpd_tls_wrappermode=yes -o smtpd_sasl_auth_enable=yes
submission inet n - n - - smtpd -o syslog_name=postfix/submission -o smtpd_tls_security_level=encrypt -o smtpd_sasl_auth_enable=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`;

/** The users of every domain: one whom the client is set up for, and one whom it writes to. */
const USERS = ['alice', 'bob'] as const;

/** The mailboxes, as a table of Postfix. */
function mailboxTable(records: readonly ClientRecord[]): string {
	const lines = records.flatMap((record) => USERS.map((user) => `${user}@${servedDomain(record)} ${mailboxName(record, user)}/Maildir/`));
	return `${[...new Set(lines)].join('\n')}\n`;
}

const DOVECOT_LOG = 'rig-dovecot.log';
const POSTFIX_LOG = 'var/log/rig-postfix.log';
const MAILBOXES = 'rig-mail';

export async function startMailServer(
	address: string,
	tree: string,
	authority: ClientAuthority,
	records: readonly ClientRecord[],
): Promise<MailServer> {
	const { cert, key } = await authority.leaf(MAIL_HOSTS);
	writeFileSync(join(tree, 'rig-mail.pem'), cert);
	writeFileSync(join(tree, 'rig-mail.key'), key);
	writeFileSync(join(tree, 'rig-dovecot.conf'), DOVECOT(address));
	for (const log of [DOVECOT_LOG, POSTFIX_LOG]) writeFileSync(join(tree, log), '');
	// Left behind by a run that was ended from outside, its process number may be another program's by now: Dovecot would not start.
	rmSync(join(tree, 'run/dovecot-signpost/master.pid'), { force: true });
	rmSync(join(tree, MAILBOXES), { recursive: true, force: true });
	mkdirSync(join(tree, MAILBOXES));
	spawnSync('chroot', [tree, 'sh', '-c', 'chown -R vmail /rig-mail; chmod 666 /rig-dovecot.log']);
	const vmail = spawnSync('chroot', [tree, 'id', '--user', 'vmail'], { encoding: 'utf8' }).stdout.trim();
	const domains = [...new Set(records.map(servedDomain))];
	writeFileSync(join(tree, 'etc/postfix/main.cf'), POSTFIX(address, domains, vmail));
	writeFileSync(join(tree, 'etc/postfix/master.cf'), POSTFIX_SERVICES);
	writeFileSync(join(tree, 'etc/postfix/rig-mailboxes'), mailboxTable(records));
	const dovecot = spawn('chroot', [tree, '/usr/sbin/dovecot', '-F', '-c', '/rig-dovecot.conf'], { stdio: ['ignore', 'ignore', 'pipe'] });
	const postfix = spawn('chroot', [tree, '/usr/sbin/postfix', 'start-fg'], { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
	const stop = async () => {
		dovecot.kill();
		await new Promise((resolve) => spawn('chroot', [tree, '/usr/sbin/postfix', 'stop'], { stdio: 'ignore' }).on('close', resolve));
	};
	for (const [program, port] of [
		[dovecot, 993],
		[postfix, 465],
		[postfix, 587],
	] as const)
		if (!(await startsListening(program, address, port))) {
			await stop();
			throw new Error(`nothing listens on ${port}: ${readLog(tree, DOVECOT_LOG).slice(-2000)}\n${readLog(tree, POSTFIX_LOG).slice(-2000)}`);
		}
	let delivered = 0;
	return {
		deliver(mailbox, subject) {
			delivered += 1;
			deliverMessage(join(tree, MAILBOXES, mailbox, 'Maildir'), Number(vmail), `${delivered}.signpost`, subject);
		},
		submission: (mailbox, word) => findSubmission(join(tree, MAILBOXES, mailbox, 'Maildir'), word, readLog(tree, POSTFIX_LOG)),
		logins: () => readLog(tree, DOVECOT_LOG).split('\n').flatMap(parseLogin),
		stop,
	};
}

/** Maildir's own way: written in `tmp`, moved to `new`. */
function deliverMessage(maildir: string, owner: number, name: string, subject: string): void {
	const folders = ['tmp', 'new', 'cur'].map((folder) => join(maildir, folder));
	for (const folder of [dirname(maildir), maildir, ...folders]) {
		mkdirSync(folder, { recursive: true });
		chownSync(folder, owner, owner);
	}
	const message = [
		'From: Bob Example <bob@example.com>',
		'To: alice@example.com',
		`Subject: ${subject}`,
		`Date: ${new Date().toUTCString()}`,
		`Message-ID: <${name}.${Date.now()}@example.com>`,
		'MIME-Version: 1.0',
		'Content-Type: text/plain; charset=utf-8',
		'',
		'A message to be read.',
		'',
	].join('\r\n');
	writeFileSync(join(maildir, 'tmp', name), message);
	chownSync(join(maildir, 'tmp', name), owner, owner);
	renameSync(join(maildir, 'tmp', name), join(maildir, 'new', name));
}

/** Postfix writes its number for a message into the message (`Received:`), and into the log beside the service and the login. */
function findSubmission(maildir: string, word: string, log: string): ServedConnection | null {
	const message = ['new', 'cur']
		.flatMap((folder) => listFolder(join(maildir, folder)))
		.map((file) => readFileSync(file, 'utf8'))
		.find((text) => text.includes(word));
	if (message === undefined) return null;
	const id = /\(Postfix\) with E?SMTPS?A? id ([0-9A-Za-z]+)/.exec(message)?.[1];
	const line = new RegExp(`postfix/(submissions?)/smtpd\\[\\d+\\]: ${id}: client=.*sasl_username=(.*)$`, 'm').exec(log);
	// Without its line in the log, nothing is known of the message; the log may be written a moment later.
	if (line === null) return null;
	const [, service, login = ''] = line;
	return service === 'submissions' ? { port: 465, security: 'tls', login } : { port: 587, security: 'starttls', login };
}

function listFolder(folder: string): readonly string[] {
	try {
		return readdirSync(folder).map((name) => join(folder, name));
	} catch {
		// Nothing was ever delivered here.
		return [];
	}
}

const IMPLICIT_TLS_PORTS: readonly number[] = [993, 995];

/** `imap-login: Info: Logged in: user=<alice@example.com>, method=PLAIN, lport=993, TLS` */
function parseLogin(line: string): readonly ServedConnection[] {
	const [, login = '', digits = '', secured = ''] = /-login: Info: Logged in: user=<([^>]*)>,.* lport=(\d+)(, TLS)?/.exec(line) ?? [];
	if (digits === '') return [];
	const port = Number(digits);
	return [{ login, port, security: IMPLICIT_TLS_PORTS.includes(port) ? 'tls' : secured !== '' ? 'starttls' : 'plain' }];
}

function readLog(tree: string, file: string): string {
	try {
		return readFileSync(join(tree, file), 'utf8');
	} catch {
		return `no ${file}`;
	}
}

/** Waits for a program to listen on a port; false where it ends before, or takes longer than a minute. */
async function startsListening(program: ChildProcess, address: string, port: number): Promise<boolean> {
	for (let tries = 0; tries < 300; tries += 1) {
		if (await isListening(address, port)) return true;
		if (program.exitCode !== null) return false;
		await sleep(200);
	}
	return false;
}

function isListening(host: string, port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(port, host, () => {
			socket.destroy();
			resolve(true);
		});
		socket.on('error', () => resolve(false));
	});
}
