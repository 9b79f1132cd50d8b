/** Real Debian hosts with more services than the record has: the printed configuration adds to theirs and removes nothing. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestAuthority } from '../support/test-authority.ts';
import { createDebianHost, DEBIAN_RELEASES, type DebianHost, type DebianRelease, debianHostSkipReason } from './debian-host.ts';

const skipped = debianHostSkipReason();
if (skipped !== null) process.stdout.write(`skipped: the Debian hosts: ${skipped}\n`);

const HOST = 'mail.example.com';
const USER = 'alice@example.com';
const PASSWORD = 'correct-horse';
/** An address other than the clients' own, because Dovecot treats its own address as secure. */
const ADDRESS = '127.0.0.2';
const OWN_PORTS = [24, 25, 10587] as const;
const RECORD_PORTS = [110, 143, 465, 587, 993, 995, 4190] as const;

/** The host's further configuration: LMTP on a socket and a port, Dovecot's submission service, senders restricted to their logins. */
const SITE_MAIN_CF = `
maillog_file = /var/log/mail.log
smtp_dns_support_level = disabled
smtpd_peername_lookup = no
smtpd_tls_auth_only = yes
smtpd_tls_exclude_ciphers = aNULL
smtpd_sender_login_maps = inline:{${USER}=${USER}, bob@example.com=bob@example.com}
smtpd_sender_restrictions = reject_sender_login_mismatch
smtpd_recipient_restrictions = reject_unlisted_recipient
virtual_mailbox_domains = example.com
virtual_mailbox_maps = inline:{${USER}=yes, bob@example.com=yes}
virtual_transport = lmtp:unix:private/dovecot-lmtp
`;

const SITE_DOVECOT = {
	'2.3': `log_path = /var/log/dovecot.log
mail_location = maildir:/srv/mail/%n
first_valid_uid = 1
auth_mechanisms = plain cram-md5
passdb {
  driver = static
  args = password=${PASSWORD}
}
userdb {
  driver = static
  args = uid=mail gid=mail home=/srv/mail/%n
}
submission_relay_host = 127.0.0.1
`,
	'2.4': `log_path = /var/log/dovecot.log
mail_driver = maildir
mail_path = /srv/mail/%{user|username}
mail_inbox_path =
first_valid_uid = 1
auth_mechanisms {
  plain = yes
  cram-md5 = yes
}
passdb static {
  password = ${PASSWORD}
}
userdb static {
  fields {
    uid = mail
    gid = mail
    home = /srv/mail/%{user|username}
  }
}
submission_relay_host = 127.0.0.1
service submission-login {
  inet_listener submissions {
    port = 0
  }
}
`,
} as const;

const SITE_SERVICES = `service lmtp {
  unix_listener /var/spool/postfix/private/dovecot-lmtp {
    mode = 0600
    user = postfix
    group = postfix
  }
  inet_listener lmtp {
    port = 24
  }
}
service submission-login {
  inet_listener submission {
    port = 10587
  }
}
`;

interface ServerVerdict {
	readonly verdict: string;
	readonly findings: readonly { readonly severity: string; readonly code: string; readonly place: string; readonly found: string }[];
	readonly notUnderstood: readonly { readonly place: string }[];
}

const releases = Object.keys(DEBIAN_RELEASES) as readonly DebianRelease[];

describe.skipIf(skipped !== null).each(releases)('Debian %s', (release) => {
	const version = DEBIAN_RELEASES[release];
	const folder = mkdtempSync(join(tmpdir(), 'signpost-hosts-'));
	const record = join(folder, 'example.com.json');
	let host: DebianHost;
	let before: {
		readonly main: string;
		readonly protocols: readonly string[];
		readonly mechanisms: readonly string[];
		readonly dovecot: string;
	};

	const tool = (args: readonly string[], input?: string) =>
		host.runOnNetwork([process.execPath, join(import.meta.dirname, '../../src/cli/main.ts'), ...args], input);
	const protocols = () => switchedOn(host.run('doveconf -h protocols; doveconf protocols').out);
	const mechanisms = () => switchedOn(host.run('doveconf auth_mechanisms').out);
	const swaks = (...args: readonly string[]) =>
		host.runOnNetwork(['swaks', '--server', ADDRESS, '--helo', 'client.example.com', '--timeout', '15', ...args]).out;
	const login = ['--auth', 'PLAIN', '--auth-user', USER, '--auth-password', PASSWORD];

	beforeAll(async () => {
		host = await createDebianHost(release);
		const authority = await createTestAuthority();
		const pair = await authority.leaf({ names: [HOST] });
		const services = {
			imap: { host: HOST, starttls: 143 },
			pop3: { host: HOST, starttls: 110 },
			submission: { host: HOST },
			sieve: { host: HOST },
		};
		writeFileSync(record, JSON.stringify({ kind: 'domain', provider: { name: 'Example Mail' }, services }));
		writeFileSync(join(folder, 'ca.pem'), authority.ca);
		host.write(`/etc/letsencrypt/live/${HOST}/privkey.pem`, pair.key, 0o600);
		host.write(`/etc/letsencrypt/live/${HOST}/fullchain.pem`, pair.cert);
		host.run('mkdir -p /srv/mail && chown mail: /srv/mail');
		host.write('/etc/postfix/main.cf', `${host.read('/etc/postfix/main.cf')}${SITE_MAIN_CF}`);
		host.write('/etc/dovecot/conf.d/50-site.conf', SITE_DOVECOT[version] + SITE_SERVICES);
		before = { main: host.run('postconf -n').out, protocols: protocols(), mechanisms: mechanisms(), dovecot: host.run('doveconf -n').err };
		// The printed configuration is written to the files for which it is meant.
		host.write('/etc/dovecot/conf.d/99-signpost.conf', tool(['dovecot', 'example.com', '--record', record, '--for', version]).out);
		host.write(
			'/etc/postfix/master.cf',
			`${host.read('/etc/postfix/master.cf')}${tool(['postfix', 'example.com', '--record', record]).out}`,
		);
		await host.start();
	}, 600_000);
	afterAll(async () => {
		await host?.stop();
		rmSync(folder, { recursive: true });
	}, 60_000);

	it('has after it what it had before', () => {
		expect(before.dovecot).toBe('');
		expect(before.protocols).toEqual(expect.arrayContaining(['imap', 'lmtp', 'submission']));
		expect(before.mechanisms).toContain('cram-md5');
		expect(host.run('postconf -n').out).toBe(before.main);
		expect(protocols()).toEqual(expect.arrayContaining([...before.protocols, 'pop3', 'sieve']));
		expect(mechanisms()).toEqual(expect.arrayContaining([...before.mechanisms, 'login']));
		expect(host.run('postconf -n; postconf -P; doveconf -n >/dev/null').err).toBe('');
	});

	it.each([...OWN_PORTS, ...RECORD_PORTS])('answers on port %i', (port) => {
		expect(host.runOnNetwork(['bash', '-c', `exec 3<>/dev/tcp/${ADDRESS}/${port}`]).status).toBe(0);
	});

	it('is passed by check, from the outside', () => {
		const args = ['check', USER, '--record', record, '--only', 'mail', '--json', '--timeout', '10', '--ca', join(folder, 'ca.pem')];
		const { out, err } = tool([...args, '--connect-to', `${HOST}::${ADDRESS}:`]);
		if (out === '') throw new Error(err);
		const [report] = [JSON.parse(out)].flat() as { areas: { findings: { severity: string; code: string; place: string }[] }[] }[];
		const findings = report?.areas.flatMap((area) => area.findings).filter(({ severity }) => severity !== 'advice');
		expect(findings).toEqual([]);
	});

	it('says of itself that it is in order, with postconf and doveconf -n', () => {
		const postfix = tool(
			['postfix', 'example.com', '--record', record, '--json', '--check', '-'],
			host.run('postconf -n; postconf -M; postconf -P').out,
		);
		const said = JSON.parse(postfix.out) as ServerVerdict;
		expect(said).toMatchObject({ verdict: 'nothing-found', findings: [], notUnderstood: [] });
		const dovecot = tool(['dovecot', 'example.com', '--record', record, '--json', '--check', '-'], host.run('doveconf -n').out);
		const heard = JSON.parse(dovecot.out) as ServerVerdict;
		// Dovecot's own submission is on another port here; Postfix has those of the record.
		const codes = heard.findings.filter(({ severity }) => severity !== 'advice').map(({ code, place }) => `${code} ${place}`);
		expect([codes.sort(), heard.notUnderstood]).toEqual([
			['dovecot-submission-absent submission, port 465', 'dovecot-submission-absent submission, port 587'],
			[],
		]);
	});

	it.each([
		[465, '--tls-on-connect'],
		[587, '--tls'],
	])('takes mail of a user on %i, which LMTP delivers', async (port, tls) => {
		const count = () => Number(host.run('find /srv/mail/alice -path "*new*" -type f 2>/dev/null | wc -l').out);
		const had = count();
		expect(swaks('--port', String(port), tls, '--from', USER, '--to', USER, ...login)).toContain('queued as');
		for (let waited = 0; count() === had && waited < 20_000; waited += 200) await sleep(200);
		expect(count()).toBe(had + 1);
	});

	it('still holds senders to their log-in, and refuses strangers', () => {
		expect(swaks('--port', '465', '--tls-on-connect', '--from', 'bob@example.com', '--to', USER, ...login)).toMatch(
			/553 5\.7\.1 .*not owned by user/,
		);
		expect(swaks('--port', '587', '--tls', '--from', 'eve@example.net', '--to', USER)).toMatch(/554 5\.7\.1 .*Access denied/);
		expect(swaks('--port', '587', '--from', USER, '--to', USER)).toContain('530 5.7.0 Must issue a STARTTLS command first');
	});

	it('still takes mail by LMTP on port 24, and submission by Dovecot', () => {
		expect(swaks('--protocol', 'LMTP', '--port', '24', '--from', 'x@example.net', '--to', USER)).toMatch(/250 2\.0\.0 .*Saved/);
		expect(swaks('--port', '10587', '--tls', '--quit-after', 'AUTH', ...login)).toContain('235 2.7.0 Logged in.');
	});

	it('each fault is found in what the servers print', { timeout: 600_000 }, () => {
		const postfixFaults: readonly (readonly [command: string, undo: string, code: string])[] = [
			[
				'postconf -P submission/inet/smtpd_tls_security_level=may',
				'postconf -P submission/inet/smtpd_tls_security_level=encrypt',
				'postfix-tls-optional',
			],
			[
				'postconf -P "submission/inet/smtpd_client_restrictions=" "submission/inet/smtpd_relay_restrictions=permit"',
				'postconf -P "submission/inet/smtpd_client_restrictions=permit_sasl_authenticated,reject"; postconf -PX submission/inet/smtpd_relay_restrictions',
				'postfix-open-relay',
			],
			['postconf -e inet_interfaces=loopback-only', 'postconf -e inet_interfaces=all', 'postfix-loopback'],
			['postconf -e master_service_disable=submission/inet', 'postconf -X master_service_disable', 'postfix-port-absent'],
			['postconf -P smtp/inet/smtpd_sasl_auth_enable=yes', 'postconf -PX smtp/inet/smtpd_sasl_auth_enable', 'postfix-auth-on-25'],
			[
				'postconf -P submissions/inet/smtpd_sasl_security_options=',
				'postconf -PX submissions/inet/smtpd_sasl_security_options',
				'postfix-anonymous',
			],
		];
		for (const [command, undo, code] of postfixFaults) {
			expect(host.run(command).err).toBe('');
			const { out } = tool(
				['postfix', 'example.com', '--record', record, '--json', '--check', '-'],
				host.run('postconf -n; postconf -M; postconf -P').out,
			);
			expect(
				(JSON.parse(out) as ServerVerdict).findings.map((each) => each.code),
				command,
			).toContain(code);
			host.run(undo);
		}
		const dovecotFaults: readonly (readonly [text: string, code: string])[] = [
			['login_trusted_networks = 0.0.0.0/0', 'dovecot-trusts-all'],
			['protocol imap {\n  ssl = no\n}', 'dovecot-tls-off'],
			['listen = 127.0.0.1', 'dovecot-loopback'],
			['service imap-login {\n  inet_listener imaps {\n    ssl = no\n  }\n}', 'dovecot-not-implicit'],
			[version === '2.3' ? 'auth_mechanisms = plain anonymous' : 'auth_mechanisms {\n  anonymous = yes\n}', 'dovecot-anonymous'],
			[version === '2.3' ? 'ssl = yes\ndisable_plaintext_auth = no' : 'ssl = yes\nauth_allow_cleartext = yes', 'dovecot-auth-before-tls'],
		];
		for (const [text, code] of dovecotFaults) {
			host.write('/etc/dovecot/conf.d/99-zz-fault.conf', `${text}\n`);
			const { out } = tool(['dovecot', 'example.com', '--record', record, '--json', '--check', '-'], host.run('doveconf -n').out);
			expect(
				(JSON.parse(out) as ServerVerdict).findings.map((each) => each.code),
				text,
			).toContain(code);
		}
		host.write('/etc/dovecot/conf.d/99-zz-fault.conf', '');
	});
});

/** Entries of a list as 2.3 prints it, or of the block that 2.4 prints. */
function switchedOn(text: string): readonly string[] {
	const block = [...text.matchAll(/^\s+(\S+) = yes$/gm)].map(([, name = '']) => name);
	const list = /^\w+ = (.*)$/m.exec(text)?.[1]?.replaceAll('"', '').split(/\s+/) ?? [];
	return [...block, ...list].filter((name) => name !== '');
}
