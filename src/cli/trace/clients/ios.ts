/** How iPhone, iPad, Mac looks for settings, in its own order, and what it takes of them. */

import { securityByPort } from '../../../model/service-ports.ts';
import { conclude, type DiscoveredServer, type MailClient } from '../discovery.ts';
import { parseMobileconfig } from '../discovery-documents.ts';

export const ios: MailClient = {
	title: 'iPhone, iPad, Mac',
	evidence: {
		known: 'read',
		version: 'Apple Configuration Profile Reference',
		date: '2026-11-01',
		source: 'no discovery of its own: the user opens the link to the profile',
	},
	*discover(address) {
		const url = `https://autoconfig.${address.domain}/mobileconfig?email=${encodeURIComponent(address.text)}`;
		const answer = yield { action: 'http', method: 'GET', url };
		const usable = answer.outcome === 'http' && answer.status === 200 && answer.contentType.startsWith('application/x-apple-aspen-config');
		const read = usable
			? parseMobileconfig(answer.bytes)
			: { reason: answer.outcome === 'http' ? `${answer.status} ${answer.contentType}` : 'no answer' };
		if ('reason' in read) {
			yield* conclude(String(read.reason));
			return null;
		}
		yield* conclude('a profile: installed once the user allows it in Settings');
		const { IncomingMailServerPortNumber: inPort, OutgoingMailServerPortNumber: outPort } = read;
		const incoming: DiscoveredServer = {
			kind: read.EmailAccountType === 'EmailTypePOP' ? 'pop3' : 'imap',
			host: read.IncomingMailServerHostName ?? '',
			port: Number(inPort),
			security: appleSecurity(read.IncomingMailServerUseSSL, inPort),
		};
		const outgoing: DiscoveredServer = {
			kind: 'smtp',
			host: read.OutgoingMailServerHostName ?? '',
			port: Number(outPort),
			security: appleSecurity(read.OutgoingMailServerUseSSL, outPort),
		};
		return { incoming, outgoing, source: url, why: 'a profile names one server of each kind' };
	},
};

// Apple infers STARTTLS from the registered ports (Profile Reference, UseSSL).
function appleSecurity(ssl: string | undefined, port: string | undefined): DiscoveredServer['security'] {
	return ssl === 'true' ? securityByPort(Number(port)) : 'plain';
}
