/** Checks whether users can log in to an smtpd service, and only over TLS. */

import type { Remark } from '../../../lib/result.ts';
import { SOCKET_SERVICES } from '../../../model/service-ports.ts';
import type { MailServerFinding } from '../mail-server-finding.ts';
import { coversEverything, parseNetworks } from '../networks.ts';
import type { ServerReview } from '../server-review.ts';
import { postfixFinding } from './postfix-findings.ts';
import { isTlsRequired, type SmtpdService, settingRemedy } from './postfix-service.ts';
import { isYes } from './postfix-settings.ts';

/** Ports that people on the internet use: SMTP, and common alternatives for networks that block it. */
const PUBLIC_PORTS: readonly number[] = [25, 26, 2525, SOCKET_SERVICES.submission.implicit, SOCKET_SERVICES.submission.registeredStarttls];

export function checkLogin(smtpd: SmtpdService): ServerReview {
	const { settings, place, port, offer, isLocal } = smtpd;
	const findings: MailServerFinding[] = [];
	const notUnderstood: Remark[] = [];
	const notLookedAt: Remark[] = [];
	const offered = isYes(settings.value('smtpd_sasl_auth_enable'));
	if (offer !== null) findings.push(...offeredLoginFindings(smtpd));
	if (!offered || isLocal) return { findings, notUnderstood, notLookedAt };
	const isPublic = offer !== null || port === null || PUBLIC_PORTS.includes(port);
	const beforeTls = !isTlsRequired(smtpd) && !isYes(settings.value('smtpd_tls_auth_only'));
	if (beforeTls) {
		const code = isPublic ? 'postfix-auth-before-tls' : 'postfix-internal-auth';
		const remedy = isPublic ? settingRemedy(smtpd, 'smtpd_tls_auth_only', 'yes', 'host') : '';
		findings.push(postfixFinding(code, place, 'smtpd_tls_auth_only=yes', settings.value('smtpd_tls_auth_only'), remedy));
	} else if (port === 25)
		findings.push(
			postfixFinding(
				'postfix-auth-on-25',
				place,
				'smtpd_sasl_auth_enable=no',
				'yes',
				settingRemedy(smtpd, 'smtpd_sasl_auth_enable', 'no', 'service'),
			),
		);
	for (const name of beforeTls ? ['smtpd_sasl_security_options', 'smtpd_sasl_tls_security_options'] : ['smtpd_sasl_tls_security_options']) {
		const options = words(settings.value(name));
		if (!options.includes('noanonymous'))
			findings.push(
				postfixFinding(
					'postfix-anonymous',
					`${place}, ${name}`,
					'noanonymous',
					options.join(', ') || 'empty',
					settingRemedy(smtpd, name, 'noanonymous', 'service'),
				),
			);
		if (options.includes('noplaintext') && name === 'smtpd_sasl_tls_security_options' && offer?.auth.includes('password') === true)
			findings.push(
				postfixFinding(
					'postfix-no-plain',
					`${place}, ${name}`,
					'noanonymous',
					options.join(', '),
					settingRemedy(smtpd, name, 'noanonymous', 'service'),
				),
			);
		const strange = options.filter((option) => !SECURITY_OPTIONS.includes(option));
		if (strange.length > 0) notUnderstood.push({ place: `${place}, ${name}`, reason: `"${strange.join(' ')}" is not known here` });
	}
	const filter = 'smtpd_sasl_mechanism_filter';
	if (settings.origin(filter) !== 'default')
		notUnderstood.push({ place: `${place}, ${filter}`, reason: 'which logins it leaves over is not worked out here' });
	return { findings, notUnderstood, notLookedAt };
}

const SECURITY_OPTIONS = ['noanonymous', 'noplaintext', 'noactive', 'nodictionary', 'forward_secrecy', 'mutual_auth'];

function words(text: string): readonly string[] {
	return text
		.toLowerCase()
		.split(/[\s,]+/)
		.filter((word) => word !== '');
}

/** Findings where users cannot log in on a port that the record offers. */
function offeredLoginFindings(smtpd: SmtpdService): readonly MailServerFinding[] {
	const { settings, place } = smtpd;
	if (!isYes(settings.value('smtpd_sasl_auth_enable')))
		return [
			postfixFinding(
				'postfix-no-auth',
				place,
				'smtpd_sasl_auth_enable=yes',
				settings.value('smtpd_sasl_auth_enable'),
				settingRemedy(smtpd, 'smtpd_sasl_auth_enable', 'yes', 'service'),
			),
		];
	const findings: MailServerFinding[] = [];
	if (words(settings.value('smtpd_discard_ehlo_keywords')).includes('auth'))
		findings.push(
			postfixFinding(
				'postfix-no-auth',
				place,
				'AUTH among the EHLO keywords',
				'smtpd_discard_ehlo_keywords takes it out',
				'Take "auth" out of smtpd_discard_ehlo_keywords.',
			),
		);
	if (coversEverything(parseNetworks(settings.value('smtpd_sasl_exceptions_networks'))))
		findings.push(
			postfixFinding(
				'postfix-no-auth',
				place,
				'AUTH offered to everybody',
				'smtpd_sasl_exceptions_networks hides it from all',
				'Empty smtpd_sasl_exceptions_networks.',
			),
		);
	if (isYes(settings.value('smtpd_tls_req_ccert')))
		findings.push(
			postfixFinding(
				'postfix-client-certificate',
				place,
				'smtpd_tls_req_ccert=no',
				'yes',
				settingRemedy(smtpd, 'smtpd_tls_req_ccert', 'no', 'service'),
			),
		);
	return findings;
}
