/** Checks whether an smtpd service offers the TLS that the record promises: mode, versions, ciphers, certificate. */

import type { MailServerFinding } from '../mail-server-finding.ts';
import { mergeReviews, type ServerReview } from '../server-review.ts';
import { findWeakCiphers } from '../weak-ciphers.ts';
import { postfixFinding } from './postfix-findings.ts';
import { isTlsRequired, type SmtpdService, settingRemedy } from './postfix-service.ts';
import { isYes } from './postfix-settings.ts';
import { parseTlsProtocols } from './tls-protocols.ts';

/** Checks the TLS of a service on a port that the record offers. */
export function checkTls(smtpd: SmtpdService): ServerReview {
	return mergeReviews([checkMode(smtpd), checkVersions(smtpd), checkCiphers(smtpd), checkCertificates(smtpd)]);
}

function review(findings: readonly MailServerFinding[]): ServerReview {
	return { findings, notUnderstood: [], notLookedAt: [] };
}

function checkMode(smtpd: SmtpdService): ServerReview {
	const { settings, place, offer } = smtpd;
	const wrapped = isYes(settings.value('smtpd_tls_wrappermode'));
	const remedy = (name: string, wanted: string) => settingRemedy(smtpd, name, wanted, 'service');
	if (offer?.security === 'tls' && !wrapped)
		return review([
			postfixFinding(
				'postfix-not-wrapped',
				place,
				'smtpd_tls_wrappermode=yes',
				settings.value('smtpd_tls_wrappermode'),
				remedy('smtpd_tls_wrappermode', 'yes'),
			),
		]);
	if (offer?.security === 'starttls' && wrapped)
		return review([postfixFinding('postfix-wrapped', place, 'smtpd_tls_wrappermode=no', 'yes', remedy('smtpd_tls_wrappermode', 'no'))]);
	if (offer?.security === 'starttls' && !isTlsRequired(smtpd))
		return review([
			postfixFinding(
				'postfix-tls-optional',
				place,
				'smtpd_tls_security_level=encrypt',
				settings.value('smtpd_tls_security_level') || 'none',
				remedy('smtpd_tls_security_level', 'encrypt'),
			),
		]);
	if (
		settings
			.value('smtpd_discard_ehlo_keywords')
			.toLowerCase()
			.split(/[\s,]+/)
			.includes('starttls') &&
		offer?.security === 'starttls'
	)
		return review([
			postfixFinding('postfix-no-starttls', place, 'STARTTLS among the EHLO keywords', 'smtpd_discard_ehlo_keywords takes it out'),
		]);
	return review([]);
}

function checkVersions(smtpd: SmtpdService): ServerReview {
	const { settings, place } = smtpd;
	// postconf(5): the mandatory list applies where TLS is required, which includes wrapper mode; the other list where TLS is optional.
	const setting = isTlsRequired(smtpd) ? 'smtpd_tls_mandatory_protocols' : 'smtpd_tls_protocols';
	const value = settings.value(setting);
	const { allowed, unknown } = parseTlsProtocols(value);
	const where = `${place}, ${setting}`;
	if (unknown.length > 0)
		return { ...review([]), notUnderstood: [{ place: where, reason: `"${unknown.join(' ')}" is no TLS version that is known here` }] };
	const remedy = settingRemedy(smtpd, setting, '>=TLSv1.2', 'host');
	if (!allowed.some((version) => version === 'TLSv1.2' || version === 'TLSv1.3'))
		return review([postfixFinding('postfix-tls-none', where, '>=TLSv1.2', value || 'everything', remedy)]);
	const [oldest] = allowed;
	if (oldest === undefined || oldest === 'TLSv1.2' || oldest === 'TLSv1.3') return review([]);
	const from = settings.origin(setting) === 'default' ? ', Postfix’s default' : '';
	return review([postfixFinding('postfix-tls-old', where, '>=TLSv1.2', `${value || 'everything'}${from}: ${oldest} and later`, remedy)]);
}

function checkCiphers(smtpd: SmtpdService): ServerReview {
	const { settings, place } = smtpd;
	const setting = isTlsRequired(smtpd) ? 'smtpd_tls_mandatory_ciphers' : 'smtpd_tls_ciphers';
	const grade = settings.value(setting);
	const remedy = settingRemedy(smtpd, setting, 'medium', 'service');
	if (['export', 'low', 'null'].includes(grade))
		return review([postfixFinding('postfix-ciphers-weak', `${place}, ${setting}`, 'medium or high', grade, remedy)]);
	const list = grade === 'high' ? 'tls_high_cipherlist' : 'tls_medium_cipherlist';
	const weak = findWeakCiphers(settings.value(list));
	return weak.length === 0
		? { ...review([]), notUnderstood: unclearCiphers(smtpd) }
		: review([postfixFinding('postfix-ciphers-weak', `${place}, ${list}`, 'no such ciphers', weak.join(' '), `Take them out of ${list}.`)]);
}

/** Settings that exclude ciphers which clients need. Whether enough ciphers remain is not worked out. */
function unclearCiphers({ settings, place }: SmtpdService): ServerReview['notUnderstood'] {
	const unclear = ['smtpd_tls_exclude_ciphers', 'smtpd_tls_mandatory_exclude_ciphers']
		.filter((name) =>
			settings
				.value(name)
				.split(/[\s,:]+/)
				.some((word) => NEEDED_CIPHERS.test(word)),
		)
		.map((name) => ({ place: `${place}, ${name}`, reason: `which ciphers "${settings.value(name)}" leaves over is not worked out here` }));
	const grade = settings.value('smtpd_tls_eecdh_grade');
	return ['auto', 'strong', 'ultra'].includes(grade)
		? unclear
		: [...unclear, { place: `${place}, smtpd_tls_eecdh_grade`, reason: `"${grade}" takes ciphers out that clients of today begin with` }];
}

/** Ciphers that current clients prefer, and families that contain them. */
const NEEDED_CIPHERS = /^(?:k?E?ECDHE?|AES(?:128|256)?(?:GCM)?|AESGCM|CHACHA20|HIGH|ALL|DEFAULT|a(?:RSA|ECDSA)|SHA(?:256|384))$/i;

function checkCertificates(smtpd: SmtpdService): ServerReview {
	const { settings, place } = smtpd;
	// Where smtpd_tls_chain_files is set, Postfix ignores the older settings (postconf(5)).
	const chain = settings.value('smtpd_tls_chain_files');
	const files = (chain === '' ? [settings.value('smtpd_tls_cert_file'), settings.value('smtpd_tls_eccert_file')] : [chain]).filter(
		(file) => file !== '' && file !== 'none',
	);
	const [first] = files;
	const wanted = 'smtpd_tls_chain_files = key and certificates';
	if (first === undefined) return review([postfixFinding('postfix-no-certificate', place, wanted, 'none')]);
	const snakeoil = files.find((file) => /snakeoil/.test(file));
	const notLookedAt = [{ place: first, reason: 'whether the certificate is valid, and for which names: signpost check looks at that' }];
	if (settings.value('tls_server_sni_maps') !== '')
		notLookedAt.push({ place: settings.value('tls_server_sni_maps'), reason: 'the certificates of single names (tls_server_sni_maps)' });
	return {
		findings: snakeoil === undefined ? [] : [postfixFinding('postfix-snakeoil', place, wanted, snakeoil)],
		notUnderstood: [],
		notLookedAt,
	};
}
