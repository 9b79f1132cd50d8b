/**
 * Clients that use the last of several servers of a kind. Nearly every client takes the first, or tries them in order; these would end up
 * with the STARTTLS fallback. They alone get only the first server of each kind.
 */
import { type ClientConfig, isSocketOffer } from '../model/config.ts';
import type { WireRequest } from './protocol.ts';
import { queryParameter } from './request.ts';

/** A client that uses the last of several entries, in one protocol. */
export interface LastEntryClient {
	readonly id: 'evolution' | 'aerc' | 'fairemail';
	/** Id of the protocol in which it does so. */
	readonly protocol: string;
	readonly recognises: (request: WireRequest) => boolean;
	readonly evidence: string;
}

export const LAST_ENTRY_CLIENTS: readonly LastEntryClient[] = [
	{
		id: 'evolution',
		protocol: 'autoconfig',
		recognises: ({ query, userAgent }) =>
			/(^|&)emailmd5=/i.test(query) ||
			/^EVOLUTIONUSER@/i.test(queryParameter(query, 'emailaddress') ?? '') ||
			/\bEvolution\//i.test(userAgent),
		evidence: 'e-mail-autoconfig.c has one struct per kind of server and fills it again for each section (GNOME/evolution, read 2026-11).',
	},
	{
		id: 'aerc',
		protocol: 'autoconfig',
		// aerc sends the default User-Agent of Go, as other programs in Go do. Those lose no more than the fallback.
		recognises: ({ userAgent }) => userAgent.startsWith('Go-http-client/'),
		evidence: 'lib/autoconfig decodes outgoingServer into one struct; its own test of a 465, 587 list expects 587 (rjarry/aerc@fab0531).',
	},
	{
		id: 'fairemail',
		protocol: 'autodiscover-xml',
		// FairEmail posts its XML with HttpURLConnection's default Content-Type, which no other client does.
		recognises: ({ contentType, userAgent }) =>
			/^application\/x-www-form-urlencoded/i.test(contentType) || /\bFairEmail\b/i.test(userAgent),
		evidence: 'EmailProvider.java overwrites imap and smtp at each Protocol (M66B/FairEmail@e23dd9d).',
	},
];

/** The client from the list above that a request to this protocol comes from; null for every other client. */
export function lastEntryClientOf(protocol: string, request: WireRequest): LastEntryClient | null {
	return LAST_ENTRY_CLIENTS.find((client) => client.protocol === protocol && client.recognises(request)) ?? null;
}

/** The config with the preferred offer of each kind only. */
export function withFirstOfferOfEachKind(config: ClientConfig): ClientConfig {
	const kinds = new Set<string>();
	const offers = config.offers.filter((offer) => {
		const repeated = isSocketOffer(offer) && kinds.has(offer.kind);
		kinds.add(offer.kind);
		return !repeated;
	});
	return { ...config, offers };
}
