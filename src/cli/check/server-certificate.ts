/** Reads the certificates that a server shows, for checks that compare them with DNS. */
import { mapConcurrently } from '../../lib/concurrency.ts';
import type { SocketOffer } from '../../model/config.ts';
import type { TlsHandshake } from '../probe/dialogue-steps.ts';
import { handshakeDialogue, implicitTlsDialogue, starttlsDialogue } from '../probe/dialogues.ts';
import { sendHttpRequest } from '../probe/http-request.ts';
import { MAIL_PROTOCOLS } from '../probe/mail-protocols.ts';
import type { Network, SocketAddress } from '../probe/network.ts';
import { runDialogue } from '../probe/run-dialogue.ts';
import { CLIENT_OFFER, TLS_OFFERS, type TlsOffer } from '../probe/tls-offer.ts';

/** A port of a mail server, with its protocol and kind of TLS. */
export type MailPort = Pick<SocketOffer, 'port' | 'kind' | 'security'> & { readonly host: string };

/** How many addresses of a host are asked for their certificates at most. */
const MAX_ADDRESSES = 8;

/** Every certificate that a client may be shown: at each address, with RSA and with ECDSA; empty where no handshake succeeded. */
export async function readMailCertificates(network: Network, { host, port, kind, security }: MailPort): Promise<readonly TlsHandshake[]> {
	const { addresses } = await network.findSocketAddresses(host, port);
	const routes = addresses.slice(0, MAX_ADDRESSES);
	const offers = [TLS_OFFERS.rsaCertificate, TLS_OFFERS.ecdsaCertificate, TLS_OFFERS.rsaCertificate13, TLS_OFFERS.ecdsaCertificate13];
	const shown = new Map<string, TlsHandshake>();
	/** @returns whether there was a connection */
	const shake = async (route: SocketAddress, tlsOffer: TlsOffer): Promise<boolean> => {
		const target = { host, ...route, ca: network.ca, timeoutMs: network.timeoutMs, tlsOffer };
		const result = await runDialogue(target, handshakeDialogue(MAIL_PROTOCOLS[kind], security === 'tls'));
		if (!result.ok) return false;
		const leaf = result.value.outcome === 'accepted' ? result.value.tls.chain[0] : undefined;
		if (result.value.outcome === 'accepted' && leaf !== undefined) shown.set(leaf.toString('hex'), result.value.tls);
		return true;
	};
	await mapConcurrently(routes, 4, async (route) => {
		// A host that is down is waited for once.
		if (await shake(route, CLIENT_OFFER)) await mapConcurrently(offers, 4, (tlsOffer) => shake(route, tlsOffer));
	});
	return [...shown.values()];
}

/** The certificate of a mail port; null where no handshake succeeded. */
export async function readMailCertificate(network: Network, { host, port, kind, security }: SocketOffer): Promise<TlsHandshake | null> {
	const route = await network.findSocketAddress(host, port);
	if (typeof route === 'string') return null;
	const protocol = MAIL_PROTOCOLS[kind];
	const target = { host, ...route, ca: network.ca, timeoutMs: network.timeoutMs, tlsOffer: CLIENT_OFFER };
	const probe = await runDialogue(target, security === 'tls' ? implicitTlsDialogue(protocol) : starttlsDialogue(protocol));
	return probe.ok ? probe.value.tls : null;
}

/** The certificate of an HTTPS server; null where no handshake succeeded. */
export async function readHttpsCertificate(network: Network, host: string): Promise<TlsHandshake | null> {
	const got = await sendHttpRequest(network, { scheme: 'https', host, method: 'HEAD', target: '/', headers: {}, body: '' });
	return got.tls;
}
