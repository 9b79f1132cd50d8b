/**
 * The mail server of the world: Postfix takes mail on 465 and 587, Dovecot gives it back over IMAP and POP3, both from the Debian tree that the
 * clients are in. What is sent to an address of one of the records is delivered to its mailbox.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientAuthority } from './client-authority.ts';
import { type ClientRecord, LOCAL_PART_DOMAIN, MAIL_HOSTS, servedDomain } from './client-records.ts';

/** The password of every mailbox. */
export const PASSWORD = 'sesame-1234';

export interface MailServer {
	/** The lines of Dovecot's log: who logged in to read mail, on which port, with TLS or without. */
	logins(): readonly string[];
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

/** TLS is required on both ports, and so is a login: as docs/465-or-587.md has it. */
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
submissions inet n - n - - smtpd -o smtpd_tls_wrappermode=yes -o smtpd_sasl_auth_enable=yes
submission inet n - n - - smtpd -o smtpd_tls_security_level=encrypt -o smtpd_sasl_auth_enable=yes
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

/** The users of every domain: one who is set up by the client, and one who reads what the first has sent. */
const USERS = ['alice', 'bob'] as const;

/** The mailboxes, as a table of Postfix. A mailbox is called like the login: the address, or where the record says so the part before the @. */
function mailboxTable(domains: readonly string[]): string {
	const lines = domains.flatMap((domain) =>
		USERS.map((user) => `${user}@${domain} ${domain === LOCAL_PART_DOMAIN ? user : `${user}@${domain}`}/Maildir/`),
	);
	return `${lines.join('\n')}\n`;
}

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
	writeFileSync(join(tree, 'rig-dovecot.log'), '');
	mkdirSync(join(tree, 'rig-mail'), { recursive: true });
	spawnSync('chroot', [tree, 'sh', '-c', 'chown -R vmail /rig-mail; chmod 666 /rig-dovecot.log']);
	const vmail = spawnSync('chroot', [tree, 'id', '--user', 'vmail'], { encoding: 'utf8' }).stdout.trim();
	const domains = [...new Set(records.map(servedDomain))];
	writeFileSync(join(tree, 'etc/postfix/main.cf'), POSTFIX(address, domains, vmail));
	writeFileSync(join(tree, 'etc/postfix/master.cf'), POSTFIX_SERVICES);
	writeFileSync(join(tree, 'etc/postfix/rig-mailboxes'), mailboxTable(domains));
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
			throw new Error(`nothing listens on ${port}: ${readLog(tree, 'rig-dovecot.log')}\n${readLog(tree, 'var/log/rig-postfix.log')}`);
		}
	return { logins: () => readFileSync(join(tree, 'rig-dovecot.log'), 'utf8').split('\n'), stop };
}

function readLog(tree: string, file: string): string {
	try {
		return readFileSync(join(tree, file), 'utf8').slice(-2000);
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
