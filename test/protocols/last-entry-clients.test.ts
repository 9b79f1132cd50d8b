import { describe, expect, it } from 'vitest';
import { resolveConfig, type SocketOffer } from '../../src/model/config.ts';
import { LAST_ENTRY_CLIENTS, lastEntryClientOf, withFirstOfferOfEachKind } from '../../src/protocols/last-entry-clients.ts';
import { NOW, resolvedFixture } from '../support/fixture-records.ts';
import { sampleWireRequest } from '../support/sample-wire-request.ts';
import { address, domain } from '../support/valid-names.ts';

const recognisedRequests: readonly (readonly [string, string, Parameters<typeof sampleWireRequest>[0]])[] = [
	['evolution', 'autoconfig', { query: 'emailaddress=EVOLUTIONUSER%40example.com&emailmd5=c160f8cc69a4f0bf2b0362752353d060' }],
	['evolution', 'autoconfig', { query: 'emailaddress=EVOLUTIONUSER%40example.com' }],
	['evolution', 'autoconfig', { query: 'emailmd5=0' }],
	['evolution', 'autoconfig', { userAgent: 'Evolution/3.54.1' }],
	['aerc', 'autoconfig', { userAgent: 'Go-http-client/1.1' }],
	['aerc', 'autoconfig', { userAgent: 'Go-http-client/2.0' }],
	['kmail', 'autoconfig', { userAgent: 'Mozilla/5.0' }],
	['fairemail', 'autodiscover-xml', { method: 'POST', contentType: 'application/x-www-form-urlencoded' }],
	['fairemail', 'autodiscover-xml', { method: 'POST', contentType: 'application/x-www-form-urlencoded; charset=utf-8' }],
	['fairemail', 'autodiscover-xml', { method: 'POST', userAgent: 'FairEmail/1.2200' }],
];

const unrecognisedRequests: readonly (readonly [string, string, Parameters<typeof sampleWireRequest>[0]])[] = [
	['Thunderbird', 'autoconfig', { query: 'emailaddress=alice%40example.com', userAgent: 'Mozilla/5.0 Thunderbird/153.7.0' }],
	['K-9, without anything', 'autoconfig', {}],
	['a browser', 'autoconfig', { userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0' }],
	['a client that sends the address', 'autoconfig', { userAgent: 'Mozilla/5.0', query: 'emailaddress=alice%40example.com' }],
	['a user named evolutionuser2', 'autoconfig', { query: 'emailaddress=evolutionuser2@example.com' }],
	['another parameter that ends in emailmd5', 'autoconfig', { query: 'xemailmd5=1' }],
	['a form posted to autoconfig', 'autoconfig', { contentType: 'application/x-www-form-urlencoded' }],
	['Outlook', 'autodiscover-xml', { method: 'POST', contentType: 'text/xml' }],
	['aerc, which does not ask Autodiscover', 'autodiscover-xml', { userAgent: 'Go-http-client/1.1' }],
];

describe('readers', () => {
	it.each(recognisedRequests)('%s is recognised at %s by %o', (id, protocol, request) => {
		expect(lastEntryClientOf(protocol, sampleWireRequest(request))?.id).toBe(id);
	});

	it.each(unrecognisedRequests)('%s takes the whole list of %s', (_, protocol, request) => {
		expect(lastEntryClientOf(protocol, sampleWireRequest(request))).toBeNull();
	});

	it('cite their evidence', () => {
		for (const { evidence } of LAST_ENTRY_CLIENTS) expect(evidence.length).toBeGreaterThan(20);
	});
});

describe('firstOfEachKind', () => {
	const ports = (fixture: string) => {
		const config = resolveConfig(
			resolvedFixture(fixture).record,
			domain('example.com'),
			{ kind: 'address', address: address('alice@example.com') },
			NOW,
		);
		if (!config.ok) throw new Error(config.error.reason);
		const list = (offers: readonly object[]) => offers.filter((offer): offer is SocketOffer => 'port' in offer).map(({ port }) => port);
		return [list(config.value.offers), list(withFirstOfferOfEachKind(config.value).offers)];
	};

	it('leaves the preferred one', () => {
		expect(ports('every-fallback')).toEqual([
			[993, 143, 995, 110, 465, 587, 4190],
			[993, 995, 465, 4190],
		]);
		expect(ports('starttls-only')).toEqual([
			[143, 110, 587],
			[143, 110, 587],
		]);
	});

	it('leaves calendars and the rest alone', () => {
		const config = resolveConfig(
			resolvedFixture('everything').record,
			domain('example.com'),
			{ kind: 'domain', domain: domain('example.com') },
			NOW,
		);
		if (!config.ok) throw new Error(config.error.reason);
		const kinds = withFirstOfferOfEachKind(config.value).offers.map(({ kind }) => kind);
		expect(kinds).toEqual(['imap', 'pop3', 'smtp', 'sieve', 'jmap', 'caldav', 'carddav', 'webdav']);
	});
});
