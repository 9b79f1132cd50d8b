/** Complete mail server distributions: how their logs show them, and where their 587 is switched off. */
import type { HostEvidence, LogCounts } from '../evidence/log-counts.ts';

export interface Distribution {
	readonly name: string;
	/** A name of a service that only this distribution uses; null where it has none. */
	readonly service: RegExp | null;
	/** What in the distribution itself uses 587 or must be in place before it ends. */
	readonly before: string;
	/** What to change on the day. */
	readonly onTheDay: string;
}

// mailcow: data/conf/postfix/master.cf. Mailu: core/nginx/conf/nginx.conf. Mail-in-a-Box: setup/mail-postfix.sh. docker-mailserver:
// target/postfix/master.cf. iRedMail: docs.iredmail.org. Modoboa: modoboa-installer, scripts/files/postfix/master.cf.tpl. Zimbra:
// conf/master.cf.in.
export const DISTRIBUTIONS: readonly Distribution[] = [
	{
		name: 'mailcow',
		service: /^postfix\/(?:sogo|watchdog|(?:smtps|submission)-haproxy)\/smtpd$/,
		before: 'Its webmail (SOGo) has a service of its own, postfix/sogo on port 588, which stays.',
		onTheDay: 'mailcow.conf: SUBMISSION_PORT=127.0.0.1:587, then docker compose up -d.',
	},
	{
		name: 'Mailu',
		service: /, behind nginx$/,
		before:
			'nginx takes 465 and 587: the ports are in the log of its container front alone, so give that log too (docker compose logs front smtp).',
		onTheDay: 'docker-compose.yml: take out the lines that end in :587:587 of the service front.',
	},
	{
		name: 'iRedMail',
		service: /^postfix\/1002[58]\/smtpd$/,
		before:
			'Roundcube and SOGo send over 587 to 127.0.0.1, and are in the log under that address: set Roundcube’s smtp_host to ssl://127.0.0.1:465 and SOGo’s SOGoSMTPServer to smtps://127.0.0.1:465 first.',
		onTheDay: 'master.cf: put a # before “submission inet” and its lines, then postfix reload; close 587 in nftables or firewalld.',
	},
	{
		name: 'Zimbra',
		service: /^postfix\/(?:dkimmilter|amavisd|reinject)\/smtpd$/,
		before: 'The log is /var/log/zimbra.log on each MTA host: give those of all of them. Its webmail sends over 25.',
		onTheDay:
			'/opt/zimbra/common/conf/master.cf.in: put a # before “submission inet” and its lines, then zmmtactl restart. An upgrade writes the file anew: look again after each.',
	},
	{
		name: 'docker-mailserver',
		service: null,
		before: 'The log is /var/log/mail/mail.log in the container, or its folder on the host; docker logs has it too.',
		onTheDay: 'compose.yaml: take "587:587" out of ports, then docker compose up -d.',
	},
	{
		name: 'Modoboa',
		service: null,
		before:
			'Its installer offers 587 alone: take the # away from the lines of smtps in master.cf first, open 465, and set its webmail’s SMTP server to it.',
		onTheDay:
			'master.cf: put a # before “submission inet” and its lines, then postfix reload. Running the installer again brings them back.',
	},
	{
		name: 'Mail-in-a-Box',
		service: null,
		before: '465 and 587 log under one name, postfix/submission: the sessions tell them apart, with smtpd_tls_loglevel = 1 or --tls-only.',
		onTheDay: 'ufw delete allow submission. Every upgrade opens it again.',
	},
];

/** The distributions that can be recognised from the names of services in a log. */
export function recognisedDistributions({ hosts }: Pick<LogCounts, 'hosts'>): readonly Distribution[] {
	const names = hosts.flatMap(({ services }: HostEvidence) => services);
	return DISTRIBUTIONS.filter(({ service }) => service !== null && names.some((name) => service.test(name)));
}

/** The steps for the recognised distribution; where none is recognised, for those whose logs look like any Postfix's. */
export function distributionSteps(tally: Pick<LogCounts, 'hosts' | 'servers'>): readonly string[] {
	const known = recognisedDistributions(tally);
	if (known.length > 0) return known.map(({ name, before, onTheDay }) => `This is ${name}. ${before} On the day: ${onTheDay}`);
	if (!tally.servers.read.includes('Postfix')) return [];
	return DISTRIBUTIONS.filter(({ service }) => service === null).map(
		({ name, before, onTheDay }) => `If this is ${name}: ${before} On the day: ${onTheDay}`,
	);
}
