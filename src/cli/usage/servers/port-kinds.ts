/** Classifies the port in a log line: 465, 587 or another one, and which mailbox service it belongs to. */
import { findServiceByPort, SMTP_PORT } from '../../../model/service-ports.ts';
import type { ServiceKind, TlsMode } from '../evidence/submission.ts';

/** cPanel's second SMTP port, for networks that block 25. */
const SECOND_SMTP_PORT = 26;

/** Returns `other` for a non-standard port, which clients may reach as 587 through a proxy or a container's port mapping. */
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

/** The mailbox service of a port; null for a port that is neither IMAP nor POP3. */
export function mailboxPort(port: number): MailboxPort | null {
	const found = findServiceByPort(port);
	if (found?.service !== 'imap' && found?.service !== 'pop3') return null;
	return { service: found.service, mode: found.security === 'tls' ? 'implicit' : 'starttls' };
}
