/** How a client that follows PACC looks for settings, in its own order, and what it takes of them. */
import { createHash } from 'node:crypto';
import { SOCKET_SERVICES } from '../../../model/service-ports.ts';
import { conclude, type MailClient } from '../discovery.ts';

export const pacc: MailClient = {
	title: 'a client that follows PACC',
	evidence: { known: 'read', version: 'draft-ietf-mailmaint-pacc-03', date: '2026-11-01', source: '§5' },
	*discover(address) {
		const url = `https://ua-auto-config.${address.domain}/.well-known/user-agent-configuration.json`;
		const answer = yield { action: 'http', method: 'GET', url, redirects: 'stop' };
		if (answer.outcome !== 'http' || answer.status !== 200) {
			yield* conclude(answer.outcome === 'http' ? String(answer.status) : 'no answer');
			return null;
		}
		yield* conclude('a document: its digest must stand in DNS');
		const records = yield { action: 'txt', name: `_ua-auto-config.${address.domain}` };
		const digest = createHash('sha256').update(answer.bytes).digest('base64');
		const vouched = records.outcome === 'records' && records.records.some((text) => text.includes(`d=${digest}`));
		yield* conclude(vouched ? 'the digest is right' : 'no record has the document’s digest: rejected');
		return vouched ? parsePaccSettings(answer.body, url) : null;
	},
};

function parsePaccSettings(body: string, source: string) {
	const document: unknown = JSON.parse(body);
	const protocols = objectAt(document, 'protocols');
	const host = (name: string) => {
		const value = objectAt(protocols, name)?.host;
		return typeof value === 'string' ? value : null;
	};
	const [imap, submit] = [host('imap'), host('submit') ?? host('smtp')];
	return {
		incoming: imap === null ? null : { kind: 'imap' as const, host: imap, port: SOCKET_SERVICES.imap.implicit, security: 'tls' as const },
		outgoing:
			submit === null ? null : { kind: 'smtp' as const, host: submit, port: SOCKET_SERVICES.submission.implicit, security: 'tls' as const },
		source,
		why: 'PACC knows implicit TLS alone',
	};
}

function objectAt(value: unknown, key: string): Readonly<Record<string, unknown>> | null {
	const inner = typeof value === 'object' && value !== null ? Reflect.get(value, key) : null;
	return typeof inner === 'object' && inner !== null ? (inner as Readonly<Record<string, unknown>>) : null;
}
