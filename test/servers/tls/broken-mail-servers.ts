/** Real Postfix and Dovecot as the machine has them, with faults of TLS, and good ones. */
import { join } from 'node:path';
import type { FindingCode } from '../../../src/cli/check/finding-codes.ts';
import type { TlsServerName } from '../../../src/cli/check/tls/tls-settings.ts';
import { ADDRESS, type ConfigEdits, createMailServerLab } from '../mail-server-lab.ts';
import type { FaultFiles } from './fault-files.ts';
import { followAdvice, type LabServer, settingName } from './lab-server.ts';

/** Lines of a configuration that make the fault; they stand last, and the last one counts. */
type Settings = readonly string[];

/** What Debian's OpenSSL does not do unless it is told to in the list of ciphers. */
const ANY_LEVEL = ':@SECLEVEL=0';

export function mailServers({ folder, pairs, files, dh1024 }: FaultFiles): readonly LabServer[] {
	const { good, expired, otherName, small, chainless, chainExpired, stranger } = pairs;
	const inLab = (
		name: string,
		software: TlsServerName & ('postfix' | 'dovecot'),
		edits: (advice: Settings) => ConfigEdits,
		codes: readonly FindingCode[],
	): LabServer => ({
		name,
		codes,
		protocol: software === 'postfix' ? 'smtp' : 'imap',
		isMailServer: true,
		software,
		async start(advice = []) {
			const lab = await createMailServerLab(good);
			try {
				await lab.start(edits(advice));
			} catch (error) {
				await lab.stop();
				throw error;
			}
			return { address: ADDRESS, port: lab.ports[software === 'postfix' ? 465 : 993], stop: lab.stop };
		},
	});
	const withLines = (lines: Settings) => (text: string) => `${text}${lines.join('\n')}\n`;
	/** Takes settings out: what smtpd is told in master.cf by -o counts before main.cf, and Dovecot's local_name before the rest. */
	const without = (lines: Settings) => (text: string) =>
		lines.reduce((left, line) => left.replace(new RegExp(`^ +(-o )?${settingName(line)} ?=.*\\n`, 'gm'), ''), text);
	const postfix = (name: string, settings: Settings, codes: readonly FindingCode[], pair = good) =>
		inLab(
			`Postfix: ${name}`,
			'postfix',
			(advice) => {
				const lines = followAdvice(settings, advice, files);
				const master = lines.length === 0 ? [] : [...lines, 'smtpd_tls_mandatory_protocols', 'smtpd_tls_mandatory_ciphers'];
				return { pair, main: withLines(lines), master: without(master) };
			},
			codes,
		);
	const dovecot = (name: string, settings: Settings, codes: readonly FindingCode[], pair = good) =>
		inLab(
			`Dovecot: ${name}`,
			'dovecot',
			(advice) => {
				const lines = followAdvice(settings, advice, files);
				return { pair, dovecot: (text) => withLines(lines)(without(lines)(text)) };
			},
			codes,
		);
	const since12 = 'smtpd_tls_mandatory_protocols = >=TLSv1.2';
	const postfixCiphers = (list: string, ...more: Settings) => [
		'smtpd_tls_mandatory_ciphers = high',
		`tls_high_cipherlist = ${list}${ANY_LEVEL}`,
		'smtpd_tls_mandatory_protocols = TLSv1.2',
		...more,
	];
	const dovecotCiphers = (list: string, ...more: Settings) => [`ssl_cipher_list = ${list}${ANY_LEVEL}`, ...more];
	return [
		postfix('good', [], []),
		postfix('anonymous ciphers, as it comes', [since12, 'smtpd_tls_exclude_ciphers ='], ['tls-anonymous']),
		postfix('ciphers without encryption', postfixCiphers('AES256-SHA256:eNULL:!aNULL'), [
			'tls-unencrypted',
			'tls-no-forward-secrecy',
			'tls-cbc-only',
		]),
		postfix('no forward secrecy', postfixCiphers('AES128-GCM-SHA256'), ['tls-no-forward-secrecy']),
		postfix('CBC alone', postfixCiphers('ECDHE-RSA-AES128-SHA256'), ['tls-cbc-only']),
		postfix('DHE of 1024 bits', postfixCiphers('DHE-RSA-AES128-GCM-SHA256', `smtpd_tls_dh1024_param_file = ${dh1024}`), ['dh-small']),
		postfix(
			'TLS 1.0 and 1.1 alone',
			[
				'smtpd_tls_mandatory_protocols = TLSv1, TLSv1.1',
				'smtpd_tls_mandatory_ciphers = high',
				`tls_high_cipherlist = ALL:!aNULL:!eNULL${ANY_LEVEL}`,
			],
			['tls-old-only'],
		),
		postfix('RSA key exchange too', postfixCiphers('ECDHE+AESGCM:AES128-GCM-SHA256'), ['tls-static-rsa']),
		postfix('a curve of 192 bits', postfixCiphers('ECDHE:!aNULL:!eNULL', 'tls_eecdh_auto_curves = prime256v1, prime192v1'), [
			'curve-small',
		]),
		postfix('renegotiation by clients', [since12, 'tls_ssl_options = 0x100'], ['tls-renegotiation']),
		postfix(
			'TLS 1.0 and 1.1 too',
			[
				'smtpd_tls_mandatory_protocols = >=TLSv1',
				`tls_high_cipherlist = ALL:!aNULL:!eNULL${ANY_LEVEL}`,
				'smtpd_tls_mandatory_ciphers = high',
			],
			['tls-old-too'],
		),
		postfix(
			'a client certificate demanded',
			[
				since12,
				'smtpd_tls_security_level = encrypt',
				'smtpd_tls_req_ccert = yes',
				'smtpd_tls_ask_ccert = yes',
				`smtpd_tls_CAfile = ${join(folder, 'ca.pem')}`,
			],
			['client-certificate'],
		),
		postfix('expired', [], ['cert-expired'], expired),
		postfix('the intermediate is missing', [], ['cert-chain'], chainless),
		postfix('an unknown root', [], ['cert-untrusted'], stranger),
		postfix('the intermediate has expired', [], ['cert-chain-expired'], chainExpired),
		dovecot('good', [], []),
		dovecot('expired', [], ['cert-expired'], expired),
		dovecot('the intermediate is missing', [], ['cert-chain'], chainless),
		dovecot('no forward secrecy', [...dovecotCiphers('AES128-GCM-SHA256'), 'ssl_cipher_suites ='], ['tls-no-forward-secrecy']),
		dovecot('CBC alone', dovecotCiphers('ECDHE-RSA-AES128-SHA256'), ['tls-cbc-only']),
		dovecot('TLS 1.0 and 1.1 too', dovecotCiphers('ALL:!aNULL:!eNULL', 'ssl_min_protocol = TLSv1'), ['tls-old-too']),
		dovecot('a curve of 192 bits', dovecotCiphers('ECDHE:!aNULL:!eNULL', 'ssl_curve_list = P-256:P-192'), ['curve-small']),
		dovecot('another name', [], ['cert-name'], otherName),
		dovecot('an unknown root', [], ['cert-untrusted'], stranger),
		dovecot('the intermediate has expired', [], ['cert-chain-expired'], chainExpired),
		dovecot('every cipher, and a group of 1024 bits', dovecotCiphers('ALL:eNULL:aNULL', `ssl_dh = <${dh1024}`), [
			'tls-anonymous',
			'tls-unencrypted',
			'tls-static-rsa',
			'dh-small',
		]),
		{
			...dovecot(
				'a client certificate demanded at log-in',
				[`ssl_ca = <${join(folder, 'ca.pem')}`, 'ssl_verify_client_cert = yes', 'auth_ssl_require_client_cert = yes'],
				['client-certificate'],
			),
			showsAtLogin: true,
		},
		dovecot('RSA of 1024 bits', dovecotCiphers('DEFAULT'), ['cert-key-small'], small),
	];
}
