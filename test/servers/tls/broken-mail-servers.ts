/** Real Postfix, Dovecot and Exim with one fault of TLS each, and good ones. */
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FindingCode } from '../../../src/cli/check/finding-codes.ts';
import type { TlsServerName } from '../../../src/cli/check/tls/tls-settings.ts';
import { DAY_MS } from '../../../src/lib/time.ts';
import { freePort } from '../../support/free-port.ts';
import { oakleyGroup2 } from '../../support/oakley-group.ts';
import { type KeyPair, rsaKey, type TestAuthority } from '../../support/test-authority.ts';
import { makeEximFolder, startExim } from '../exim-lab.ts';
import { ADDRESS, type ConfigEdits, createMailServerLab, PASSWORD } from '../mail-server-lab.ts';
import { type CertificateFiles, followAdvice, LAB_HOST, type LabServer, settingName } from './lab-server.ts';

/** Lines of a configuration that make the fault; they stand last, and the last one counts. */
type Settings = readonly string[];

/** What Debian's OpenSSL does not do unless it is told to in the list of ciphers. */
const ANY_LEVEL = ':@SECLEVEL=0';

/**
 * @param files of a good certificate with its intermediate
 * @param eximRoot where Exim's packages are unpacked; null without Exim
 */
export async function mailServers(
	folder: string,
	authority: TestAuthority,
	files: CertificateFiles,
	eximRoot: string | null,
): Promise<readonly LabServer[]> {
	const dh1024 = join(folder, 'mail-dh1024.pem');
	writeFileSync(dh1024, oakleyGroup2());
	const leaf = (options: Partial<Parameters<TestAuthority['leaf']>[0]> = {}) =>
		authority.leaf({ names: [LAB_HOST], key: rsaKey(2048), until: Date.now() + 90 * DAY_MS, ...options });
	const good = await leaf();
	const expired = await leaf({ until: Date.now() - DAY_MS });
	const otherName = await leaf({ names: ['www.example.com'] });
	const small = await leaf({ key: rsaKey(1024) });
	const chainless = await leaf({ by: 'intermediate' });

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
	const exim = (name: string, settings: Settings, codes: readonly FindingCode[], pair: KeyPair = good): LabServer => ({
		name: `Exim with GnuTLS: ${name}`,
		codes,
		protocol: 'smtp',
		isMailServer: true,
		software: 'eximGnutls',
		async start(advice = []) {
			const own = makeEximFolder();
			symlinkSync(eximRoot ?? '', join(own, 'root'));
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
		dovecot('good', [], []),
		dovecot('expired', [], ['cert-expired'], expired),
		dovecot('the intermediate is missing', [], ['cert-chain'], chainless),
		dovecot('no forward secrecy', [...dovecotCiphers('AES128-GCM-SHA256'), 'ssl_cipher_suites ='], ['tls-no-forward-secrecy']),
		dovecot('CBC alone', dovecotCiphers('ECDHE-RSA-AES128-SHA256'), ['tls-cbc-only']),
		dovecot('TLS 1.0 and 1.1 too', dovecotCiphers('ALL:!aNULL:!eNULL', 'ssl_min_protocol = TLSv1'), ['tls-old-too']),
		dovecot('a curve of 192 bits', dovecotCiphers('ECDHE:!aNULL:!eNULL', 'ssl_curve_list = P-256:P-192'), ['curve-small']),
		dovecot('another name', [], ['cert-name'], otherName),
		dovecot('RSA of 1024 bits', dovecotCiphers('DEFAULT'), ['cert-key-small'], small),
		...(eximRoot === null
			? []
			: [
					exim('good, TLS 1.3 alone', ['tls_require_ciphers = NORMAL:-VERS-ALL:+VERS-TLS1.3'], []),
					exim('TLS 1.0 and 1.1 too', ['tls_require_ciphers = NORMAL:+VERS-TLS1.0:+VERS-TLS1.1'], ['tls-old-too']),
					exim('no forward secrecy', ['tls_require_ciphers = NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+RSA'], ['tls-no-forward-secrecy']),
					exim('CBC alone', ['tls_require_ciphers = NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+AES-128-CBC'], ['tls-cbc-only']),
					exim(
						'a client certificate demanded',
						['tls_verify_hosts = *', `tls_verify_certificates = ${join(folder, 'ca.pem')}`],
						['client-certificate'],
					),
					exim('expired', [], ['cert-expired'], expired),
					exim('the intermediate is missing', [], ['cert-chain'], chainless),
				]),
	];
}
