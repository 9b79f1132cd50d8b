/** A given Dovecot configuration against the record. */
import type { SocketOffer } from '../../../model/config.ts';
import type { MailServerFinding } from '../mail-server-finding.ts';
import { dovecotFinding } from './dovecot-findings.ts';
import { type DovecotListener, listenersOf } from './dovecot-listeners.ts';
import type { DovecotBlock } from './parse-dovecot.ts';

/** @param offers what the record offers; submission is Postfix's but for who may log in */
export function checkDovecot(config: DovecotBlock, offers: readonly SocketOffer[]): readonly MailServerFinding[] {
	const listeners = listenersOf(config);
	const ours = offers.filter(({ kind }) => kind !== 'smtp');
	return [
		...ours.flatMap((offer) => checkOffer(offer, listeners)),
		...listeners.flatMap((listener) => unlistedPortFindings(listener, ours)),
		...(ours.length === 0 ? [] : tlsFindings(config)),
		...mechanismFindings(config, offers),
	];
}

function placeOf({ name, port }: DovecotListener): string {
	return `inet_listener ${name} (port ${port})`;
}

function checkOffer({ kind, port, security }: SocketOffer, listeners: readonly DovecotListener[]): readonly MailServerFinding[] {
	const listener = listeners.find((each) => each.kind === kind && each.port === port);
	const wanted = security === 'tls' ? 'ssl = yes' : 'ssl = no';
	if (listener === undefined) return [dovecotFinding('dovecot-port-absent', `${kind}, port ${port}`, `a listener with ${wanted}`, 'none')];
	if (security === 'tls' && !listener.ssl) return [dovecotFinding('dovecot-not-implicit', placeOf(listener), wanted, 'ssl = no')];
	if (security === 'starttls' && listener.ssl) return [dovecotFinding('dovecot-implicit', placeOf(listener), wanted, 'ssl = yes')];
	return [];
}

function unlistedPortFindings(listener: DovecotListener, offers: readonly SocketOffer[]): readonly MailServerFinding[] {
	if (offers.some(({ kind, port }) => kind === listener.kind && port === listener.port)) return [];
	return [dovecotFinding('dovecot-port-unlisted', placeOf(listener), 'off: the record does not offer the port', 'on')];
}

function tlsFindings({ settings }: DovecotBlock): readonly MailServerFinding[] {
	const findings: MailServerFinding[] = [];
	const ssl = settings.get('ssl') ?? 'yes';
	if (ssl === 'no') findings.push(dovecotFinding('dovecot-tls-off', 'ssl', 'required', ssl));
	else if (ssl !== 'required') findings.push(dovecotFinding('dovecot-tls-optional', 'ssl', 'required', ssl));
	// 2.3 says when not, 2.4 says when. ssl = required forbids it whatever these say.
	const [old, current] = [settings.get('disable_plaintext_auth'), settings.get('auth_allow_cleartext')];
	if (ssl !== 'required' && (old === 'no' || current === 'yes'))
		findings.push(
			old === 'no'
				? dovecotFinding('dovecot-auth-before-tls', 'disable_plaintext_auth', 'yes', old)
				: dovecotFinding('dovecot-auth-before-tls', 'auth_allow_cleartext', 'no', 'yes'),
		);
	// Unset is TLS 1.2 since 2.3.15.
	const least = settings.get('ssl_min_protocol');
	if (least !== undefined && !['TLSv1.2', 'TLSv1.3', 'LATEST'].includes(least))
		findings.push(dovecotFinding('dovecot-tls-old', 'ssl_min_protocol', 'TLSv1.2', least));
	if (ssl !== 'no' && ['ssl_cert', 'ssl_server_cert_file', 'ssl_server_cert'].every((name) => (settings.get(name) ?? '') === ''))
		findings.push(dovecotFinding('dovecot-no-certificate', 'ssl_cert', 'a certificate', 'none'));
	return findings;
}

/** Any of these answers what the record calls `oauth2` or `password`. */
const SASL_MECHANISMS = { oauth2: ['xoauth2', 'oauthbearer'], password: ['plain', 'login'] } as const;

function mechanismFindings({ settings }: DovecotBlock, offers: readonly SocketOffer[]): readonly MailServerFinding[] {
	const offered = (settings.get('auth_mechanisms') ?? 'plain').toLowerCase().split(/\s+/);
	const wanted = new Set(offers.flatMap(({ auth }) => auth));
	return [...wanted].flatMap((auth) =>
		SASL_MECHANISMS[auth].some((name) => offered.includes(name))
			? []
			: [dovecotFinding('dovecot-mechanism-missing', 'auth_mechanisms', SASL_MECHANISMS[auth].join(' or '), offered.join(' '))],
	);
}
