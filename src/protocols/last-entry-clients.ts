/**
 * Clients that would end at the STARTTLS fallback although 465 stands first. Nearly every client takes the first server of a kind, or tries
 * them in order; these use the last one, or prefer STARTTLS. They alone get only the first server of each kind.
 */
import { type ClientConfig, isSocketOffer } from '../model/config.ts';
import type { WireRequest } from './protocol.ts';

/** A client that uses the last of several entries, in one protocol. */
export interface LastEntryClient {
	readonly id: 'evolution' | 'aerc' | 'kmail' | 'fairemail';
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
			/(?:^|&)(?:emailmd5=|emailaddress=EVOLUTIONUSER(?:@|%40))/i.test(query) || /\bEvolution\//i.test(userAgent),
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
		id: 'kmail',
		protocol: 'autoconfig',
		// Qt's own User-Agent, which browsers never send without more behind it. Other Qt programs that set none lose no more than the fallback.
		recognises: ({ query, userAgent }) => userAgent === 'Mozilla/5.0' && query === '',
		evidence:
			'KDE accountwizard 24.12.3, run on Debian 13, 2026-11-28: of 465 and 587 it sets up 587 in either order (it keeps the greatest socketType).',
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

/**
 * Whether a GET of this protocol may be answered differently by its User-Agent, at one URL: a cache that keeps the answer must know
 * (Vary, RFC 9110 §12.5.5).
 */
export function variesByUserAgent(protocol: string): boolean {
	return LAST_ENTRY_CLIENTS.some((client) => client.protocol === protocol);
}

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
