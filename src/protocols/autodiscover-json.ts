/**
 * Autodiscover v2: the query is in the URL, and the answer in JSON points to the XML endpoint, or to ActiveSync where the record has it. The
 * format cannot express IMAP or SMTP.
 */
import { err, ok, type Result } from '../lib/result.ts';
import { type EmailAddress, parseEmailAddress } from '../model/names.ts';
import type { Problem } from '../model/problem.ts';
import { expressibleAccount } from './expressible-account.ts';
import { statusOfProblem } from './problem-response.ts';
import type { Endpoint, Location, Protocol, Query, WireRequest, WireResponse } from './protocol.ts';
import { candidateDomains, lastPathSegment, queryParameter, sampleRequestAt } from './request.ts';

const CONTENT_TYPE = 'application/json; charset=utf-8';
const SUPPORTED_PROTOCOLS = ['AutodiscoverV1', 'ActiveSync'] as const;

function jsonResponse(body: Readonly<Record<string, string>>, status = 200): WireResponse {
	return { type: CONTENT_TYPE, body: JSON.stringify(body), status };
}

function parseJsonRequest(request: WireRequest, text: string | null): Result<Query, Problem> {
	const address = text === null ? null : parseEmailAddress(text);
	if (address === null) return err({ code: text === null ? 'no-address' : 'bad-address' });
	const protocol = queryParameter(request.query, 'protocol') ?? '';
	if (protocol === '') return err({ code: 'no-protocol' });
	// Letter case varies: Outlook writes "Autodiscoverv1", Microsoft's AutoDetect service "activesync".
	const supported = SUPPORTED_PROTOCOLS.find((name) => name.toLowerCase() === protocol.toLowerCase());
	if (supported === undefined) return err({ code: 'unsupported-protocol', protocol });
	const candidates = candidateDomains(address.domain, request.host) ?? [address.domain];
	if (supported === 'ActiveSync') return ok({ candidates, address, cacheKey: 'activesync', respond: respondWithActiveSync });
	return ok({
		candidates,
		address,
		cacheKey: hostKind(request.host, address),
		respond(config) {
			const { autodiscover } = config;
			if (autodiscover?.kind === 'none') return err({ code: 'elsewhere' });
			if (autodiscover?.kind === 'redirect-url') return ok(jsonResponse({ Protocol: supported, Url: autodiscover.url }));
			// Another address is told in XML, which has a word for it.
			const account = autodiscover === null ? expressibleAccount(config, 'autodiscover') : ok(null);
			if (!account.ok) return account;
			// The URL has the host of the request, because Outlook asks the user for permission before it follows one to another host. The
			// answer has these two members only, as Exchange's has.
			return ok(jsonResponse({ Protocol: supported, Url: `https://${request.host}/autodiscover/autodiscover.xml` }));
		},
	});
}

const respondWithActiveSync: Query['respond'] = ({ autodiscover, activesync }) => {
	if (autodiscover?.kind === 'none') return err({ code: 'elsewhere' });
	if (activesync === null) return err({ code: 'unsupported-protocol', protocol: 'ActiveSync' });
	return ok(jsonResponse({ Protocol: 'ActiveSync', Url: activesync }));
};

/** Distinguishes the answers by the host in them, on the two hosts that clients ask; null for any other host. */
function hostKind(host: string, { domain }: EmailAddress): string | null {
	if (host === domain) return 'domain';
	return host === `autodiscover.${domain}` ? 'autodiscover' : null;
}

function renderProblem(problem: Problem): WireResponse {
	const status = statusOfProblem(problem);
	switch (problem.code) {
		case 'unknown-domain':
		case 'not-offered':
		case 'elsewhere':
		case 'inexpressible':
		case 'bad-record':
			return jsonResponse({ ErrorCode: 'UserNotFound', ErrorMessage: 'The given user is not found' }, status);
		case 'no-address':
		case 'bad-address':
			return jsonResponse({ ErrorCode: 'MandatoryParameterMissing', ErrorMessage: 'A valid smtp address must be provided' }, status);
		case 'no-protocol':
			return jsonResponse(
				{ ErrorCode: 'MandatoryParameterMissing', ErrorMessage: "A valid value must be provided for the query parameter 'Protocol'" },
				status,
			);
		case 'unsupported-protocol':
		case 'unsupported-schema':
		case 'bad-request':
			// Exchange repeats the requested protocol here. This service never repeats what a client sent.
			return jsonResponse(
				{ ErrorCode: 'InvalidProtocol', ErrorMessage: "The given protocol value is invalid. Supported values are 'AutodiscoverV1'" },
				status,
			);
	}
}

const commonFields = { method: 'GET', cacheControl: 'no-store', cors: false, servesOtherDomains: true, renderProblem } as const;

const queryEndpoint: Endpoint = {
	...commonFields,
	id: 'autodiscover-json',
	locations: [
		{ label: 'autodiscover', path: '/autodiscover/autodiscover.json' },
		{ label: '', path: '/autodiscover/autodiscover.json' },
	],
	sampleRequest: (address: EmailAddress, location: Location) =>
		sampleRequestAt(location, address, { query: `Email=${encodeURIComponent(address.text)}&Protocol=Autodiscoverv1&RedirectCount=1` }),
	parseRequest: (request: WireRequest) => parseJsonRequest(request, queryParameter(request.query, 'email')),
};

const pathEndpoint: Endpoint = {
	...commonFields,
	id: 'autodiscover-json-path',
	locations: [
		{ label: 'autodiscover', path: '/autodiscover/autodiscover.json/v1.0/{address}' },
		{ label: '', path: '/autodiscover/autodiscover.json/v1.0/{address}' },
	],
	sampleRequest: (address: EmailAddress, location: Location) =>
		sampleRequestAt(location, address, { query: 'Protocol=Autodiscoverv1&RedirectCount=1' }),
	parseRequest: (request: WireRequest) => parseJsonRequest(request, lastPathSegment(request.path)),
};

export const autodiscoverJson: Protocol = {
	id: 'autodiscover-json',
	title: 'Autodiscover v2 (JSON)',
	spec: 'Exchange Autodiscover v2: AutodiscoverV1, ActiveSync',
	endpoints: [queryEndpoint, pathEndpoint],
};
