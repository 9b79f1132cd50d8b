/** Checks a Postfix configuration against the record. */

import type { Remark } from '../../../lib/result.ts';
import type { SocketOffer } from '../../../model/config.ts';
import { SOCKET_SERVICES } from '../../../model/service-ports.ts';
import type { MailServerFinding } from '../mail-server-finding.ts';
import { EMPTY_REVIEW, mergeReviews, type ServerReview } from '../server-review.ts';
import { checkLogin } from './check-login.ts';
import { checkRelay } from './check-relay.ts';
import { checkTls } from './check-tls.ts';
import { listeningAddress, type PostfixFiles } from './parse-postfix.ts';
import { postfixFinding } from './postfix-findings.ts';
import { type SmtpdService, smtpdServices } from './postfix-service.ts';
import { ENUMERATED_SETTINGS, isUnknownBearingSetting } from './postfix-settings.ts';

/** @param offers what the record offers; only submission concerns Postfix */
export function checkPostfix(files: PostfixFiles, offers: readonly SocketOffer[]): ServerReview {
	const submission = offers.filter(({ kind }) => kind === 'smtp');
	const services = smtpdServices(files, submission);
	return mergeReviews([
		reviewOfLines(files),
		...submission.map((offer) => checkPort(offer, services)),
		...services.filter(({ isDisabled }) => !isDisabled).map((smtpd) => checkService(files, smtpd)),
		findingsOnly([...unlistedPortFindings(services), ...logNameFindings(services)]),
	]);
}

function findingsOnly(findings: readonly MailServerFinding[]): ServerReview {
	return { ...EMPTY_REVIEW, findings };
}

function reviewOfLines({ main, services, unreadLines, repeatedServices }: PostfixFiles): ServerReview {
	const notUnderstood: Remark[] = [
		...unreadLines.map((line) => ({ place: `line "${line}"`, reason: 'is neither a setting nor a service' })),
		...repeatedServices.map((service) => ({ place: `master.cf: ${service}`, reason: 'stands there twice, with different settings' })),
		...[...main.keys()].filter(isUnknownBearingSetting).map((name) => ({ place: `main.cf: ${name}`, reason: UNKNOWN_SETTING })),
	];
	if (main.size === 0)
		notUnderstood.push({ place: 'main.cf', reason: 'no setting of it was given: give the file, or what postconf -n prints' });
	if (services.length === 0)
		notUnderstood.push({ place: 'master.cf', reason: 'no service of it was given: give the file, or what postconf -M prints' });
	return { ...EMPTY_REVIEW, notUnderstood };
}

const UNKNOWN_SETTING = 'is not known here, and may change what clients are offered';

/** Checks whether a port that the record offers is served, and to everybody. */
function checkPort({ port, security }: SocketOffer, all: readonly SmtpdService[]): ServerReview {
	const wanted = `smtpd on port ${port} (${security === 'tls' ? 'implicit TLS' : 'STARTTLS'})`;
	const services = all.filter((smtpd) => smtpd.service.type === 'inet' && smtpd.port === port);
	const running = services.filter(({ isDisabled }) => !isDisabled);
	const [first] = running;
	if (first === undefined) {
		const found = services.length === 0 ? 'none' : 'master_service_disable turns it off';
		const unnamed = all
			.filter((smtpd) => smtpd.port === null)
			.map(({ place }) => ({ place, reason: 'the port of that name is not known here' }));
		const remedy = services.length === 0 ? '' : 'Take it out of master_service_disable in main.cf.';
		return {
			...findingsOnly([postfixFinding('postfix-port-absent', `master.cf: ${port}`, wanted, found, remedy)]),
			notUnderstood: unnamed,
		};
	}
	const { service, settings, place } = first;
	if (!running.every(({ isLocal }) => isLocal)) {
		const protocols = settings.value('inet_protocols');
		return protocols === 'ipv6'
			? findingsOnly([postfixFinding('postfix-ipv6-only', 'main.cf: inet_protocols', 'all', protocols)])
			: EMPTY_REVIEW;
	}
	const byInterfaces = service.name === String(port) || !service.name.includes(':');
	return findingsOnly([
		postfixFinding(
			'postfix-loopback',
			place,
			'an address that clients reach',
			byInterfaces ? `inet_interfaces = ${settings.value('inet_interfaces')}` : service.name,
			byInterfaces ? 'Set inet_interfaces = all in main.cf.' : `Name the service ${service.name.replace(/^.*:/, '')} in master.cf.`,
		),
	]);
}

function checkService(files: PostfixFiles, smtpd: SmtpdService): ServerReview {
	const { service, settings, place, isLocal, offer } = smtpd;
	const notUnderstood: Remark[] = [...service.overrides.keys()]
		.filter(isUnknownBearingSetting)
		.map((name) => ({ place: `${place}, -o ${name}`, reason: UNKNOWN_SETTING }));
	const review = mergeReviews([
		offer === null ? EMPTY_REVIEW : checkTls(smtpd),
		checkLogin(smtpd),
		isLocal ? EMPTY_REVIEW : checkRelay(smtpd),
		isLocal && offer === null ? EMPTY_REVIEW : findingsOnly(valueFindings(files, smtpd)),
		isLocal ? EMPTY_REVIEW : { ...EMPTY_REVIEW, notLookedAt: beyondFiles(smtpd) },
	]);
	// References without a value are known only after all settings have been read.
	notUnderstood.push(
		...(isLocal && offer === null ? [] : settings.unresolved()).map(([setting, name]) => ({
			place: `${place}, ${setting}`,
			reason: `refers to $${name}, whose value is not given (postconf ${name} prints it)`,
		})),
	);
	return { ...review, notUnderstood: [...review.notUnderstood, ...notUnderstood] };
}

/** Findings about invalid values, and about arguments with which Postfix's daemons refuse to start. */
function valueFindings(_files: PostfixFiles, { service, settings, place }: SmtpdService): readonly MailServerFinding[] {
	const findings = [...ENUMERATED_SETTINGS].flatMap(([name, allowed]) => {
		const value = settings.value(name);
		if (allowed.includes(value.toLowerCase())) return [];
		const comment = value.includes('#') ? 'Put the comment on a line of its own: Postfix has none behind a value.' : '';
		return [postfixFinding('postfix-value', `${place}, ${name}`, allowed.filter((word) => word !== '').join(' or '), value, comment)];
	});
	if (service.strayArguments.length > 0)
		findings.push(postfixFinding('postfix-argument', place, 'nothing but -o settings', service.strayArguments.join(' ')));
	return findings;
}

/** What also decides, but is not in any of Postfix's configuration files. */
function beyondFiles({ service, settings, place, offer }: SmtpdService): readonly Remark[] {
	if (offer === null) return [];
	const names = [
		['smtpd_milters', 'milters may refuse mail'],
		['smtpd_proxy_filter', 'a filter may refuse mail'],
		['content_filter', 'a filter may refuse mail'],
		['smtpd_command_filter', 'a table rewrites commands'],
		['smtpd_discard_ehlo_keyword_address_maps', 'a table takes EHLO keywords out for some clients'],
		['smtpd_upstream_proxy_protocol', 'clients come through a proxy, whose ports and TLS are its own'],
	] as const;
	const used: Remark[] = names
		.filter(([name]) => settings.value(name) !== '')
		.map(([name, reason]) => ({ place: `${place}, ${name} = ${settings.value(name)}`, reason }));
	used.push({
		place: `${place}, smtpd_sasl_path`,
		reason: 'who may log in, and how: the SASL service says (Dovecot: signpost dovecot --check)',
	});
	const interfaces = settings.value('inet_interfaces');
	const address = listeningAddress(service);
	if (address !== null) used.push({ place, reason: `whether clients reach ${address}` });
	if (interfaces !== 'all') used.push({ place: 'main.cf: inet_interfaces', reason: `whether clients reach ${interfaces}` });
	return used;
}

function unlistedPortFindings(services: readonly SmtpdService[]): readonly MailServerFinding[] {
	const { implicit, registeredStarttls } = SOCKET_SERVICES.submission;
	return services.flatMap(({ port, offer, place, isDisabled }) =>
		offer === null && !isDisabled && (port === implicit || port === registeredStarttls)
			? [postfixFinding('postfix-port-unlisted', place, 'no service: the record does not offer the port', `smtpd on port ${port}`)]
			: [],
	);
}

function logNameFindings(all: readonly SmtpdService[]): readonly MailServerFinding[] {
	const services = all.filter(({ offer, isDisabled }) => offer !== null && !isDisabled);
	const names = services.map(({ settings }) => settings.value('syslog_name'));
	if (new Set(names).size === names.length) return [];
	return [
		postfixFinding(
			'postfix-log-names',
			services.map(({ place }) => place).join(', '),
			'a syslog_name each',
			[...new Set(names)].join(', '),
		),
	];
}
