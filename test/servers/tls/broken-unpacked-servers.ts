/** Real Exim, Cyrus and Dovecot 2.4, which run from unpacked packages of Debian, with faults of TLS, and good ones. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FindingCode } from '../../../src/cli/check/finding-codes.ts';
import { freePort } from '../../support/free-port.ts';
import type { KeyPair } from '../../support/test-authority.ts';
import { startCyrus } from '../cyrus-lab.ts';
import { IN_TREE, startDovecot24 } from '../dovecot24-lab.ts';
import { makeEximFolder, startExim } from '../exim-lab.ts';
import { ADDRESS, PASSWORD } from '../mail-server-lab.ts';
import type { FaultFiles } from './fault-files.ts';
import { followAdvice, type LabServer } from './lab-server.ts';

type Settings = readonly string[];

/** What Debian's OpenSSL does not do unless it is told to in the list of ciphers. */
const ANY_LEVEL = ':@SECLEVEL=0';

/** @param root where its packages are unpacked */
export function eximServers({ folder, pairs, files }: FaultFiles, root: string): readonly LabServer[] {
	const exim = (name: string, settings: Settings, codes: readonly FindingCode[], pair = pairs.good): LabServer => ({
		name: `Exim with GnuTLS: ${name}`,
		codes,
		protocol: 'smtp',
		isMailServer: true,
		software: 'eximGnutls',
		async start(advice = []) {
			const own = makeEximFolder();
			symlinkSync(root, join(own, 'root'));
			const ports = [await freePort(), await freePort()] as const;
			const lines = followAdvice(settings, advice, files);
			const { stop } = await startExim(own, { pair, address: '127.0.0.1', ports, logSelector: '', password: PASSWORD, settings: lines });
			return {
				address: '127.0.0.1',
				port: ports[0],
				async stop() {
					await stop();
					rmSync(own, { recursive: true });
				},
			};
		},
	});
	const priority = (text: string) => [`tls_require_ciphers = NORMAL:${text}`];
	const priority12 = (text: string) => priority(`-VERS-ALL:+VERS-TLS1.2:${text}`);
	return [
		exim('good, TLS 1.3 alone', priority('-VERS-ALL:+VERS-TLS1.3'), []),
		exim('TLS 1.0 and 1.1 too', priority('+VERS-TLS1.0:+VERS-TLS1.1'), ['tls-old-too']),
		exim('TLS 1.0 and 1.1 alone', priority('-VERS-ALL:+VERS-TLS1.0:+VERS-TLS1.1'), ['tls-old-only']),
		exim('no forward secrecy', priority12('-KX-ALL:+RSA'), ['tls-no-forward-secrecy']),
		exim('CBC alone', priority12('-CIPHER-ALL:+AES-128-CBC'), ['tls-cbc-only']),
		exim('ciphers without encryption, and RSA key exchange', priority('+NULL:+RSA'), ['tls-unencrypted', 'tls-static-rsa']),
		exim('a curve of 192 bits', priority12('+GROUP-SECP192R1'), ['curve-small']),
		exim(
			'a client certificate demanded',
			['tls_verify_hosts = *', `tls_verify_certificates = ${join(folder, 'ca.pem')}`],
			['client-certificate'],
		),
		exim('expired', [], ['cert-expired'], pairs.expired),
		exim('the intermediate is missing', [], ['cert-chain'], pairs.chainless),
		exim('an unknown root', [], ['cert-untrusted'], pairs.stranger),
		exim('the intermediate has expired', [], ['cert-chain-expired'], pairs.chainExpired),
	];
}

/** @param root where its packages are unpacked */
export function cyrusServers({ folder, pairs, files, dh1024 }: FaultFiles, root: string): readonly LabServer[] {
	const cyrus = (name: string, settings: Settings, codes: readonly FindingCode[], pair = pairs.good): LabServer => ({
		name: `Cyrus: ${name}`,
		codes,
		protocol: 'imap',
		isMailServer: true,
		software: 'cyrus',
		async start(advice = []) {
			const port = await freePort(ADDRESS);
			const own = join(folder, `cyrus-${port}`);
			mkdirSync(own);
			symlinkSync(root, join(own, 'root'));
			const certificate = certificateLines(own, own, pair, 'tls_server_cert: ', 'tls_server_key: ');
			const lines = followAdvice([...certificate, ...settings], advice, files);
			return { address: ADDRESS, port, stop: await startCyrus({ folder: own, address: ADDRESS, port, settings: lines }) };
		},
	});
	const ciphers = (list: string, ...more: Settings) => [`tls_ciphers: ${list}${ANY_LEVEL}`, ...more];
	const only12 = 'tls_versions: tls1_2';
	return [
		cyrus('good', ['tls_versions: tls1_2 tls1_3'], []),
		cyrus('TLS 1.0 and 1.1 too', ciphers('ALL:!aNULL:!eNULL', 'tls_versions: tls1_0 tls1_1 tls1_2 tls1_3'), ['tls-old-too']),
		cyrus('TLS 1.0 and 1.1 alone', ciphers('ALL:!aNULL:!eNULL', 'tls_versions: tls1_0 tls1_1'), ['tls-old-only']),
		cyrus('no forward secrecy', ciphers('AES128-GCM-SHA256', only12), ['tls-no-forward-secrecy']),
		cyrus('CBC alone', ciphers('ECDHE-RSA-AES128-SHA256', only12), ['tls-cbc-only']),
		cyrus('every cipher, and a group of 1024 bits', ciphers('ALL:eNULL:aNULL', only12, `tls_server_dhparam: ${dh1024}`), [
			'tls-anonymous',
			'tls-unencrypted',
			'tls-static-rsa',
			'dh-small',
		]),
		cyrus(
			'a client certificate demanded',
			['tls_client_certs: require', `tls_client_ca_file: ${join(folder, 'ca.pem')}`],
			['client-certificate'],
		),
		cyrus('a curve of 192 bits', ciphers('ALL:!aNULL:!eNULL', only12, 'tls_eccurve: prime192v1'), ['curve-small']),
		cyrus('expired', [], ['cert-expired'], pairs.expired),
		cyrus('the intermediate is missing', [], ['cert-chain'], pairs.chainless),
		cyrus('an unknown root', [], ['cert-untrusted'], pairs.stranger),
		cyrus('the intermediate has expired', [], ['cert-chain-expired'], pairs.chainExpired),
	];
}

/** @param tree of Debian 13 */
export function dovecot24Servers({ folder, pairs, files, dh1024 }: FaultFiles, tree: string): readonly LabServer[] {
	const inTree = (file: string) => file.replace(folder, IN_TREE);
	const filesInTree = { fullchain: inTree(files.fullchain), privkey: inTree(files.privkey), both: inTree(files.both) };
	const dovecot = (name: string, settings: Settings, codes: readonly FindingCode[], pair = pairs.good): LabServer => ({
		name: `Dovecot 2.4: ${name}`,
		codes,
		protocol: 'imap',
		isMailServer: true,
		software: 'dovecot24',
		async start(advice = []) {
			const port = await freePort(ADDRESS);
			const own = `dovecot-${port}`;
			mkdirSync(join(folder, own));
			const seen = inTree(join(folder, own));
			const certificate = certificateLines(join(folder, own), seen, pair, 'ssl_server_cert_file = ', 'ssl_server_key_file = ');
			const lines = followAdvice([...certificate, ...settings], advice, filesInTree);
			const options = { tree, folder, name: own, address: ADDRESS, port, password: PASSWORD, settings: lines };
			return { address: ADDRESS, port, stop: await startDovecot24(options) };
		},
	});
	const ciphers = (list: string, ...more: Settings) => [`ssl_cipher_list = ${list}${ANY_LEVEL}`, ...more];
	return [
		dovecot('good', [], []),
		dovecot('TLS 1.0 and 1.1 too', ciphers('ALL:!aNULL:!eNULL', 'ssl_min_protocol = TLSv1'), ['tls-old-too']),
		dovecot('no forward secrecy', ciphers('AES128-GCM-SHA256'), ['tls-no-forward-secrecy']),
		dovecot('CBC alone', ciphers('ECDHE-RSA-AES128-SHA256'), ['tls-cbc-only']),
		dovecot('every cipher, and a group of 1024 bits', ciphers('ALL:eNULL:aNULL', `ssl_server_dh_file = ${inTree(dh1024)}`), [
			'tls-anonymous',
			'tls-unencrypted',
			'tls-static-rsa',
			'dh-small',
		]),
		dovecot('a curve of 192 bits', ciphers('ECDHE:!aNULL:!eNULL', 'ssl_curve_list = P-256:P-192'), ['curve-small']),
		{
			...dovecot(
				'a client certificate demanded at log-in',
				[
					`ssl_server_ca_file = ${inTree(join(folder, 'ca.pem'))}`,
					'ssl_server_request_client_cert = yes',
					'auth_ssl_require_client_cert = yes',
				],
				['client-certificate'],
			),
			showsAtLogin: true,
		},
		dovecot('expired', [], ['cert-expired'], pairs.expired),
		dovecot('the intermediate is missing', [], ['cert-chain'], pairs.chainless),
		dovecot('an unknown root', [], ['cert-untrusted'], pairs.stranger),
		dovecot('the intermediate has expired', [], ['cert-chain-expired'], pairs.chainExpired),
	];
}

/**
 * Writes a certificate and its key into a folder.
 * @param seen the folder as the server sees it
 * @returns the two settings for them
 */
function certificateLines(folder: string, seen: string, { cert, key }: KeyPair, certSetting: string, keySetting: string): Settings {
	writeFileSync(join(folder, 'cert.pem'), cert);
	writeFileSync(join(folder, 'key.pem'), key);
	return [`${certSetting}${seen}/cert.pem`, `${keySetting}${seen}/key.pem`];
}
