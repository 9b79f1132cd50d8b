/** Logs that Dovecot's submission server (2.3 and 2.4) and OpenSMTPD write of real submissions, in every form that people have them in. */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeUsage } from '../../src/cli/usage/evidence/usage-verdict.ts';
import { FORM_NAMES, inForm } from '../cli/usage/log-forms.ts';
import { countLog } from '../cli/usage/sample-logs.ts';
import { createTestAuthority } from '../support/test-authority.ts';
import { createDebianHost, DEBIAN_RELEASES, type DebianHost, type DebianRelease, debianHostSkipReason } from './debian-host.ts';
import { HOST, PASSWORD, USER } from './mail-server-lab.ts';
import { type Corpus, multiplied, OVER_465, OVER_587, withFullTimestamps } from './submission-corpus.ts';

const skipped = debianHostSkipReason();
if (skipped !== null) process.stdout.write(`skipped: logs of Dovecot and OpenSMTPD: ${skipped}\n`);
const TODAY = new Date().toISOString().slice(0, 10);

const RELEASES: readonly DebianRelease[] = ['bookworm', 'trixie'];

/** How Dovecot is told to log the port. */
const PORT_IN_LOG = {
	bookworm: 'login_log_format_elements = user=<%u> method=%m rip=%r lip=%l mpid=%e %c session=<%{session}> lport=%a\n',
	trixie:
		'login_log_format_elements = user=<%{user}> method=%{mechanism} rip=%{remote_ip} lip=%{local_ip} mpid=%{mail_pid} %{secured} session=<%{session}> lport=%{local_port}\n',
} as const;

const COMMON = `log_path = /var/log/submission.log
first_valid_uid = 1
submission_relay_host = 127.0.0.1
service submission-login {
  inet_listener submission {
    port = 587
  }
  inet_listener submissions {
    port = 465
    ssl = yes
  }
}
`;

const DOVECOT = {
	bookworm: `protocols = submission
ssl = required
ssl_cert = </etc/ssl/cert.pem
ssl_key = </etc/ssl/key.pem
mail_location = maildir:/srv/mail/%n
passdb {
  driver = static
  args = password=${PASSWORD}
}
userdb {
  driver = static
  args = uid=mail gid=mail home=/srv/mail/%n
}
${COMMON}`,
	trixie: `dovecot_config_version = 2.4.1
dovecot_storage_version = 2.4.1
protocols {
  submission = yes
}
ssl = required
ssl_server_cert_file = /etc/ssl/cert.pem
ssl_server_key_file = /etc/ssl/key.pem
mail_driver = maildir
mail_path = /srv/mail/%{user|username}
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
${COMMON}`,
} as const;

/** A mail over each port, by an account of its own. */
function submit(host: DebianHost): void {
	for (const [account, port, tls] of [
		[OVER_465, '465', '--tls-on-connect'],
		[OVER_587, '587', '--tls'],
	] as const) {
		const who = ['--from', USER, '--to', USER, '--auth', 'PLAIN', '--auth-user', account, '--auth-password', PASSWORD];
		const sent = host.runOnNetwork(['swaks', '--server', '127.0.0.1', '--port', port, '--helo', 'client.example.com', tls, ...who]);
		expect(sent.status, sent.out + sent.err + host.run('tail -n 20 /var/log/submission.log').out).toBe(0);
	}
}

async function writeCertificate(host: DebianHost): Promise<void> {
	const pair = await (await createTestAuthority()).leaf({ names: [HOST] });
	host.write('/etc/ssl/key.pem', pair.key, 0o600);
	host.write('/etc/ssl/cert.pem', pair.cert);
	// OpenSMTPD 7 does not start without authorities.
	host.write('/etc/ssl/certs/ca-certificates.crt', pair.cert);
}

const sums = { lines: 0, right: 0, wrong: 0, missed: 0 };

/** Counts the corpus in every form. @param told whether the log tells the port of each session */
async function expectCounted({ log, holdouts, lines }: Corpus, told: boolean): Promise<void> {
	for (const form of FORM_NAMES) {
		const counts = await countLog([inForm(form, log)], TODAY);
		const wanted = told ? { implicit: 120, starttls: 120, unknown: 0 } : { implicit: 0, starttls: 0, unknown: 240 };
		expect([form, counts.submission], log.slice(0, 2000)).toEqual([form, wanted]);
		expect([form, judgeUsage(counts, 30, TODAY).answer]).toEqual([form, told ? 'no' : 'cannot-tell']);
		const found = counts.accounts.map(({ name }) => name);
		sums.lines += lines;
		sums.right += found.filter((name) => holdouts.has(name)).length;
		sums.wrong += found.filter((name) => !holdouts.has(name)).length;
		if (told) sums.missed += [...holdouts].filter((name) => !found.includes(name)).length;
	}
}

describe.skipIf(skipped !== null).each(RELEASES)('Dovecot of Debian %s', (release) => {
	let host: DebianHost;
	beforeAll(async () => {
		host = await createDebianHost(release);
		await writeCertificate(host);
		host.run(`postconf -e 'mydestination=' 'relayhost=[127.0.0.1]:9' 'inet_protocols=ipv4'; mkdir -p /srv/mail; chown mail:mail /srv/mail`);
	}, 900_000);
	afterAll(() => host?.stop(), 300_000);

	it.each([true, false])(
		'%s: the port is in the log',
		async (told) => {
			host.write('/etc/dovecot/dovecot.conf', DOVECOT[release] + (told ? PORT_IN_LOG[release] : ''));
			host.run('doveadm stop; postfix stop; rm -f /var/log/submission.log');
			await host.start();
			expect(host.run('dovecot --version').out).toContain(DEBIAN_RELEASES[release]);
			submit(host);
			// As it is in syslog: a file of Dovecot's own has neither host nor process id.
			const log = withFullTimestamps(host.read('/var/log/submission.log'), TODAY).replace(
				/^(\S+) ([\w-]+): (?:Info: )?/gm,
				'$1 mail dovecot[7]: $2: ',
			);
			await expectCounted(multiplied(log, 3, TODAY), told);
		},
		300_000,
	);
});

describe.skipIf(skipped !== null)('OpenSMTPD of Debian 13', () => {
	let host: DebianHost;
	beforeAll(async () => {
		host = await createDebianHost('trixie');
		await writeCertificate(host);
		// Outside of the host's own network, which has nothing but itself; installed over Postfix, whose conflict is of no account here. Debian 12's 6.8 ends every handshake:
		// "SSL_accept: error:0800007D:elliptic curve routines::missing private key", as its engine for keys does not work with OpenSSL 3.
		const install = `apt-get update -qq && cd /tmp && apt-get download -qq opensmtpd libevent-2.1-7t64 && dpkg --force-all --no-triggers --unpack ./*.deb`;
		const installed = spawnSync('chroot', [host.root, 'bash', '-c', install], { encoding: 'utf8' });
		if (installed.status !== 0) throw new Error(installed.stdout + installed.stderr);
		host.run(
			'useradd -r -d /var/lib/opensmtpd/empty -s /bin/false opensmtpd; useradd -r -s /bin/false opensmtpq; mkdir -p /var/lib/opensmtpd/empty /var/spool/smtpd; chmod 711 /var/spool/smtpd',
		);
	}, 900_000);
	afterAll(() => host?.stop(), 300_000);

	it('its log does not tell the port: cannot tell, and nobody is named', async () => {
		const hash = spawnSync('openssl', ['passwd', '-6', PASSWORD], { encoding: 'utf8' }).stdout.trim();
		host.write('/etc/credentials', `${OVER_465} ${hash}\n${OVER_587} ${hash}\n`);
		host.write(
			'/etc/smtpd.conf',
			`pki mail cert "/etc/ssl/cert.pem"
pki mail key "/etc/ssl/key.pem"
table credentials file:/etc/credentials
listen on lo port 465 smtps pki mail auth <credentials> hostname ${HOST}
listen on lo port 587 tls-require pki mail auth <credentials> hostname ${HOST}
action "relay" relay host smtp://127.0.0.1:9
match auth from any for any action "relay"
`,
		);
		// In the foreground it writes what it would give to syslog, without syslog's header.
		host.run(
			'(smtpd -d >/var/log/submission.log 2>&1 &); for i in $(seq 100); do (: </dev/tcp/127.0.0.1/587) 2>/dev/null && break; sleep 0.1; done',
		);
		submit(host);
		const lines = host
			.read('/var/log/submission.log')
			.split('\n')
			.filter((line) => line !== '');
		const log = lines.map((line) => `${TODAY}T10:00:00.000000+00:00 mail smtpd[7]: ${line}\n`).join('');
		await expectCounted(multiplied(log, 3, TODAY), false);
	}, 300_000);
});

describe.skipIf(skipped !== null)('all of them', () => {
	it('at least 50,000 lines; precision and recall of those who use 587', () => {
		const [precision, recall] = [sums.right / (sums.right + sums.wrong), sums.right / (sums.right + sums.missed)];
		process.stdout.write(`Dovecot 2.3 and 2.4, OpenSMTPD: ${JSON.stringify({ ...sums, precision, recall })}\n`);
		expect(sums.lines).toBeGreaterThan(50_000);
		expect(precision).toBeGreaterThanOrEqual(0.98);
		expect(recall).toBeGreaterThanOrEqual(0.98);
	});
});
