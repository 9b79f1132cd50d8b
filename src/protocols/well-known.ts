/** The well-known places of CalDAV, CardDAV (RFC 6764) and JMAP (RFC 8620): redirects to where the service really is. */
import { err, ok, type Result } from '../lib/result.ts';
import { type ClientConfig, httpOfferOf } from '../model/config.ts';
import type { DnsRecord } from '../model/dns-record.ts';
import { type EmailAddress, parseDomain } from '../model/names.ts';
import type { Problem } from '../model/problem.ts';
import type { Endpoint, Place, Protocol, Rendition, WireRequest } from './protocol.ts';
import { refuseInText } from './refusal.ts';
import { lookupOrder, requestAt } from './subject.ts';

function wellKnown(kind: 'caldav' | 'carddav' | 'jmap'): Endpoint {
	return {
		id: kind,
		// Thunderbird opens with PROPFIND, others with OPTIONS or GET.
		method: 'ANY',
		at: [{ label: '', path: `/.well-known/${kind}` }],
		// RFC 6764 §5: the server SHOULD say how long the redirect may be kept.
		cache: 'public, max-age=3600',
		cors: true,
		ask: (address: EmailAddress, place: Place) => requestAt(place, address),
		hear(request: WireRequest) {
			const lookup = lookupOrder(null, request.host);
			if (lookup === null) return err({ code: 'unknown-domain' });
			return ok({
				lookup,
				address: null,
				variant: '',
				answer(config: ClientConfig): Result<Rendition, Problem> {
					const offer = httpOfferOf(config, kind);
					if (offer === null) return err({ code: 'not-offered' });
					// RFC 9110 §15.4.8: 307 keeps the method; RFC 6764 §5 names it.
					return ok({ type: 'text/plain; charset=utf-8', body: '', status: 307, location: offer.url });
				},
			});
		},
		refuse: refuseInText,
	};
}

/** Where the service is, as SRV says it; the path too, where the format has a place for it. */
function srv(kind: 'caldav' | 'carddav' | 'jmap', label: string, withPath: boolean): NonNullable<Protocol['dns']> {
	return async (config) => {
		const offer = httpOfferOf(config, kind);
		if (offer === null) return [];
		const url = new URL(offer.url);
		const target = parseDomain(url.hostname);
		if (target === null) return [];
		const name = `${label}.${config.domain}`;
		const port = url.port === '' ? 443 : Number(url.port);
		const records: DnsRecord[] = [{ type: 'SRV', name, priority: 0, weight: 1, port, target }];
		// RFC 6764 §4: the context path, at the same name as the SRV record.
		if (withPath) records.push({ type: 'TXT', name, text: `path=${url.pathname}` });
		return records;
	};
}

export const caldav: Protocol = {
	id: 'caldav',
	title: 'CalDAV discovery',
	spec: 'RFC 6764',
	endpoints: [wellKnown('caldav')],
	dns: srv('caldav', '_caldavs._tcp', true),
};

export const carddav: Protocol = {
	id: 'carddav',
	title: 'CardDAV discovery',
	spec: 'RFC 6764',
	endpoints: [wellKnown('carddav')],
	dns: srv('carddav', '_carddavs._tcp', true),
};

export const jmap: Protocol = {
	id: 'jmap',
	title: 'JMAP discovery',
	spec: 'RFC 8620 §2.2',
	endpoints: [wellKnown('jmap')],
	dns: srv('jmap', '_jmap._tcp', false),
};
