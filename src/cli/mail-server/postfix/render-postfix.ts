/**
 * The Postfix configuration that matches a record: services for master.cf. Nothing in main.cf is changed, and no restriction of the host
 * is emptied or replaced but the one that decides which clients a service talks to: nothing else in the host's configuration changes.
 */
import type { SocketOffer } from '../../../model/config.ts';
import { SOCKET_SERVICES } from '../../../model/service-ports.ts';
import { CERTIFICATE_FOLDER, type ServerOffers } from '../server-offers.ts';

/** A setting, with the reason for it. */
export interface PostfixSetting {
	readonly name: string;
	readonly value: string;
	readonly why: string;
}

export interface PostfixService {
	/** The name of the service in master.cf. */
	readonly name: string;
	readonly port: number;
	readonly settings: readonly PostfixSetting[];
}

export interface PostfixConfig {
	/** Settings for main.cf; always empty, because everything is set for the services alone. */
	readonly main: readonly PostfixSetting[];
	readonly services: readonly PostfixService[];
	/** Further notes for the operator. */
	readonly notes: readonly string[];
}

export function postfixConfig({ offers, starttlsEndsOn }: ServerOffers): PostfixConfig {
	const submission = offers.filter(({ kind }) => kind === 'smtp');
	return {
		main: [],
		services: submission.map(submissionService),
		notes: [
			...(submission.length === 0 ? ['The record offers no submission: nothing for Postfix to do.'] : HOST_NOTES),
			...unofferedPortNotes(submission),
			...(starttlsEndsOn === null ? [] : [`The record ends STARTTLS on ${starttlsEndsOn}: take its service out on that day, not before.`]),
		],
	};
}

const HOST_NOTES = [
	'A service of the same name that master.cf has already: keep its own -o lines, and add those that it lacks.',
	'The HELO, sender and recipient rules of main.cf hold for users too; where they hinder them, begin those lists with permit_sasl_authenticated.',
	'For port 25, if main.cf does not say so yet: smtpd_tls_auth_only = yes, and no smtpd_sasl_auth_enable.',
	'If main.cf does not exclude them yet: smtpd_tls_exclude_ciphers = aNULL. Postfix offers ciphers without a certificate by default, and signpost check warns of them.',
];

function submissionService({ port, security, host }: SocketOffer): PostfixService {
	const implicit = security === 'tls';
	const label = implicit ? 'submissions' : 'submission';
	const standard = implicit ? SOCKET_SERVICES.submission.implicit : SOCKET_SERVICES.submission.registeredStarttls;
	const folder = `${CERTIFICATE_FOLDER}/${host}`;
	return {
		name: port === standard ? label : String(port),
		port,
		settings: [
			{ name: 'syslog_name', value: `postfix/${label}`, why: 'So that signpost usage can tell the ports apart.' },
			...(implicit
				? [{ name: 'smtpd_tls_wrappermode', value: 'yes', why: 'TLS from the first byte (RFC 8314 §3.3).' }]
				: [{ name: 'smtpd_tls_security_level', value: 'encrypt', why: 'Nothing before STARTTLS (RFC 8314 §4.1).' }]),
			{
				name: 'smtpd_tls_mandatory_protocols',
				value: '>=TLSv1.2',
				why: 'TLS 1.0 and 1.1 are gone (RFC 8996). Postfix before 3.6: !SSLv2,!SSLv3,!TLSv1,!TLSv1.1',
			},
			{
				name: 'smtpd_tls_chain_files',
				value: `${folder}/privkey.pem,${folder}/fullchain.pem`,
				why: `Key first, then the certificates, which must cover ${host} (RFC 9525 §6). Leave it out if main.cf has them.`,
			},
			{ name: 'smtpd_sasl_auth_enable', value: 'yes', why: 'Users log in here (RFC 6409 §4.3).' },
			{ name: 'smtpd_sasl_type', value: 'dovecot', why: 'Who may log in is Dovecot’s to say; signpost dovecot prints its side.' },
			{ name: 'smtpd_sasl_path', value: 'private/auth', why: '' },
			{ name: 'smtpd_client_restrictions', value: 'permit_sasl_authenticated,reject', why: 'Nobody but users sends here.' },
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
			: [`The record does not offer ${implicit}: if master.cf has a service "submissions" or "smtps", take it out or offer it.`]),
		...(offers(registeredStarttls)
			? []
			: [
					`The record does not offer ${registeredStarttls}: take the service "submission" out of master.cf once nobody uses it; signpost usage says when.`,
				]),
	];
}

export function renderPostfix({ services, notes }: PostfixConfig): string {
	const head = notes.map((note) => `# ${note}\n`).join('');
	return `${head}${services.length === 0 ? '' : '# ---- master.cf ----\n'}${services.map(renderService).join('')}`;
}

// master(5): columns are service, type, private, unprivileged, chroot, wakeup, processes, command. A comment may stand between continued
// lines.
function renderService({ name, settings }: PostfixService): string {
	const lines = settings.map(({ name: setting, value, why }) => `${why === '' ? '' : `  # ${why}\n`}  -o ${setting}=${value}\n`);
	return `${name.padEnd(11)} inet  n       -       n       -       -       smtpd\n${lines.join('')}`;
}
