/** Programs that speak TLS and little else, with one fault each, and good ones: how each is started, and what is to be found. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FindingCode } from '../../../src/cli/check/finding-codes.ts';
import type { TlsServerName } from '../../../src/cli/check/tls/tls-settings.ts';
import { DAY_MS } from '../../../src/lib/time.ts';
import { freePort } from '../../support/free-port.ts';
import { createTestAuthority, type LeafOptions, rsaKey, type TestAuthority } from '../../support/test-authority.ts';
import type { FaultFiles } from './fault-files.ts';
import { followAdvice, LAB_HOST, type LabServer, type RunningServer, startProgram } from './lab-server.ts';
import { type ProxyOptions, startHaproxy, startNginx, startStunnel } from './proxy-servers.ts';

/** An SMTP server in Python's ssl module, which does what its arguments say with the context. */
const PYTHON_SERVER = `
import socket, ssl, sys, threading
port, cert, setup = int(sys.argv[1]), sys.argv[2], sys.argv[3]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.set_ciphers('DEFAULT@SECLEVEL=0')
context.minimum_version = ssl.TLSVersion.TLSv1_2
context.options |= ssl.OP_NO_RENEGOTIATION
context.load_cert_chain(cert)
exec(setup)
def serve(raw):
    try:
        with context.wrap_socket(raw, server_side=True) as conn:
            conn.sendall(b'220 mail.example.com ESMTP\\r\\n')
            for line in conn.makefile('rb'):
                if line.upper().startswith(b'EHLO'): conn.sendall(b'250-mail.example.com\\r\\n250 AUTH PLAIN LOGIN\\r\\n')
                else: conn.sendall(b'221 bye\\r\\n')
    except OSError: pass
with socket.create_server(('127.0.0.1', port), backlog=50) as server:
    while True: threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
`;

/** What is found of a server that takes every cipher of OpenSSL. */
const EVERY_CIPHER: readonly FindingCode[] = ['tls-anonymous', 'tls-unencrypted', 'tls-static-rsa'];

/**
 * Writes further certificates into the folder, and says how to start each server with them.
 * @param smtpPort of a mail server without TLS, which stunnel, nginx and haproxy wrap
 */
export async function tlsProgramServers(
	{ folder, files, dh1024, pairs }: FaultFiles,
	authority: TestAuthority,
	smtpPort: number,
): Promise<readonly LabServer[]> {
	const stranger = await createTestAuthority();
	const file = (name: string) => join(folder, name);
	const leaf = async (name: string, options: Partial<LeafOptions>, by = authority) => {
		const { cert, key } = await by.leaf({ names: [LAB_HOST], key: rsaKey(2048), until: Date.now() + 90 * DAY_MS, ...options });
		writeFileSync(file(`${name}.pem`), `${key}${cert}`);
	};
	await leaf('good', {});
	await leaf('ecdsa', { key: { name: 'ECDSA', namedCurve: 'P-256' } });
	await leaf('p384', { key: { name: 'ECDSA', namedCurve: 'P-384' } });
	await leaf('rsa4096', { key: rsaKey(4096) });
	await leaf('rsa1024', { key: rsaKey(1024) });
	await leaf('sha1', { hash: 'SHA-1' });
	await leaf('decade', { from: Date.now() - 3000 * DAY_MS, until: Date.now() + 300 * DAY_MS });
	await leaf('two-years', { from: Date.now() - 600 * DAY_MS });
	await leaf('expired', { until: Date.now() - DAY_MS });
	await leaf('expires', { until: Date.now() + 3 * DAY_MS });
	await leaf('not-yet', { from: Date.now() + DAY_MS });
	await leaf('common-name', { withoutAlternativeNames: true });
	await leaf('other-name', { names: ['www.example.com'] });
	await leaf('must-staple', { mustStaple: true });
	await leaf('chain', { by: 'intermediate' });
	await leaf('stranger', {}, stranger);
	writeFileSync(file('chain-expired.pem'), `${pairs.chainExpired.key}${pairs.chainExpired.cert}`);
	// stunnel takes the group from the file with the certificate.
	writeFileSync(file('good-dh1024.pem'), `${readFileSync(file('good.pem'), 'utf8')}\n${readFileSync(dh1024, 'utf8')}`);
	writeFileSync(file('smtp.py'), PYTHON_SERVER);

	const server = (name: string, codes: readonly FindingCode[], program: string, args: (port: number) => readonly string[]): LabServer => ({
		name,
		codes,
		protocol: 'smtp',
		// They do not greet, or list nothing.
		isMailServer: false,
		software: null,
		async start() {
			const port = await freePort();
			return { address: '127.0.0.1', port, stop: await startProgram(program, args(port), port) };
		},
	});
	const openssl = (name: string, pem: string, more: readonly string[], codes: readonly FindingCode[]) =>
		server(`openssl s_server: ${name}`, codes, 'openssl', (port) => {
			const pair = file(`${pem}.pem`);
			return ['s_server', '-accept', `127.0.0.1:${port}`, '-quiet', '-cert', pair, '-key', pair, ...more];
		});
	const gnutls = (name: string, pem: string, more: readonly string[], codes: readonly FindingCode[]) =>
		server(`gnutls-serv: ${name}`, codes, 'gnutls-serv', (port) => {
			const pair = file(`${pem}.pem`);
			return ['--port', String(port), '--echo', '--quiet', `--x509keyfile=${pair}`, `--x509certfile=${pair}`, ...more];
		});
	const python = (name: string, pem: string, setup: string, codes: readonly FindingCode[]) =>
		server(`Python ssl: ${name}`, codes, 'python3', (port) => [file('smtp.py'), String(port), file(`${pem}.pem`), setup]);
	/** A program that takes TLS off for a mail server. */
	const wrapper = (
		name: string,
		software: TlsServerName,
		settings: readonly string[],
		codes: readonly FindingCode[],
		start: (options: ProxyOptions) => Promise<RunningServer>,
	): LabServer => ({
		name,
		codes,
		protocol: 'smtp',
		isMailServer: false,
		software,
		start: (advice = []) => start({ folder, smtpPort, settings: followAdvice(settings, advice, files) }),
	});
	const stunnel = (name: string, pem: string, settings: readonly string[], codes: readonly FindingCode[]) =>
		wrapper(`stunnel: ${name}`, 'stunnel', [`cert = ${file(`${pem}.pem`)}`, ...settings], codes, startStunnel);
	const nginx = (name: string, pem: string, settings: readonly string[], codes: readonly FindingCode[]) => {
		const pair = [`ssl_certificate ${file(`${pem}.pem`)}`, `ssl_certificate_key ${file(`${pem}.pem`)}`];
		return wrapper(`nginx: ${name}`, 'nginx', [...pair, ...settings], codes, startNginx);
	};
	const haproxy = (name: string, pem: string, settings: readonly string[], codes: readonly FindingCode[]) =>
		wrapper(`haproxy: ${name}`, 'haproxy', [`crt ${file(`${pem}.pem`)}`, ...settings], codes, startHaproxy);
	const weak = (ciphers: string) => ['-no_tls1_3', '-cipher', `${ciphers}:@SECLEVEL=0`];
	const priority = (text: string) => [`--priority=${text}`];
	const at0 = ['-cipher', 'DEFAULT:@SECLEVEL=0'];
	return [
		openssl('anonymous ciphers', 'good', weak('HIGH:aNULL'), ['tls-anonymous']),
		openssl('ciphers without encryption', 'good', weak('HIGH:!aNULL:eNULL'), ['tls-unencrypted']),
		openssl('no forward secrecy', 'good', weak('AES128-GCM-SHA256'), ['tls-no-forward-secrecy']),
		openssl('CBC alone', 'good', weak('ECDHE-RSA-AES128-SHA256:ECDHE-RSA-AES256-SHA'), ['tls-cbc-only']),
		openssl('CBC and no forward secrecy', 'good', weak('AES256-SHA'), ['tls-cbc-only', 'tls-no-forward-secrecy']),
		openssl('DHE of 1024 bits', 'good', [...weak('HIGH:!aNULL'), '-dhparam', dh1024], ['dh-small']),
		openssl('a curve of 192 bits', 'good', [...weak('ECDHE:!aNULL:!eNULL'), '-groups', 'P-256:P-192'], ['curve-small']),
		openssl('RSA of 1024 bits', 'rsa1024', at0, ['cert-key-small']),
		openssl('a leaf signed with SHA-1', 'sha1', at0, ['cert-signature-weak']),
		openssl('a leaf of nine years', 'decade', [], ['cert-life']),
		openssl('a leaf of two years', 'two-years', [], ['cert-long']),
		openssl('expired', 'expired', [], ['cert-expired']),
		openssl('three days left', 'expires', [], ['cert-expires']),
		openssl('not valid yet', 'not-yet', [], ['cert-not-yet']),
		openssl('a common name alone', 'common-name', [], ['cert-no-alternative-name']),
		openssl('another name', 'other-name', [], ['cert-name']),
		openssl('must-staple', 'must-staple', [], ['cert-staple-missing']),
		openssl('the intermediate is missing', 'chain', [], ['cert-chain']),
		openssl('an unknown root', 'stranger', [], ['cert-untrusted']),
		openssl('TLS 1.0 and 1.1 too', 'good', ['-cipher', 'DEFAULT:@SECLEVEL=0', '-min_protocol', 'TLSv1'], ['tls-old-too']),
		openssl('TLS 1.1 alone', 'good', [...at0, '-tls1_1'], ['tls-old-only']),
		openssl('a client certificate demanded in TLS 1.2', 'good', ['-no_tls1_3', '-Verify', '1'], ['client-certificate']),
		openssl('renegotiation by clients', 'good', ['-no_tls1_3', '-client_renegotiation'], ['tls-renegotiation']),
		openssl('early data', 'good', ['-early_data'], ['tls-early-data']),
		openssl('RSA expired beside ECDSA', 'ecdsa', ['-dcert', file('expired.pem'), '-dkey', file('expired.pem')], ['cert-expired']),
		openssl(
			'RSA of 1024 bits beside ECDSA',
			'ecdsa',
			[...at0, '-dcert', file('rsa1024.pem'), '-dkey', file('rsa1024.pem')],
			['cert-key-small'],
		),
		gnutls('no secure renegotiation', 'good', priority('NORMAL:-VERS-TLS1.3:%DISABLE_SAFE_RENEGOTIATION'), ['tls-renegotiation-old']),
		gnutls('TLS 1.0 and 1.1 too', 'good', priority('NORMAL:+VERS-TLS1.1:+VERS-TLS1.0'), ['tls-old-too']),
		gnutls('anonymous ciphers', 'good', priority('NORMAL:+ANON-ECDH'), ['tls-anonymous']),
		gnutls('ciphers without encryption', 'good', priority('NORMAL:+NULL'), ['tls-unencrypted']),
		gnutls('no forward secrecy', 'good', priority('NORMAL:-VERS-TLS1.3:-KX-ALL:+RSA'), ['tls-no-forward-secrecy']),
		gnutls('CBC alone', 'good', priority('NORMAL:-VERS-TLS1.3:-CIPHER-ALL:+AES-128-CBC:+AES-256-CBC'), ['tls-cbc-only']),
		// Node's TLS cannot offer these ciphers: what it sees is the renegotiation that GnuTLS grants.
		gnutls('3DES and RC4', 'good', priority('NORMAL:-VERS-TLS1.3:+3DES-CBC:+ARCFOUR-128'), ['tls-renegotiation']),
		gnutls('a client certificate demanded', 'good', ['--require-client-cert'], ['client-certificate']),
		gnutls('early data', 'good', ['--earlydata', '--maxearlydata=1000'], ['tls-early-data']),
		gnutls('an unknown root', 'stranger', [], ['cert-untrusted']),
		python('TLS 1.0 and 1.1 too', 'good', 'context.minimum_version = ssl.TLSVersion.TLSv1', ['tls-old-too']),
		python('no forward secrecy', 'good', 'context.maximum_version = ssl.TLSVersion.TLSv1_2; context.set_ciphers("AES128-GCM-SHA256")', [
			'tls-no-forward-secrecy',
		]),
		python('anonymous ciphers', 'good', 'context.set_ciphers("HIGH:aNULL@SECLEVEL=0")', ['tls-anonymous']),
		python(
			'a client certificate demanded',
			'good',
			`context.load_verify_locations(${JSON.stringify(file('ca.pem'))}); context.verify_mode = ssl.CERT_REQUIRED`,
			['client-certificate'],
		),
		python('another name', 'other-name', '', ['cert-name']),
		stunnel('anonymous ciphers', 'good', ['ciphers = HIGH:aNULL:@SECLEVEL=0'], ['tls-anonymous']),
		stunnel(
			'every cipher, and a group of 1024 bits',
			'good-dh1024',
			['ciphers = ALL:eNULL:aNULL:@SECLEVEL=0'],
			[...EVERY_CIPHER, 'dh-small'],
		),
		stunnel('no forward secrecy', 'good', ['ciphers = AES128-GCM-SHA256', 'sslVersionMax = TLSv1.2'], ['tls-no-forward-secrecy']),
		stunnel(
			'TLS 1.0 and 1.1 alone',
			'good',
			['sslVersionMin = TLSv1', 'sslVersionMax = TLSv1.1', 'ciphers = DEFAULT:@SECLEVEL=0'],
			['tls-old-only'],
		),
		stunnel(
			'a curve of 192 bits',
			'good',
			['curves = P-256:P-192', 'sslVersionMax = TLSv1.2', 'ciphers = ECDHE:!aNULL:!eNULL:@SECLEVEL=0'],
			['curve-small'],
		),
		stunnel('an unknown root', 'stranger', [], ['cert-untrusted']),
		stunnel('the intermediate has expired', 'chain-expired', [], ['cert-chain-expired']),
		stunnel('CBC alone', 'good', ['ciphers = ECDHE-RSA-AES128-SHA:@SECLEVEL=0', 'sslVersionMax = TLSv1.2'], ['tls-cbc-only']),
		stunnel('TLS 1.0 and 1.1 too', 'good', ['sslVersionMin = TLSv1', 'ciphers = DEFAULT:@SECLEVEL=0'], ['tls-old-too']),
		stunnel('a client certificate demanded', 'good', ['verifyChain = yes', `CAfile = ${file('ca.pem')}`], ['client-certificate']),
		stunnel('expired', 'expired', [], ['cert-expired']),
		stunnel('the intermediate is missing', 'chain', [], ['cert-chain']),
		nginx(
			'a client certificate demanded',
			'good',
			[`ssl_client_certificate ${file('ca.pem')}`, 'ssl_verify_client on'],
			['client-certificate'],
		),
		nginx('anonymous ciphers', 'good', ['ssl_ciphers HIGH:aNULL:@SECLEVEL=0'], ['tls-anonymous']),
		nginx('no forward secrecy', 'good', ['ssl_ciphers AES128-GCM-SHA256', 'ssl_protocols TLSv1.2'], ['tls-no-forward-secrecy']),
		nginx('every cipher', 'good', ['ssl_ciphers ALL:eNULL:aNULL:@SECLEVEL=0'], EVERY_CIPHER),
		nginx('TLS 1.0 and 1.1 alone', 'good', ['ssl_protocols TLSv1 TLSv1.1', 'ssl_ciphers DEFAULT:@SECLEVEL=0'], ['tls-old-only']),
		nginx('a curve of 192 bits', 'good', ['ssl_ecdh_curve P-256:P-192', 'ssl_ciphers ECDHE:!aNULL:!eNULL:@SECLEVEL=0'], ['curve-small']),
		nginx('an unknown root', 'stranger', [], ['cert-untrusted']),
		nginx('the intermediate has expired', 'chain-expired', [], ['cert-chain-expired']),
		nginx('CBC alone', 'good', ['ssl_ciphers ECDHE-RSA-AES128-SHA256', 'ssl_protocols TLSv1.2'], ['tls-cbc-only']),
		nginx(
			'TLS 1.0 and 1.1 too',
			'good',
			['ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3', 'ssl_ciphers DEFAULT:@SECLEVEL=0'],
			['tls-old-too'],
		),
		// Where it is given no certificate, nginx ends the connection only after the handshake: check says that nothing greets there.
		nginx('the intermediate is missing', 'chain', [], ['cert-chain']),
		haproxy('anonymous ciphers', 'good', ['ciphers HIGH:aNULL:@SECLEVEL=0'], ['tls-anonymous']),
		haproxy('no forward secrecy', 'good', ['ciphers AES128-GCM-SHA256', 'ssl-max-ver TLSv1.2'], ['tls-no-forward-secrecy']),
		haproxy('every cipher', 'good', ['ciphers ALL:eNULL:aNULL:@SECLEVEL=0'], EVERY_CIPHER),
		haproxy(
			'TLS 1.0 and 1.1 alone',
			'good',
			['ssl-min-ver TLSv1.0', 'ssl-max-ver TLSv1.1', 'ciphers DEFAULT:@SECLEVEL=0'],
			['tls-old-only'],
		),
		haproxy(
			'a curve of 192 bits',
			'good',
			['curves P-256:P-192', 'ciphers ECDHE:!aNULL:!eNULL:@SECLEVEL=0', 'ssl-max-ver TLSv1.2'],
			['curve-small'],
		),
		haproxy('an unknown root', 'stranger', [], ['cert-untrusted']),
		haproxy('the intermediate has expired', 'chain-expired', [], ['cert-chain-expired']),
		haproxy('CBC alone', 'good', ['ciphers ECDHE-RSA-AES128-SHA256', 'ssl-max-ver TLSv1.2'], ['tls-cbc-only']),
		haproxy('TLS 1.0 and 1.1 too', 'good', ['ssl-min-ver TLSv1.0', 'ciphers DEFAULT:@SECLEVEL=0'], ['tls-old-too']),
		haproxy('a client certificate demanded', 'good', ['verify required', `ca-file ${file('ca.pem')}`], ['client-certificate']),
		haproxy('early data', 'good', ['allow-0rtt'], ['tls-early-data']),
		haproxy('the intermediate is missing', 'chain', [], ['cert-chain']),
		openssl('good, RSA', 'good', [], []),
		openssl('good, ECDSA', 'ecdsa', [], []),
		openssl('good, P-384', 'p384', [], []),
		openssl('good, RSA of 4096 bits', 'rsa4096', [], []),
		openssl('good, both certificates', 'ecdsa', ['-dcert', file('good.pem'), '-dkey', file('good.pem')], []),
		openssl('good, TLS 1.3 alone', 'good', ['-tls1_3'], []),
		// Of TLS 1.2 GnuTLS grants clients renegotiation, and Debian's has TLS 1.0 by default: good is what is left.
		gnutls('good, TLS 1.3 alone', 'good', priority('NORMAL:-VERS-ALL:+VERS-TLS1.3'), []),
		gnutls('good, ECDSA, TLS 1.3 alone', 'ecdsa', priority('NORMAL:-VERS-ALL:+VERS-TLS1.3'), []),
		gnutls('renegotiation by clients', 'good', priority('NORMAL:-VERS-ALL:+VERS-TLS1.2'), ['tls-renegotiation']),
		python('good, TLS 1.3 alone', 'good', 'context.minimum_version = ssl.TLSVersion.TLSv1_3', []),
		python('good', 'good', 'context.set_ciphers("DEFAULT")', []),
		stunnel('good', 'good', [], []),
		stunnel('good, ECDSA', 'ecdsa', [], []),
		nginx('good', 'good', [], []),
		haproxy('good, ECDSA', 'ecdsa', [], []),
	];
}
