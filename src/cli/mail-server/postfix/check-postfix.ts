/** A given Postfix configuration against the record. */
import type { SocketOffer } from '../../../model/config.ts';
import { SOCKET_SERVICES } from '../../../model/service-ports.ts';
import type { MailServerFinding } from '../mail-server-finding.ts';
import { effectiveSetting, isYes, listeningPort, type MainCf, type MasterCfService } from './parse-postfix.ts';
import { postfixFinding } from './postfix-findings.ts';

/** @param offers what the record offers; only submission concerns Postfix */
export function checkPostfix(
	main: MainCf,
	master: readonly MasterCfService[],
	offers: readonly SocketOffer[],
): readonly MailServerFinding[] {
	const servers = master.filter(({ type, command }) => type === 'inet' && command === 'smtpd');
	const submission = offers.filter(({ kind }) => kind === 'smtp');
	const offered = submission.map((offer) => ({ offer, services: servers.filter((service) => listeningPort(service) === offer.port) }));
	return [
		...offered.flatMap(({ offer, services }) =>
			services.length === 0 ? [absentPortFinding(offer)] : services.flatMap((each) => checkService(main, each, offer)),
		),
		...servers.flatMap((service) => cleartextAuthFindings(main, service)),
		...unlistedPortFindings(servers, submission),
		...certificateFindings(main, servers),
		...logNameFindings(
			main,
			offered.flatMap(({ services }) => services),
		),
	];
}

function placeOf({ name }: MasterCfService): string {
	return `master.cf: ${name} inet`;
}

function absentPortFinding({ port, security }: SocketOffer): MailServerFinding {
	return postfixFinding(
		'postfix-port-absent',
		`master.cf: ${port}`,
		`smtpd on port ${port} (${security === 'tls' ? 'implicit TLS' : 'STARTTLS'})`,
		'none',
	);
}

function checkService(main: MainCf, service: MasterCfService, offer: SocketOffer): readonly MailServerFinding[] {
	const value = (name: string) => effectiveSetting(main, service, name);
	const place = placeOf(service);
	const wrapped = isYes(value('smtpd_tls_wrappermode'));
	const findings: MailServerFinding[] = [];
	if (offer.security === 'tls' && !wrapped)
		findings.push(postfixFinding('postfix-not-wrapped', place, 'smtpd_tls_wrappermode=yes', value('smtpd_tls_wrappermode')));
	if (offer.security === 'starttls') {
		if (wrapped) findings.push(postfixFinding('postfix-wrapped', place, 'smtpd_tls_wrappermode=no', 'yes'));
		else if (!isTlsRequired(value))
			findings.push(postfixFinding('postfix-tls-optional', place, 'smtpd_tls_security_level=encrypt', tlsSecurityLevel(value)));
	}
	if (!isYes(value('smtpd_sasl_auth_enable')))
		findings.push(postfixFinding('postfix-no-auth', place, 'smtpd_sasl_auth_enable=yes', value('smtpd_sasl_auth_enable')));
	// postconf(5): the mandatory list is for TLS that must be, the other for TLS that may be.
	const setting = wrapped || isTlsRequired(value) ? 'smtpd_tls_mandatory_protocols' : 'smtpd_tls_protocols';
	const oldest = oldestAllowedTlsVersion(value(setting));
	if (oldest !== null)
		findings.push(
			postfixFinding('postfix-tls-old', `${place}, ${setting}`, '>=TLSv1.2', `${value(setting) || 'everything'}: ${oldest} and later`),
		);
	return findings;
}

type SettingReader = (name: string) => string;

/** TLS must come first. smtpd_enforce_tls is the old name, which a set level overrides. */
function isTlsRequired(value: SettingReader): boolean {
	const set = value('smtpd_tls_security_level');
	return set === '' ? isYes(value('smtpd_enforce_tls')) : set === 'encrypt';
}

function tlsSecurityLevel(value: SettingReader): string {
	return value('smtpd_tls_security_level') || 'none';
}

/** Any port, 25 too: AUTH is offered before TLS. */
function cleartextAuthFindings(main: MainCf, service: MasterCfService): readonly MailServerFinding[] {
	const value: SettingReader = (name) => effectiveSetting(main, service, name);
	const safe = ['smtpd_tls_wrappermode', 'smtpd_tls_auth_only'].some((name) => isYes(value(name))) || isTlsRequired(value);
	if (!isYes(value('smtpd_sasl_auth_enable')) || safe) return [];
	return [postfixFinding('postfix-auth-before-tls', placeOf(service), 'smtpd_tls_auth_only=yes', value('smtpd_tls_auth_only'))];
}

function unlistedPortFindings(servers: readonly MasterCfService[], offers: readonly SocketOffer[]): readonly MailServerFinding[] {
	const { implicit, registeredStarttls } = SOCKET_SERVICES.submission;
	return servers.flatMap((service) => {
		const port = listeningPort(service);
		if (port !== implicit && port !== registeredStarttls) return [];
		if (offers.some((offer) => offer.port === port)) return [];
		return [
			postfixFinding('postfix-port-unlisted', placeOf(service), 'no service: the record does not offer the port', `smtpd on port ${port}`),
		];
	});
}

function certificateFindings(main: MainCf, servers: readonly MasterCfService[]): readonly MailServerFinding[] {
	const [first] = servers;
	if (first === undefined) return [];
	const files = servers.map(
		(service) => effectiveSetting(main, service, 'smtpd_tls_chain_files') || effectiveSetting(main, service, 'smtpd_tls_cert_file'),
	);
	const wanted = 'smtpd_tls_chain_files = key and certificates';
	// Port 25 may do without; a service for users may not, and main.cf is where it is set for all.
	if (files.every((file) => file === '' || file === 'none')) return [postfixFinding('postfix-no-certificate', 'main.cf', wanted, 'none')];
	const snakeoil = files.find((file) => /snakeoil/.test(file));
	return snakeoil === undefined ? [] : [postfixFinding('postfix-snakeoil', 'main.cf', wanted, snakeoil)];
}

function logNameFindings(main: MainCf, services: readonly MasterCfService[]): readonly MailServerFinding[] {
	const names = services.map((service) => effectiveSetting(main, service, 'syslog_name'));
	if (new Set(names).size === names.length) return [];
	return [postfixFinding('postfix-log-names', services.map(placeOf).join(', '), 'a syslog_name each', [...new Set(names)].join(', '))];
}

const TLS_VERSIONS = ['SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

/** The oldest version below TLS 1.2 that a protocol list allows; null where there is none (postconf(5), smtpd_tls_mandatory_protocols). */
export function oldestAllowedTlsVersion(list: string): string | null {
	const words = list.split(/[\s,:]+/).filter((word) => word !== '');
	const at = (name: string) => TLS_VERSIONS.findIndex((version) => version.toLowerCase() === name.toLowerCase());
	const floor = words.map((word) => /^>=(.+)$/.exec(word)?.[1]).find((word) => word !== undefined);
	const named = words.filter((word) => !/^[!<>]/.test(word)).map(at);
	// A Postfix that knows ">=" has no SSL any more: OpenSSL has left it behind.
	const allowed = TLS_VERSIONS.filter((_, index) => {
		if (words.some((word) => word.startsWith('!') && at(word.slice(1)) === index)) return false;
		if (named.length > 0 && !named.includes(index)) return false;
		return floor === undefined ? true : index >= at(floor);
	});
	const [oldest] = allowed;
	return oldest === undefined || TLS_VERSIONS.indexOf(oldest) >= TLS_VERSIONS.indexOf('TLSv1.2') ? null : oldest;
}
