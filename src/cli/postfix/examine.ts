/** A given Postfix configuration against the record. */
import type { SocketOffer } from '../../model/config.ts';
import { SOCKET_SERVICES } from '../../model/service.ts';
import type { ServerFinding } from '../server-finding.ts';
import { postfixFinding } from './codes.ts';
import { effective, isYes, type MainCf, type MasterService, portOf } from './files.ts';

/** @param offers what the record offers; only submission concerns Postfix */
export function examinePostfix(main: MainCf, master: readonly MasterService[], offers: readonly SocketOffer[]): readonly ServerFinding[] {
	const servers = master.filter(({ type, command }) => type === 'inet' && command === 'smtpd');
	const submission = offers.filter(({ kind }) => kind === 'smtp');
	const offered = submission.map((offer) => ({ offer, services: servers.filter((service) => portOf(service) === offer.port) }));
	return [
		...offered.flatMap(({ offer, services }) =>
			services.length === 0 ? [absent(offer)] : services.flatMap((each) => examineService(main, each, offer)),
		),
		...servers.flatMap((service) => authInTheClear(main, service)),
		...unlisted(servers, submission),
		...certificate(main, servers),
		...logNames(
			main,
			offered.flatMap(({ services }) => services),
		),
	];
}

function placeOf({ name }: MasterService): string {
	return `master.cf: ${name} inet`;
}

function absent({ port, security }: SocketOffer): ServerFinding {
	return postfixFinding(
		'postfix-port-absent',
		`master.cf: ${port}`,
		`smtpd on port ${port} (${security === 'tls' ? 'implicit TLS' : 'STARTTLS'})`,
		'none',
	);
}

function examineService(main: MainCf, service: MasterService, offer: SocketOffer): readonly ServerFinding[] {
	const value = (name: string) => effective(main, service, name);
	const place = placeOf(service);
	const wrapped = isYes(value('smtpd_tls_wrappermode'));
	const findings: ServerFinding[] = [];
	if (offer.security === 'tls' && !wrapped)
		findings.push(postfixFinding('postfix-not-wrapped', place, 'smtpd_tls_wrappermode=yes', value('smtpd_tls_wrappermode')));
	if (offer.security === 'starttls') {
		if (wrapped) findings.push(postfixFinding('postfix-wrapped', place, 'smtpd_tls_wrappermode=no', 'yes'));
		else if (!required(value))
			findings.push(postfixFinding('postfix-tls-optional', place, 'smtpd_tls_security_level=encrypt', level(value)));
	}
	if (!isYes(value('smtpd_sasl_auth_enable')))
		findings.push(postfixFinding('postfix-no-auth', place, 'smtpd_sasl_auth_enable=yes', value('smtpd_sasl_auth_enable')));
	// postconf(5): the mandatory list is for TLS that must be, the other for TLS that may be.
	const setting = wrapped || required(value) ? 'smtpd_tls_mandatory_protocols' : 'smtpd_tls_protocols';
	const oldest = oldestAllowed(value(setting));
	if (oldest !== null)
		findings.push(
			postfixFinding('postfix-tls-old', `${place}, ${setting}`, '>=TLSv1.2', `${value(setting) || 'everything'}: ${oldest} and later`),
		);
	return findings;
}

type Value = (name: string) => string;

/** TLS must come first. smtpd_enforce_tls is the old name, which a set level overrides. */
function required(value: Value): boolean {
	const set = value('smtpd_tls_security_level');
	return set === '' ? isYes(value('smtpd_enforce_tls')) : set === 'encrypt';
}

function level(value: Value): string {
	return value('smtpd_tls_security_level') || 'none';
}

/** Any port, 25 too: AUTH is offered before TLS. */
function authInTheClear(main: MainCf, service: MasterService): readonly ServerFinding[] {
	const value: Value = (name) => effective(main, service, name);
	const safe = ['smtpd_tls_wrappermode', 'smtpd_tls_auth_only'].some((name) => isYes(value(name))) || required(value);
	if (!isYes(value('smtpd_sasl_auth_enable')) || safe) return [];
	return [postfixFinding('postfix-auth-before-tls', placeOf(service), 'smtpd_tls_auth_only=yes', value('smtpd_tls_auth_only'))];
}

function unlisted(servers: readonly MasterService[], offers: readonly SocketOffer[]): readonly ServerFinding[] {
	const { implicit, registered } = SOCKET_SERVICES.submission;
	return servers.flatMap((service) => {
		const port = portOf(service);
		if (port !== implicit && port !== registered) return [];
		if (offers.some((offer) => offer.port === port)) return [];
		return [
			postfixFinding('postfix-port-unlisted', placeOf(service), 'no service: the record does not offer the port', `smtpd on port ${port}`),
		];
	});
}

function certificate(main: MainCf, servers: readonly MasterService[]): readonly ServerFinding[] {
	const [first] = servers;
	if (first === undefined) return [];
	const files = servers.map(
		(service) => effective(main, service, 'smtpd_tls_chain_files') || effective(main, service, 'smtpd_tls_cert_file'),
	);
	const wanted = 'smtpd_tls_chain_files = key and certificates';
	// Port 25 may do without; a service for users may not, and main.cf is where it is set for all.
	if (files.every((file) => file === '' || file === 'none')) return [postfixFinding('postfix-no-certificate', 'main.cf', wanted, 'none')];
	const snakeoil = files.find((file) => /snakeoil/.test(file));
	return snakeoil === undefined ? [] : [postfixFinding('postfix-snakeoil', 'main.cf', wanted, snakeoil)];
}

function logNames(main: MainCf, services: readonly MasterService[]): readonly ServerFinding[] {
	const names = services.map((service) => effective(main, service, 'syslog_name'));
	if (new Set(names).size === names.length) return [];
	return [postfixFinding('postfix-log-names', services.map(placeOf).join(', '), 'a syslog_name each', [...new Set(names)].join(', '))];
}

const VERSIONS = ['SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

/** The oldest version below TLS 1.2 that a protocol list allows; null where there is none (postconf(5), smtpd_tls_mandatory_protocols). */
export function oldestAllowed(list: string): string | null {
	const words = list.split(/[\s,:]+/).filter((word) => word !== '');
	const at = (name: string) => VERSIONS.findIndex((version) => version.toLowerCase() === name.toLowerCase());
	const floor = words.map((word) => /^>=(.+)$/.exec(word)?.[1]).find((word) => word !== undefined);
	const named = words.filter((word) => !/^[!<>]/.test(word)).map(at);
	// A Postfix that knows ">=" has no SSL any more: OpenSSL has left it behind.
	const allowed = VERSIONS.filter((_, index) => {
		if (words.some((word) => word.startsWith('!') && at(word.slice(1)) === index)) return false;
		if (named.length > 0 && !named.includes(index)) return false;
		return floor === undefined ? true : index >= at(floor);
	});
	const [oldest] = allowed;
	return oldest === undefined || VERSIONS.indexOf(oldest) >= VERSIONS.indexOf('TLSv1.2') ? null : oldest;
}
