/** The Postfix configuration that matches a record: what to put into main.cf and master.cf. */
import type { SocketOffer } from '../../../model/config.ts';
import { SOCKET_SERVICES } from '../../../model/service-ports.ts';
import type { ServerOffers } from '../server-offers.ts';

/** A setting and why it is there. */
export interface PostfixSetting {
	readonly name: string;
	readonly value: string;
	readonly why: string;
}

export interface PostfixService {
	/** As master.cf names it. */
	readonly name: string;
	readonly port: number;
	readonly settings: readonly PostfixSetting[];
}

export interface PostfixConfig {
	readonly main: readonly PostfixSetting[];
	readonly services: readonly PostfixService[];
	/** What the operator should know beside. */
	readonly notes: readonly string[];
}

/** Where certificates are, unless the operator says otherwise: where certbot puts them. */
export const CERTIFICATE_FOLDER = '/etc/letsencrypt/live';

export function postfixConfig({ offers, starttlsEndsOn }: ServerOffers): PostfixConfig {
	const submission = offers.filter(({ kind }) => kind === 'smtp');
	return {
		main: mainSettings(submission),
		services: submission.map(submissionService),
		notes: [
			...(submission.length === 0 ? ['The record offers no submission: nothing for Postfix to do.'] : []),
			...unofferedPortNotes(submission),
			...(starttlsEndsOn === null ? [] : [`The record ends STARTTLS on ${starttlsEndsOn}: take its service out on that day, not before.`]),
		],
	};
}

function mainSettings(submission: readonly SocketOffer[]): readonly PostfixSetting[] {
	const [first] = submission;
	if (first === undefined) return [];
	const folder = `${CERTIFICATE_FOLDER}/${first.host}`;
	return [
		{
			name: 'smtpd_tls_chain_files',
			value: `${folder}/privkey.pem, ${folder}/fullchain.pem`,
			why: `Key first, then the certificates. They must cover ${[...new Set(submission.map(({ host }) => host))].join(', ')} (RFC 9525 §6).`,
		},
		{ name: 'smtpd_tls_security_level', value: 'may', why: 'Port 25 offers TLS and cannot demand it (RFC 3207 §4).' },
		{ name: 'smtpd_tls_auth_only', value: 'yes', why: 'No AUTH before TLS, on any port (RFC 8314 §4.1).' },
		{
			name: 'smtpd_tls_protocols',
			value: '>=TLSv1.2',
			why: 'TLS 1.0 and 1.1 are gone (RFC 8996). Postfix before 3.6: !SSLv2, !SSLv3, !TLSv1, !TLSv1.1',
		},
		{ name: 'smtpd_tls_mandatory_protocols', value: '>=TLSv1.2', why: 'The same where TLS must be.' },
		{ name: 'smtpd_sasl_type', value: 'dovecot', why: 'Who may log in is Dovecot’s to say; signpost dovecot prints its side.' },
		{ name: 'smtpd_sasl_path', value: 'private/auth', why: 'Dovecot’s socket, below /var/spool/postfix.' },
		{ name: 'smtpd_sasl_auth_enable', value: 'no', why: 'Not on port 25: users submit on the ports below.' },
	];
}

function submissionService({ port, security }: SocketOffer): PostfixService {
	const implicit = security === 'tls';
	const label = implicit ? 'submissions' : 'submission';
	const standard = implicit ? SOCKET_SERVICES.submission.implicit : SOCKET_SERVICES.submission.registeredStarttls;
	return {
		name: port === standard ? label : String(port),
		port,
		settings: [
			{ name: 'syslog_name', value: `postfix/${label}`, why: 'So that signpost usage can tell the ports apart.' },
			...(implicit
				? [{ name: 'smtpd_tls_wrappermode', value: 'yes', why: 'TLS from the first byte (RFC 8314 §3.3).' }]
				: [{ name: 'smtpd_tls_security_level', value: 'encrypt', why: 'Nothing before STARTTLS (RFC 8314 §4.1).' }]),
			{ name: 'smtpd_sasl_auth_enable', value: 'yes', why: 'Users log in here (RFC 6409 §4.3).' },
			{ name: 'smtpd_client_restrictions', value: '', why: 'Rules for strangers’ servers are not for users.' },
			{ name: 'smtpd_helo_restrictions', value: '', why: '' },
			{ name: 'smtpd_sender_restrictions', value: '', why: '' },
			{ name: 'smtpd_recipient_restrictions', value: '', why: '' },
			{ name: 'smtpd_relay_restrictions', value: 'permit_sasl_authenticated,reject', why: 'Nobody else sends here.' },
			{ name: 'milter_macro_daemon_name', value: 'ORIGINATING', why: 'Filters know that it is a user’s mail.' },
		],
	};
}

function unofferedPortNotes(submission: readonly SocketOffer[]): readonly string[] {
	if (submission.length === 0) return [];
	const { implicit, registeredStarttls } = SOCKET_SERVICES.submission;
	const offers = (port: number) => submission.some((offer) => offer.port === port);
	return [
		...(offers(implicit)
			? []
			: ['The record does not offer 465: if master.cf has a service "submissions" or "smtps", take it out or offer it.']),
		...(offers(registeredStarttls)
			? []
			: ['The record does not offer 587: take the service "submission" out of master.cf once nobody uses it; signpost usage says when.']),
	];
}

export function renderPostfix({ main, services, notes }: PostfixConfig): string {
	const head = notes.map((note) => `# ${note}\n`).join('');
	const settings = main.map(({ name, value, why }) => `# ${why}\n${name} = ${value}\n`).join('');
	return `${head}${main.length === 0 ? '' : `# ---- main.cf ----\n${settings}\n# ---- master.cf ----\n`}${services.map(renderService).join('')}`;
}

// master(5): columns are service, type, private, unprivileged, chroot, wakeup, processes, command. A comment may stand between continued lines.
function renderService({ name, settings }: PostfixService): string {
	const lines = settings.map(({ name: setting, value, why }) => `${why === '' ? '' : `  # ${why}\n`}  -o ${setting}=${value}\n`);
	return `${name.padEnd(11)} inet  n       -       n       -       -       smtpd\n${lines.join('')}`;
}
