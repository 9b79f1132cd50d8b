/**
 * PACC, a draft of the IETF: one JSON document whose SHA-256 digest is published in DNS. The format can express implicit TLS on the standard
 * ports with the address as login, and nothing else: a record that needs more gets an error here rather than a document that is wrong.
 */
import { sha256Base64 } from '../lib/digest.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { type ClientConfig, httpOfferOf, isSocketOffer, type Offer, serviceOfKind } from '../model/config.ts';
import { type DnsRecord, publishesName } from '../model/dns-record.ts';
import type { EmailAddress } from '../model/names.ts';
import { ADDRESS_PLACEHOLDER, hasAddressPlaceholder } from '../model/placeholders.ts';
import type { Problem } from '../model/problem.ts';
import { SOCKET_SERVICES } from '../model/service-ports.ts';
import { expressibleAccount } from './expressible-account.ts';
import { renderProblemAsText } from './problem-response.ts';
import type { Endpoint, Location, Protocol, WireRequest, WireResponse } from './protocol.ts';
import { candidateDomains, sampleRequestAt } from './request.ts';

type PaccMember = string | boolean | { readonly [key: string]: PaccMember | undefined };

// pacc-03 renamed the member "smtp" of pacc-02 to "submit". Clients ignore unknown members, so the document has both.
const SOCKET_MEMBERS = [
	{ member: 'imap', kind: 'imap', port: SOCKET_SERVICES.imap.implicit },
	{ member: 'pop3', kind: 'pop3', port: SOCKET_SERVICES.pop3.implicit },
	{ member: 'smtp', kind: 'smtp', port: SOCKET_SERVICES.submission.implicit },
	{ member: 'submit', kind: 'smtp', port: SOCKET_SERVICES.submission.implicit },
] as const;

const DAV = ['jmap', 'caldav', 'carddav', 'webdav'] as const;

/** The exact text of the document, whose digest is published: keys are sorted, and there is no white space. */
export function paccBody(config: ClientConfig): Result<string, Problem> {
	const account = expressibleAccount(config, 'pacc');
	// JMAP both reads and sends. Beside it, servers for one direction alone are left out, and without it there is no mail account.
	if (!account.ok && httpOfferOf(config, 'jmap') === null) return account;
	const offers = config.offers.filter((offer) => offer.kind !== 'sieve' && (account.ok || !isSocketOffer(offer)));
	const reasons = inexpressiblePaths(config, offers);
	if (reasons.length > 0) return err({ code: 'inexpressible', reasons });
	const protocols: Record<string, PaccMember> = {};
	for (const { member, kind } of SOCKET_MEMBERS) {
		const offer = offers.find((each) => each.kind === kind);
		if (offer !== undefined && isSocketOffer(offer)) protocols[member] = { host: offer.host };
	}
	for (const kind of DAV) {
		const offer = httpOfferOf(config, kind);
		if (offer !== null) protocols[kind] = { url: offer.url };
	}
	const methods = offers[0]?.auth ?? [];
	const { provider, oauth } = config;
	return ok(
		JSON.stringify(
			withSortedKeys({
				protocols,
				// `authentication` is optional in the draft, but io-pim-discovery needs it.
				authentication: {
					password: methods.includes('password'),
					'oauth-public': oauth !== null && methods.includes('oauth2') ? { issuer: oauth.issuer } : undefined,
				},
				info: {
					provider: { name: provider.name, shortName: provider.shortName ?? undefined },
					help: provider.help === null ? undefined : { documentation: provider.help },
				},
			}),
		),
	);
}

/**
 * Paths of the record's fields that the format cannot express. A STARTTLS fallback is left out of the document without an error, if there is
 * implicit TLS.
 */
function inexpressiblePaths(config: ClientConfig, offers: readonly Offer[]): readonly string[] {
	const reasons: string[] = [];
	for (const { kind, port } of SOCKET_MEMBERS) {
		const first = offers.filter(isSocketOffer).find((offer) => offer.kind === kind);
		if (first !== undefined && (first.security !== 'tls' || first.port !== port)) reasons.push(`services.${serviceOfKind(kind)}.implicit`);
	}
	for (const offer of offers) {
		const path = `services.${serviceOfKind(offer.kind)}`;
		// In PACC the login is always the address. For an address both sides are filled in; for a domain both are the placeholder.
		const expected = config.scope.kind === 'address' ? config.scope.address.text : ADDRESS_PLACEHOLDER;
		if (offer.login !== expected) reasons.push(`${path}.login`);
		if (offer.auth.join() !== offers[0]?.auth.join()) reasons.push(`${path}.auth`);
		if (!isSocketOffer(offer)) {
			const url = new URL(offer.url);
			// pacc-03 allows https on its default port only, a DAV URL needs a path, and no URL has the user in it.
			if (url.port !== '' || hasAddressPlaceholder(offer.url) || (offer.kind !== 'jmap' && url.pathname === '/'))
				reasons.push(`${path}.url`);
		}
	}
	return [...new Set(reasons)];
}

function withSortedKeys(value: PaccMember): PaccMember {
	if (typeof value !== 'object') return value;
	const entries = Object.entries(value).filter((entry): entry is [string, PaccMember] => entry[1] !== undefined);
	entries.sort(([a], [b]) => (a < b ? -1 : 1));
	return Object.fromEntries(entries.map(([key, entry]) => [key, withSortedKeys(entry)]));
}

const paccEndpoint: Endpoint = {
	id: 'pacc',
	method: 'GET',
	locations: [{ label: 'ua-auto-config', path: '/.well-known/user-agent-configuration.json' }],
	cacheControl: 'public, max-age=300',
	cors: true,
	servesOtherDomains: false,
	sampleRequest: (address: EmailAddress, location: Location) => sampleRequestAt(location, address),
	parseRequest(request: WireRequest) {
		const candidates = request.host.startsWith('ua-auto-config.') ? candidateDomains(null, request.host) : null;
		if (candidates === null) return err({ code: 'unknown-domain' });
		return ok({
			candidates,
			address: null,
			cacheKey: '',
			respond(config: ClientConfig): Result<WireResponse, Problem> {
				const body = paccBody(config);
				return body.ok ? ok({ type: 'application/json', body: body.value }) : body;
			},
		});
	},
	renderProblem: renderProblemAsText,
};

export const pacc: Protocol = {
	id: 'pacc',
	title: 'PACC',
	spec: 'draft-ietf-mailmaint-pacc-03 (and -02)',
	endpoints: [paccEndpoint],
	async dnsRecords(config, site, superseded) {
		const { domain } = config;
		const current = publishesName(config, site, 'ua-auto-config') ? await digestText(config) : null;
		if (current === null) return [];
		// A client accepts a document that matches any of the digests. The old ones serve clients that still have the old document, or a
		// resolver's old answer.
		const old = await Promise.all(superseded.map(digestText));
		const texts = new Set([current, ...old.filter((text) => text !== null)]);
		return [
			{ type: 'CNAME', name: `ua-auto-config.${domain}`, target: site.host },
			...[...texts].map((text): DnsRecord => ({ type: 'TXT', name: `_ua-auto-config.${domain}`, text })),
		];
	},
};

async function digestText(config: ClientConfig): Promise<string | null> {
	const { domain } = config;
	const body = paccBody({ ...config, scope: { kind: 'domain', domain } });
	return body.ok ? `v=UAAC1; a=sha256; d=${await sha256Base64(body.value)}` : null;
}
