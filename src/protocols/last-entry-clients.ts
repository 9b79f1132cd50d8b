/**
 * Readers that cannot take a list. Nearly every client takes the first entry of a kind, or tries them in order; these take the last,
 * and so would end at the fallback. For them, and for nobody else, each kind is cut down to its first entry.
 */
import { type ClientConfig, isSocketOffer } from '../model/config.ts';
import type { WireRequest } from './protocol.ts';
import { queryParameter } from './request.ts';

/** A client that keeps the last of several entries. */
export interface LastEntryClient {
	readonly id: 'evolution' | 'aerc' | 'fairemail';
	/** The protocol it reads so. */
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
		// It sets no User-Agent of its own; so do other programs in Go, which lose no more than the fallback.
		recognises: ({ userAgent }) => userAgent.startsWith('Go-http-client/'),
		evidence: 'lib/autoconfig decodes outgoingServer into one struct; its own test of a 465, 587 list expects 587 (rjarry/aerc@fab0531).',
	},
	{
		id: 'fairemail',
		protocol: 'autodiscover-xml',
		// FairEmail posts its XML with HttpURLConnection's default Content-Type, which nobody else does.
		recognises: ({ contentType, userAgent }) =>
			/^application\/x-www-form-urlencoded/i.test(contentType) || /\bFairEmail\b/i.test(userAgent),
		evidence: 'EmailProvider.java overwrites imap and smtp at each Protocol (M66B/FairEmail@e23dd9d).',
	},
];

/** The reader that a request to this protocol comes from, or null for one that can take a list. */
export function lastEntryClientOf(protocol: string, request: WireRequest): LastEntryClient | null {
	return LAST_ENTRY_CLIENTS.find((reader) => reader.protocol === protocol && reader.recognises(request)) ?? null;
}

/** The config with one offer of each kind: the preferred one. */
export function withFirstOfferOfEachKind(config: ClientConfig): ClientConfig {
	const seen = new Set<string>();
	const offers = config.offers.filter((offer) => {
		const again = isSocketOffer(offer) && seen.has(offer.kind);
		seen.add(offer.kind);
		return !again;
	});
	return { ...config, offers };
}
