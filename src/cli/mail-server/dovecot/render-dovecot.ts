/** The Dovecot configuration that matches a record. */
import type { SocketOffer } from '../../../model/config.ts';
import { CERTIFICATE_FOLDER } from '../postfix/render-postfix.ts';
import type { ServerOffers } from '../server-offers.ts';
import { type DovecotKind, LOGIN_SERVICES } from './dovecot-listeners.ts';

/** Dovecot changed its settings' names with 2.4. */
export const DOVECOT_VERSIONS = ['2.3', '2.4'] as const;
export type DovecotVersion = (typeof DOVECOT_VERSIONS)[number];

/** A configuration for one file: put it where it is read last, such as conf.d/99-signpost.conf. */
export function renderDovecot({ offers }: ServerOffers, version: DovecotVersion): string {
	const ours = offers.filter(({ kind }) => kind !== 'smtp');
	const [first] = ours.length > 0 ? ours : offers;
	if (first === undefined) return '# The record offers nothing that Dovecot has a part in.\n';
	const kinds = (Object.keys(LOGIN_SERVICES) as DovecotKind[]).filter((kind) => ours.some((offer) => offer.kind === kind));
	const services = kinds.map((kind) =>
		renderService(
			kind,
			ours.filter((offer) => offer.kind === kind),
		),
	);
	return [
		`# For Dovecot ${version}${version === '2.3' ? ' (2.4 has other names: --for 2.4)' : ''}. To be read last: conf.d/99-signpost.conf`,
		...(ours.length === 0 ? [] : renderTlsSettings(ours, first.host, version)),
		...renderAuthSettings(offers, version),
		...(kinds.length === 0
			? []
			: [
					'# What the record offers, and nothing else (lmtp, if you use it, is to be named here too).',
					`protocols = ${kinds.map((kind) => LOGIN_SERVICES[kind].protocol).join(' ')}`,
				]),
		...services,
		...(offers.some(({ kind }) => kind === 'smtp') ? [POSTFIX_AUTH_SOCKET] : []),
	]
		.join('\n')
		.concat('\n');
}

function renderTlsSettings(offers: readonly SocketOffer[], host: string, version: DovecotVersion): readonly string[] {
	const folder = `${CERTIFICATE_FOLDER}/${host}`;
	const names = [...new Set(offers.map((offer) => offer.host))].join(', ');
	const [certificate, key] =
		version === '2.3'
			? [`ssl_cert = <${folder}/fullchain.pem`, `ssl_key = <${folder}/privkey.pem`]
			: [`ssl_server_cert_file = ${folder}/fullchain.pem`, `ssl_server_key_file = ${folder}/privkey.pem`];
	return [
		'# Nothing but STARTTLS is answered before TLS (RFC 8314 §4.1).',
		'ssl = required',
		`# The certificates must cover ${names} (RFC 9525 §6).`,
		certificate,
		key,
		'# TLS 1.0 and 1.1 are gone (RFC 8996).',
		'ssl_min_protocol = TLSv1.2',
	];
}

function renderAuthSettings(offers: readonly SocketOffer[], version: DovecotVersion): readonly string[] {
	const wanted = new Set(offers.flatMap((offer) => offer.auth));
	const mechanisms = [...(wanted.has('password') ? ['plain', 'login'] : []), ...(wanted.has('oauth2') ? ['xoauth2', 'oauthbearer'] : [])];
	return [
		'# No password before TLS, on any port.',
		version === '2.3' ? 'disable_plaintext_auth = yes' : 'auth_allow_cleartext = no',
		`# As the record says. "login" is for Outlook, which knows no other for submission.`,
		`auth_mechanisms = ${mechanisms.join(' ')}`,
	];
}

function renderService(kind: DovecotKind, offers: readonly SocketOffer[]): string {
	const { login, listeners } = LOGIN_SERVICES[kind];
	const blocks = offers.map(({ port, security }) => {
		const ssl = security === 'tls';
		const name = listeners.find((listener) => listener.ssl === ssl)?.name ?? `${kind}s`;
		return { name, port, ssl };
	});
	const off = listeners
		.filter(({ name }) => !blocks.some((block) => block.name === name))
		.map(({ name }) => ({ name, port: 0, ssl: false }));
	const lines = [...blocks, ...off].map(({ name, port, ssl }) =>
		port === 0
			? `  # The record does not offer it.\n  inet_listener ${name} {\n    port = 0\n  }`
			: `  inet_listener ${name} {\n    port = ${port}\n    ssl = ${ssl ? 'yes' : 'no'}\n  }`,
	);
	return `service ${login} {\n${lines.join('\n')}\n}`;
}

const POSTFIX_AUTH_SOCKET = `# Who may submit: Postfix asks here (smtpd_sasl_path = private/auth; signpost postfix prints its side).
service auth {
  unix_listener /var/spool/postfix/private/auth {
    mode = 0660
    user = postfix
    group = postfix
  }
}`;
