/**
 * The Dovecot configuration that matches a record, for a file that is read behind the host's own. It adds: protocols, ways to log in,
 * certificates for single names, listeners on ports that Dovecot does not have anyway. Nothing else in the host's configuration changes.
 */
import type { AuthMethod, SocketOffer } from '../../../model/config.ts';
import { CERTIFICATE_FOLDER, type ServerOffers } from '../server-offers.ts';
import { DOVECOT_KINDS, type DovecotKind, type DovecotVersion, defaultListeners, LOGIN_SERVICES } from './dovecot-listeners.ts';

export function renderDovecot({ offers }: ServerOffers, version: DovecotVersion): string {
	const ours = offers.filter(({ kind }) => kind !== 'smtp');
	if (offers.length === 0) return '# The record offers nothing that Dovecot has a part in.\n';
	const kinds = DOVECOT_KINDS.filter((kind) => ours.some((offer) => offer.kind === kind));
	return [
		`# For Dovecot ${version}${version === '2.3' ? ' (2.4 has other names: --for 2.4)' : ''}. To be read last: conf.d/99-signpost.conf`,
		'# It adds to what the host has, and turns nothing off. signpost dovecot --check looks at the whole.',
		...(ours.length === 0 ? [] : renderTlsSettings(ours, version)),
		...renderMechanisms(offers, version),
		...(kinds.length === 0 ? [] : renderProtocols(kinds, version)),
		...kinds.flatMap((kind) => renderListeners(kind, ours, version)),
		...(offers.some(({ kind }) => kind === 'smtp') ? [POSTFIX_AUTH_SOCKET] : []),
	]
		.join('\n')
		.concat('\n');
}

function renderTlsSettings(offers: readonly SocketOffer[], version: DovecotVersion): readonly string[] {
	const hosts = [...new Set(offers.map((offer) => offer.host))];
	return [
		'# Nothing but STARTTLS is answered before TLS, and no password taken (RFC 8314 §4.1); programs of this machine may still do without.',
		'ssl = required',
		'# TLS 1.2 is the least since 2.3.15: leave ssl_min_protocol unset, or set it to TLSv1.2 or above (RFC 8996).',
		'# The certificate for the name that clients ask for; for every other name the one that the host has stays (RFC 9525 §6).',
		...hosts.map((host) => {
			const folder = `${CERTIFICATE_FOLDER}/${host}`;
			const [certificate, key] =
				version === '2.3'
					? [`ssl_cert = <${folder}/fullchain.pem`, `ssl_key = <${folder}/privkey.pem`]
					: [`ssl_server_cert_file = ${folder}/fullchain.pem`, `ssl_server_key_file = ${folder}/privkey.pem`];
			return `local_name ${host} {\n  ${certificate}\n  ${key}\n}`;
		}),
	];
}

const MECHANISMS_BY_METHOD = {
	password: ['plain', 'login'],
	oauth2: ['xoauth2', 'oauthbearer'],
} as const satisfies Record<AuthMethod, readonly string[]>;

function renderMechanisms(offers: readonly SocketOffer[], version: DovecotVersion): readonly string[] {
	const wanted = new Set(offers.flatMap((offer) => offer.auth));
	const mechanisms = (['password', 'oauth2'] as const).filter((auth) => wanted.has(auth)).flatMap((auth) => MECHANISMS_BY_METHOD[auth]);
	return [
		'# As the record says, beside what the host has. "login" is for Outlook, which knows no other for submission.',
		version === '2.3' ? `auth_mechanisms = $auth_mechanisms ${mechanisms.join(' ')}` : renderSwitches('auth_mechanisms', mechanisms),
	];
}

function renderProtocols(kinds: readonly DovecotKind[], version: DovecotVersion): readonly string[] {
	const names = kinds.map((kind) => LOGIN_SERVICES[kind].protocol);
	return [
		'# What the record offers, beside what the host has (lmtp, submission, …).',
		version === '2.3' ? `protocols = $protocols ${names.join(' ')}` : renderSwitches('protocols', names),
	];
}

/** Renders the block with which 2.4 changes single entries of a list. */
function renderSwitches(name: string, entries: readonly string[]): string {
	return `${name} {\n${entries.map((entry) => `  ${entry} = yes\n`).join('')}}`;
}

/**
 * Renders listeners for ports that Dovecot does not have by default. Default ports are left alone: a host that has changed one did so on
 * purpose.
 */
function renderListeners(kind: DovecotKind, offers: readonly SocketOffer[], version: DovecotVersion): readonly string[] {
	const { login } = LOGIN_SERVICES[kind];
	const defaults = defaultListeners(kind, version);
	const isDefault = ({ port, security }: SocketOffer) => defaults.some((each) => each.port === port && each.ssl === (security === 'tls'));
	const ours = offers.filter((offer) => offer.kind === kind);
	const added = ours.filter((offer) => !isDefault(offer));
	const present = ours.filter(isDefault).map(({ port }) => port);
	const notOffered = defaults.filter(({ port }) => !ours.some((offer) => offer.port === port));
	const lines: string[] = [];
	if (present.length > 0) lines.push(`# ${login} listens on ${present.join(' and ')} by itself.`);
	for (const { name, port } of notOffered)
		lines.push(`# The record does not offer port ${port}. Once nobody uses it: inet_listener ${name} with port = 0 in service ${login}.`);
	if (added.length > 0) {
		const blocks = added.map(
			({ port, security }) =>
				`  inet_listener ${kind}_${port} {\n    port = ${port}\n    ssl = ${security === 'tls' ? 'yes' : 'no'}\n  }\n`,
		);
		lines.push(`service ${login} {\n${blocks.join('')}}`);
	}
	return lines;
}

const POSTFIX_AUTH_SOCKET = `# Who may submit: Postfix asks here (smtpd_sasl_path = private/auth; signpost postfix prints its side).
service auth {
  unix_listener /var/spool/postfix/private/auth {
    mode = 0660
    user = postfix
    group = postfix
  }
}`;
