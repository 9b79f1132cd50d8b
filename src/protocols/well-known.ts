/** The well-known URLs of CalDAV, CardDAV (RFC 6764) and JMAP (RFC 8620): redirects to the URL of the service. */
import { err, ok, type Result } from '../lib/result.ts';
import { HOUR_SECONDS } from '../lib/time.ts';
import { type ClientConfig, httpOfferOf } from '../model/config.ts';
import type { DnsRecord } from '../model/dns-record.ts';
import { type EmailAddress, parseDomain } from '../model/names.ts';
import { hasAddressPlaceholder } from '../model/placeholders.ts';
import type { Problem } from '../model/problem.ts';
import { HTTPS_PORT } from '../model/service-ports.ts';
import { renderProblemAsText } from './problem-response.ts';
import type { Endpoint, Location, Protocol, WireRequest, WireResponse } from './protocol.ts';
import { candidateDomains, sampleRequestAt } from './request.ts';

function wellKnownEndpoint(kind: 'caldav' | 'carddav' | 'jmap'): Endpoint {
	return {
		id: kind,
		// Thunderbird's first request is a PROPFIND, that of other clients an OPTIONS or a GET.
		method: 'ANY',
		locations: [{ label: '', path: `/.well-known/${kind}` }],
		// RFC 6764 §5: the server SHOULD say how long the redirect may be cached.
		cacheControl: `public, max-age=${HOUR_SECONDS}`,
		cors: true,
		servesOtherDomains: false,
		sampleRequest: (address: EmailAddress, location: Location) => sampleRequestAt(location, address),
		parseRequest(request: WireRequest) {
			const candidates = candidateDomains(null, request.host);
			if (candidates === null) return err({ code: 'unknown-domain' });
			return ok({
				candidates,
				address: null,
				cacheKey: '',
				respond(config: ClientConfig): Result<WireResponse, Problem> {
					const offer = httpOfferOf(config, kind);
					// The request does not say who asks: a URL with the user in it cannot be filled in.
					if (offer === null || hasAddressPlaceholder(offer.url)) return err({ code: 'not-offered' });
					// RFC 9110 §15.4.8: 307 keeps the method; RFC 6764 §5 names it.
					return ok({ type: 'text/plain; charset=utf-8', body: '', status: 307, location: offer.url });
				},
			});
		},
		renderProblem: renderProblemAsText,
	};
}

/** The SRV record of a service, and a TXT record with its path where the service's standard defines one. */
function srvRecordsOf(kind: 'caldav' | 'carddav' | 'jmap', label: string, withPath: boolean): NonNullable<Protocol['dnsRecords']> {
	return async (config) => {
		const offer = httpOfferOf(config, kind);
		if (offer === null) return [];
		const url = new URL(offer.url);
		const target = parseDomain(url.hostname);
		if (target === null) return [];
		const name = `${label}.${config.domain}`;
		const port = url.port === '' ? HTTPS_PORT : Number(url.port);
		const records: DnsRecord[] = [{ type: 'SRV', name, priority: 0, weight: 1, port, target }];
		// RFC 6764 §4: the context path, at the same name as the SRV record.
		if (withPath && !hasAddressPlaceholder(url.pathname)) records.push({ type: 'TXT', name, text: `path=${url.pathname}` });
		return records;
	};
}

export const caldav: Protocol = {
	id: 'caldav',
	title: 'CalDAV discovery',
	spec: 'RFC 6764',
	endpoints: [wellKnownEndpoint('caldav')],
	dnsRecords: srvRecordsOf('caldav', '_caldavs._tcp', true),
};

export const carddav: Protocol = {
	id: 'carddav',
	title: 'CardDAV discovery',
	spec: 'RFC 6764',
	endpoints: [wellKnownEndpoint('carddav')],
	dnsRecords: srvRecordsOf('carddav', '_carddavs._tcp', true),
};

export const jmap: Protocol = {
	id: 'jmap',
	title: 'JMAP discovery',
	spec: 'RFC 8620 §2.2',
	endpoints: [wellKnownEndpoint('jmap')],
	dnsRecords: srvRecordsOf('jmap', '_jmap._tcp', false),
};
