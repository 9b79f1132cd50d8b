/** The certificate that a server shows, for checks that hold it against DNS. */
import type { SocketOffer } from '../../model/config.ts';
import type { TlsHandshake } from '../probe/dialogue-steps.ts';
import { implicitTlsDialogue, starttlsDialogue } from '../probe/dialogues.ts';
import { sendHttpRequest } from '../probe/http-request.ts';
import { MAIL_PROTOCOLS } from '../probe/mail-protocols.ts';
import type { Network } from '../probe/network.ts';
import { runDialogue } from '../probe/run-dialogue.ts';
import { CLIENT_OFFER } from '../probe/tls-offer.ts';

/** Null where there was no handshake. */
export async function readMailCertificate(network: Network, { host, port, kind, security }: SocketOffer): Promise<TlsHandshake | null> {
	const route = await network.findSocketAddress(host, port);
	if (route === null) return null;
	const protocol = MAIL_PROTOCOLS[kind];
	const target = { host, ...route, ca: network.ca, timeoutMs: network.timeoutMs, tlsOffer: CLIENT_OFFER };
	const visit = await runDialogue(target, security === 'tls' ? implicitTlsDialogue(protocol) : starttlsDialogue(protocol));
	return visit.ok ? visit.value.tls : null;
}

/** Null where there was no handshake. */
export async function readHttpsCertificate(network: Network, host: string): Promise<TlsHandshake | null> {
	const got = await sendHttpRequest(network, { scheme: 'https', host, method: 'HEAD', target: '/', headers: {}, body: '' });
	return got.tls;
}
