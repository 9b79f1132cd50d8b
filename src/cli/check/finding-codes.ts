/** Every finding that `check` can report, by its code. */
import { details, type FindingDetails } from './finding-details.ts';
import { MAIL_FINDING_CODES } from './mail-finding-codes.ts';
import { TLS_FINDING_CODES } from './tls/tls-finding-codes.ts';

export const FINDING_CODES = {
	// DNS
	'dns-missing': details('warning', 'dns', 'the protocol’s own text', 'Publish the record: signpost zone DOMAIN --diff prints it.'),
	'dns-wrong': details('error', 'dns', 'the protocol’s own text', 'Replace the record: signpost zone DOMAIN --diff prints it.'),
	'dns-leftover': details(
		'warning',
		'dns',
		'RFC 2782',
		'Take the record out: clients still follow it. signpost zone DOMAIN --diff prints it.',
	),
	'dns-theirs': details(
		'advice',
		'dns',
		'the record',
		'Nothing, where another service is meant to have this name; else take it out: signpost zone DOMAIN --diff --prune prints it.',
	),
	'dns-servfail': details(
		'error',
		'dns',
		'RFC 4035 §5.5',
		'The resolver got no valid answer: look at the zone’s signatures and delegation.',
	),
	'srv-order': details(
		'error',
		'dns',
		'RFC 8314 §5.1, RFC 6186 §3.4',
		'Give _submissions (465) a lower priority number than _submission (587): equal numbers send FairEmail to 587.',
	),
	'srv-target-cname': details('error', 'dns', 'RFC 2782 (Target)', 'Point the SRV record at a name that has addresses of its own.'),
	'srv-target-missing': details('error', 'dns', 'RFC 2782 (Target)', 'Give the target an A or AAAA record.'),
	'pacc-digest-stale': details(
		'error',
		'dns',
		'draft-ietf-mailmaint-pacc-03 §5.2',
		'Publish the new digest: clients reject the document until then.',
	),
	'mta-sts-id-stale': details('warning', 'dns', 'RFC 8461 §3.1', 'Publish the new id: senders do not fetch the changed policy until then.'),
	'mta-sts-twice': details(
		'error',
		'dns',
		'RFC 8461 §3.1',
		'Leave one text that begins with v=STSv1: with two, senders take it that there is no policy. signpost zone DOMAIN --diff prints what to take out.',
	),
	'tls-rpt-twice': details(
		'warning',
		'dns',
		'RFC 8460 §3',
		'Leave one text that begins with v=TLSRPTv1: with two, senders send no reports. signpost zone DOMAIN --diff prints what to take out.',
	),
	'spf-absent': details(
		'advice',
		'dns',
		'RFC 7208 §3',
		'Say with SPF which hosts send for the domain: a TXT record that begins with v=spf1.',
	),
	'dkim-absent': details(
		'advice',
		'dns',
		'RFC 6376 §3.6.2',
		'Sign outgoing mail, and publish the key: rspamd, OpenDKIM, Exim and Stalwart can.',
	),
	'dmarc-absent': details(
		'advice',
		'dns',
		'RFC 7489 §6.1',
		'Say with DMARC what is to be done with mail that fails both: v=DMARC1; p=none to begin with.',
	),
	'bimi-absent': details('advice', 'dns', 'draft-brand-indicators-for-message-identification', 'A logo beside your mail, if you want one.'),
	'tlsa-mismatch': details(
		'error',
		'dns',
		'RFC 7672 §3.1, RFC 7673 §4',
		'Publish a TLSA record of the present certificate before the old one goes, or take the old one out: clients and senders that go by it refuse the server.',
	),
	'caa-other-authority': details(
		'warning',
		'dns',
		'RFC 8659 §4.2',
		'Allow the authority that issued the present certificate (0 issue "…"): it will refuse to renew it.',
	),
	'dnssec-absent': details('advice', 'dns', 'RFC 8314 §4.5.3', 'Sign the zone, and have its DS record put into the zone above.'),
	'caa-absent': details('advice', 'dns', 'RFC 8659', 'Say with CAA which authorities may issue certificates.'),
	'caa-forbids': details(
		'warning',
		'dns',
		'RFC 8659 §4.2',
		'Allow the authority of the certificate (0 issue "…"): while none may issue for this name, it cannot be renewed.',
	),
	'tlsa-unsigned': details(
		'error',
		'dns',
		'RFC 8314 §4.5.4',
		'Sign the zone and have its DS record put into the zone above, or take the TLSA record out.',
	),
	// HTTP
	'http-unreachable': details('error', 'http', 'RFC 9110', 'Route the host name to the service, and let it have a certificate.'),
	'http-status': details(
		'error',
		'http',
		'the protocol’s own text',
		'See whether the name reaches this service, and the record is stored there.',
	),
	'http-body': details(
		'error',
		'http',
		'the record',
		'The service has another record than this one: push it, or wait a minute for its copy.',
	),
	'http-type': details(
		'error',
		'http',
		'Thunderbird 153 (FetchHTTP)',
		'Serve it under the Content-Type wanted: Thunderbird reads nothing else.',
	),
	'http-redirect': details('warning', 'http', 'RFC 8461 §3.3; clients lose the query', 'Answer at the place itself.'),
	'http-location': details('error', 'http', 'RFC 6764 §5, RFC 8620 §2.2', 'Redirect to the URL in the record.'),
	'http-foreign': details(
		'error',
		'http',
		'Thunderbird 153: the first 2xx is taken unread',
		'Answer 404 here, or route the path to the service.',
	),
	'http-wellknown': details(
		'advice',
		'http',
		'RFC 6764 §5, RFC 8620 §2.2',
		'Redirect this path, for clients that do not look for SRV records.',
	),
	'http-plain-foreign': details(
		'warning',
		'http',
		'autoconfig draft §4, URL 1.3',
		'Answer plain http with the same document, a redirect to https, or not at all.',
	),
	'https-untrusted': details('error', 'http', 'RFC 9110 §4.3.4', 'Get a certificate whose chain leads to a public root.'),
	'https-expired': details('error', 'http', 'RFC 5280 §4.1.2.5', 'Renew the certificate.'),
	'https-expires': details('warning', 'http', 'RFC 5280 §4.1.2.5', 'See why the certificate has not been renewed.'),
	'https-name': details('error', 'http', 'RFC 9525 §6', 'Get a certificate that covers this name.'),
	'security-txt-absent': details(
		'advice',
		'http',
		'RFC 9116',
		'Say at this place whom to tell of security problems: Contact and Expires are enough.',
	),
	'wkd-absent': details(
		'advice',
		'http',
		'draft-koch-openpgp-webkey-service',
		'Publish the OpenPGP keys of your users here, if they have any: Thunderbird and GnuPG look for them.',
	),
	'https-old': details('error', 'http', 'RFC 8996', 'Offer TLS 1.2 and 1.3.'),
	...MAIL_FINDING_CODES,
	...TLS_FINDING_CODES,
	// MTA-STS against MX
	'mx-unlisted': details('error', 'mta-sts', 'RFC 8461 §4.1', 'Put this MX into the policy: senders refuse to deliver to it.'),
	'mx-unlisted-testing': details(
		'warning',
		'mta-sts',
		'RFC 8461 §4.1, §5',
		'Put this MX into the policy before its mode becomes "enforce".',
	),
	'mx-unused': details(
		'advice',
		'mta-sts',
		'RFC 8461 §3.2',
		'Take this host out of the policy, unless it is to become an MX of the domain.',
	),
	'mx-absent': details('warning', 'mta-sts', 'RFC 5321 §5.1', 'The domain has no MX record, so the policy covers nothing.'),
	'mx-starttls': details(
		'error',
		'mta-sts',
		'RFC 8461 §4.1',
		'Let the MX offer STARTTLS: senders that keep to the policy refuse it without.',
	),
	'mx-certificate': details('error', 'mta-sts', 'RFC 8461 §4.2', 'Give the MX a certificate from a public authority that covers its name.'),
	'mx-unreachable': details('advice', 'mta-sts', 'RFC 5321 §4.5.4', 'Ask from a network that may connect to port 25: many may not.'),
	'mta-sts-absent': details('advice', 'mta-sts', 'RFC 8461', 'Add "mtaSts" to the record, in mode "testing" first.'),
} as const satisfies Record<string, FindingDetails>;

export type FindingCode = keyof typeof FINDING_CODES;
