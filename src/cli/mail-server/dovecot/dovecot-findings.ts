/** Everything that `signpost dovecot --check` can find. */
import type { FindingKind, MailServerFinding } from '../mail-server-finding.ts';

const findingKind = (severity: FindingKind['severity'], clause: string, advice: string): FindingKind => ({ severity, clause, advice });

export const DOVECOT_FINDINGS = {
	'dovecot-port-absent': findingKind(
		'error',
		'the record',
		'Add the listener that signpost dovecot prints, or take the port out of the record.',
	),
	'dovecot-port-unlisted': findingKind(
		'advice',
		'RFC 8314 §4.1',
		'Set port = 0: nobody is told of it. With ssl = required it does no harm.',
	),
	'dovecot-not-implicit': findingKind(
		'error',
		'RFC 8314 §3.2',
		'Set ssl = yes in the listener: clients begin with TLS and hang otherwise.',
	),
	'dovecot-implicit': findingKind('error', 'RFC 2595', 'Remove ssl = yes from the listener: clients begin in the clear here, and upgrade.'),
	'dovecot-tls-off': findingKind('error', 'RFC 8314 §4.1', 'Set ssl = required.'),
	'dovecot-tls-optional': findingKind('error', 'RFC 8314 §4.1', 'Set ssl = required: with "yes" mail may be read in the clear.'),
	'dovecot-auth-before-tls': findingKind(
		'error',
		'RFC 8314 §4.1, RFC 9051 §11.1',
		'Set ssl = required, and disable_plaintext_auth = yes (2.4: auth_allow_cleartext = no).',
	),
	'dovecot-tls-old': findingKind('error', 'RFC 8996', 'Set ssl_min_protocol = TLSv1.2'),
	'dovecot-no-certificate': findingKind(
		'error',
		'RFC 8314 §4.3',
		'Set ssl_cert and ssl_key (2.4: ssl_server_cert_file and ssl_server_key_file).',
	),
	'dovecot-mechanism-missing': findingKind('error', 'the record', 'Add it to auth_mechanisms: clients are told that they can log in so.'),
} as const satisfies Record<string, FindingKind>;

export function dovecotFinding(code: keyof typeof DOVECOT_FINDINGS, place: string, wanted: string, found: string): MailServerFinding {
	return { area: 'dovecot', code, place, wanted, found, ...DOVECOT_FINDINGS[code] };
}
