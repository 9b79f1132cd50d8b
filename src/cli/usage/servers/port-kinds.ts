/** What a port that stands in a log line says of the session: over 465, over 587, or over neither; and which mailbox service it is. */
import { findServiceByPort, SMTP_PORT } from '../../../model/service-ports.ts';
import type { ServiceKind, TlsMode } from '../evidence/submission.ts';

/** cPanel's second port for relay, which it offers where a network blocks 25. */
const SECOND_SMTP_PORT = 26;

/** `other` for a port of the site's own: clients may reach it as 587 through a proxy or a container's port mapping. */
export function submissionKind(port: number): ServiceKind {
	if (port === SMTP_PORT) return '25';
	if (port === SECOND_SMTP_PORT) return 'internal';
	const found = findServiceByPort(port);
	if (found?.service !== 'submission') return 'other';
	return found.security === 'tls' ? '465' : '587';
}

export interface MailboxPort {
	readonly service: 'imap' | 'pop3';
	readonly mode: TlsMode;
}

/** Null for a port that is none of IMAP's or POP3's. */
export function mailboxPort(port: number): MailboxPort | null {
	const found = findServiceByPort(port);
	if (found?.service !== 'imap' && found?.service !== 'pop3') return null;
	return { service: found.service, mode: found.security === 'tls' ? 'implicit' : 'starttls' };
}
