/** Autodiscover v2: a question in the URL, a pointer to the XML endpoint in JSON. It has no words for IMAP or SMTP. */
import { err, ok, type Result } from '../lib/result.ts';
import { isSocketOffer } from '../model/config.ts';
import { type EmailAddress, parseEmailAddress } from '../model/names.ts';
import type { Problem } from '../model/problem.ts';
import type { Endpoint, Place, Protocol, Question, Rendition, WireRequest } from './protocol.ts';
import { statusOf } from './refusal.ts';
import { lastSegment, lookupOrder, queryParameter, requestAt } from './subject.ts';

const TYPE = 'application/json; charset=utf-8';
const ONLY = 'AutodiscoverV1';

function rendition(body: Readonly<Record<string, string>>, status = 200): Rendition {
	return { type: TYPE, body: JSON.stringify(body), status };
}

function question(request: WireRequest, text: string | null): Result<Question, Problem> {
	const address = text === null ? null : parseEmailAddress(text);
	if (address === null) return err({ code: text === null ? 'no-address' : 'bad-address' });
	const protocol = queryParameter(request.query, 'protocol') ?? '';
	if (protocol === '') return err({ code: 'no-protocol' });
	// Outlook writes "Autodiscoverv1", Microsoft's AutoDetect "activesync": letter case says nothing.
	if (protocol.toLowerCase() !== ONLY.toLowerCase()) return err({ code: 'unsupported-protocol', protocol });
	return ok({
		lookup: lookupOrder(address.domain, request.host) ?? [address.domain],
		address,
		variant: null,
		// The host that was asked: another one would make Outlook ask the user for permission. Two keys, no more.
		answer: (config) =>
			config.offers.some(isSocketOffer)
				? ok(rendition({ Protocol: ONLY, Url: `https://${request.host}/autodiscover/autodiscover.xml` }))
				: err({ code: 'not-offered' }),
	});
}

function refuse(problem: Problem): Rendition {
	const status = statusOf(problem);
	switch (problem.code) {
		case 'unknown-domain':
		case 'not-offered':
		case 'inexpressible':
		case 'bad-record':
			return rendition({ ErrorCode: 'UserNotFound', ErrorMessage: 'The given user is not found' }, status);
		case 'no-address':
		case 'bad-address':
			return rendition({ ErrorCode: 'MandatoryParameterMissing', ErrorMessage: 'A valid smtp address must be provided' }, status);
		case 'no-protocol':
			return rendition(
				{ ErrorCode: 'MandatoryParameterMissing', ErrorMessage: "A valid value must be provided for the query parameter 'Protocol'" },
				status,
			);
		case 'unsupported-protocol':
		case 'unsupported-schema':
		case 'bad-request':
			// Exchange repeats the protocol here; what was sent is not repeated by us.
			return rendition(
				{ ErrorCode: 'InvalidProtocol', ErrorMessage: `The given protocol value is invalid. Supported values are '${ONLY}'` },
				status,
			);
	}
}

const common = { method: 'GET', cache: 'no-store', cors: false, refuse } as const;

const byQuery: Endpoint = {
	...common,
	id: 'autodiscover-json',
	at: [
		{ label: 'autodiscover', path: '/autodiscover/autodiscover.json' },
		{ label: '', path: '/autodiscover/autodiscover.json' },
	],
	ask: (address: EmailAddress, place: Place) =>
		requestAt(place, address, { query: `Email=${encodeURIComponent(address.text)}&Protocol=Autodiscoverv1&RedirectCount=1` }),
	hear: (request: WireRequest) => question(request, queryParameter(request.query, 'email')),
};

const byPath: Endpoint = {
	...common,
	id: 'autodiscover-json-path',
	at: [
		{ label: 'autodiscover', path: '/autodiscover/autodiscover.json/v1.0/{address}' },
		{ label: '', path: '/autodiscover/autodiscover.json/v1.0/{address}' },
	],
	ask: (address: EmailAddress, place: Place) => requestAt(place, address, { query: 'Protocol=Autodiscoverv1&RedirectCount=1' }),
	hear: (request: WireRequest) => question(request, lastSegment(request.path)),
};

export const autodiscoverJson: Protocol = {
	id: 'autodiscover-json',
	title: 'Autodiscover v2 (JSON)',
	spec: 'Exchange Autodiscover v2, AutodiscoverV1 only',
	endpoints: [byQuery, byPath],
};
