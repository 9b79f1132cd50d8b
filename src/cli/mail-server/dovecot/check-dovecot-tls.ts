/** Checks whether Dovecot requires TLS before anything else, and which versions and ciphers, in one scope of its configuration. */
import type { Remark } from '../../../lib/result.ts';
import type { MailServerFinding } from '../mail-server-finding.ts';
import { parseTlsProtocols } from '../postfix/tls-protocols.ts';
import type { ServerReview } from '../server-review.ts';
import { findWeakCiphers } from '../weak-ciphers.ts';
import { dovecotFinding } from './dovecot-findings.ts';
import { type DovecotListener, isLoopbackOnly } from './dovecot-listeners.ts';
import type { DovecotScope } from './dovecot-scopes.ts';

const CERTIFICATE_SETTINGS = ['ssl_cert', 'ssl_server_cert_file', 'ssl_server_cert', 'ssl_cert_file'];
const TLS_SETTINGS = [
	'ssl',
	'disable_plaintext_auth',
	'auth_allow_cleartext',
	'ssl_min_protocol',
	'ssl_protocols',
	'ssl_cipher_list',
	...CERTIFICATE_SETTINGS,
];

export function checkDovecotTls(scope: DovecotScope, listeners: readonly DovecotListener[]): ServerReview {
	const isRoot = scope.place === '';
	const nothing: ServerReview = { findings: [], notUnderstood: [], notLookedAt: [] };
	// Dovecot treats connections from its own addresses as secure, whatever is set.
	if (scope.clients === 'this machine' || scope.kinds.length === 0) return nothing;
	if (!isRoot && !TLS_SETTINGS.some((name) => scope.own.has(name))) return nothing;
	const reachable = listeners.filter(({ kind, addresses }) => scope.kinds.includes(kind) && !isLoopbackOnly(addresses));
	const findings: MailServerFinding[] = [];
	const notUnderstood: Remark[] = [];
	const place = (name: string) => (isRoot ? name : `${scope.place} { ${name} }`);
	const ssl = scope.value('ssl') ?? 'yes';
	if (!['no', 'yes', 'required'].includes(ssl))
		notUnderstood.push({ place: place('ssl'), reason: `"${ssl}" is no value that is known here` });
	if (ssl === 'no' && (isRoot || scope.own.has('ssl'))) findings.push(dovecotFinding('dovecot-tls-off', place('ssl'), 'required', ssl));
	else if (ssl !== 'no' && ssl !== 'required' && reachable.some((listener) => !listener.ssl) && (isRoot || scope.own.has('ssl')))
		findings.push(dovecotFinding('dovecot-tls-optional', place('ssl'), 'required', ssl));
	if (ssl !== 'required') findings.push(...cleartextFindings(scope, place));
	if (isRoot || scope.own.has('ssl_min_protocol') || scope.own.has('ssl_protocols')) {
		const { finding, reason } = checkVersion(scope, place);
		if (finding !== null) findings.push(finding);
		if (reason !== null) notUnderstood.push(reason);
	}
	if (isRoot || scope.own.has('ssl_cipher_list')) {
		const weak = findWeakCiphers(scope.value('ssl_cipher_list') ?? '');
		if (weak.length > 0) findings.push(dovecotFinding('dovecot-ciphers-weak', place('ssl_cipher_list'), 'no such ciphers', weak.join(' ')));
	}
	const certificates = CERTIFICATE_SETTINGS.map((name) => scope.value(name) ?? '').filter((value) => value !== '');
	if (isRoot && ssl !== 'no' && certificates.length === 0)
		findings.push(dovecotFinding('dovecot-no-certificate', 'ssl_cert', 'a certificate', 'none'));
	const own = isRoot ? certificates : CERTIFICATE_SETTINGS.map((name) => scope.own.get(name) ?? '');
	const snakeoil = own.find((value) => /snakeoil/.test(value));
	if (snakeoil !== undefined)
		findings.push(dovecotFinding('dovecot-snakeoil', place('ssl_cert'), 'a certificate that clients trust', snakeoil));
	return { findings, notUnderstood, notLookedAt: [] };
}

/**
 * Findings about logins without TLS. Dovecot 2.3 has a setting that forbids them, 2.4 one that allows them; ssl = required forbids them in
 * any case.
 */
function cleartextFindings(scope: DovecotScope, place: (name: string) => string): readonly MailServerFinding[] {
	const settings = [
		{ name: 'disable_plaintext_auth', wanted: 'yes', open: 'no' },
		{ name: 'auth_allow_cleartext', wanted: 'no', open: 'yes' },
	];
	return settings.flatMap(({ name, wanted, open }) => {
		if (scope.value(name) !== open || (scope.place !== '' && !scope.own.has(name) && !scope.own.has('ssl'))) return [];
		const code = scope.clients === 'private networks' ? 'dovecot-internal-auth' : 'dovecot-auth-before-tls';
		return [dovecotFinding(code, place(name), wanted, open)];
	});
}

interface VersionCheck {
	readonly finding: MailServerFinding | null;
	readonly reason: Remark | null;
}

function checkVersion(scope: DovecotScope, place: (name: string) => string): VersionCheck {
	const least = scope.value('ssl_min_protocol');
	if (least !== undefined) {
		if (['TLSv1.2', 'TLSv1.3', 'LATEST'].includes(least)) return { finding: null, reason: null };
		if (!['SSLv3', 'TLSv1', 'TLSv1.1', 'ANY'].includes(least))
			return { finding: null, reason: { place: place('ssl_min_protocol'), reason: `"${least}" is no TLS version that is known here` } };
		return { finding: dovecotFinding('dovecot-tls-old', place('ssl_min_protocol'), 'TLSv1.2', least), reason: null };
	}
	// 2.2 had a list; 2.3 takes its oldest version for ssl_min_protocol. Unset is TLS 1.2 since 2.3.15.
	const list = scope.value('ssl_protocols');
	if (list === undefined) return { finding: null, reason: null };
	const { allowed, unknown } = parseTlsProtocols(list);
	if (unknown.length > 0)
		return {
			finding: null,
			reason: { place: place('ssl_protocols'), reason: `"${unknown.join(' ')}" is no TLS version that is known here` },
		};
	const [oldest] = allowed;
	if (oldest === 'TLSv1.2' || oldest === 'TLSv1.3') return { finding: null, reason: null };
	return { finding: dovecotFinding('dovecot-tls-old', place('ssl_protocols'), 'ssl_min_protocol = TLSv1.2', list), reason: null };
}
