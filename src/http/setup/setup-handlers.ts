/** Serves the set-up page: for a customer's domain under its own names, for any domain under the service's. */
import { resolveConfig } from '../../model/config.ts';
import { type Domain, parseDomain, parseEmailAddress } from '../../model/names.ts';
import { NOT_FOUND } from '../../protocols/problem-response.ts';
import { domainsOfHost, lastPathSegment, queryParameter } from '../../protocols/request.ts';
import type { HttpDependencies, RouteHandler, RouteRequest, RouteResponse } from '../dependencies.ts';
import { logBadRecord } from '../endpoint-handler.ts';
import { isServiceHost } from '../own-host.ts';
import { prepareResponse, renderResponse, renderUncachedResponse } from '../responses.ts';
import { readBody } from '../wire-request.ts';
import { contentSecurityPolicy, renderThemeStyle } from './branding.ts';
import { type Language, negotiateLanguage, parseLanguage } from './languages.ts';
import { cannotInstallProfiles, detectMailApp, parseMailApp } from './mail-app.ts';
import { createTranslator } from './message.tsx';
import { renderSetupPage, renderStartPage } from './setup-page.tsx';
import { hasOffers, type SetupView } from './setup-view.ts';

/** What the form brought; all empty for a GET. */
interface SetupForm {
	readonly address: string;
	readonly app: string;
	readonly language: string;
}

const EMPTY_FORM: SetupForm = { address: '', app: '', language: '' };

/** `/` of a customer's `autoconfig.` or `autodiscover.` name, and of the service's own. */
export function homeHandler(parts: HttpDependencies, method: 'GET' | 'POST'): RouteHandler {
	return async (call) => {
		const { request, url } = call;
		const sent = method === 'POST' ? await readSetupForm(request) : EMPTY_FORM;
		if (sent === null) return notFoundResponse();
		if (!isServiceHost(parts, url.hostname)) {
			const domain = /^(autoconfig|autodiscover)\./.test(url.hostname) ? (domainsOfHost(url.hostname)[0] ?? null) : null;
			return respondWithSetupPage(parts, call, domain, sent);
		}
		const texts = createTranslator(pageLanguage(request, url, sent));
		if (method === 'GET') return htmlResponse(request, renderStartPage(texts, null), {});
		const address = parseEmailAddress(sent.address);
		if (address === null) return htmlResponse(request, renderStartPage(texts, 'addressBad'), { status: 400 });
		const served = await respondWithSetupPage(parts, call, address.domain, sent);
		return served.outcome === 'ok' ? served : htmlResponse(request, renderStartPage(texts, 'addressUnknown'), { status: 404 });
	};
}

/** `/setup/{domain}`, under the service's own name only: a customer's name speaks for nobody else. */
export function setupPageHandler(parts: HttpDependencies, method: 'GET' | 'POST'): RouteHandler {
	return async (call) => {
		const sent = method === 'POST' ? await readSetupForm(call.request) : EMPTY_FORM;
		if (sent === null || !isServiceHost(parts, call.url.hostname)) return notFoundResponse();
		return respondWithSetupPage(parts, call, parseDomain(lastPathSegment(call.path) ?? ''), sent);
	};
}

async function respondWithSetupPage(
	parts: HttpDependencies,
	{ request, url, userAgent }: RouteRequest,
	domain: Domain | null,
	sent: SetupForm,
): Promise<RouteResponse> {
	const found = domain === null ? null : await parts.records.find([domain]);
	if (domain === null || found === null || (!found.ok && found.error.code === 'unknown-domain')) return notFoundResponse();
	const config = found.ok ? resolveConfig(found.value.record, domain, { kind: 'domain', domain }, parts.now()) : found;
	if (!found.ok || !config.ok) {
		if (!found.ok && found.error.code === 'bad-record') logBadRecord(found.error);
		else if (found.ok && !config.ok && !('code' in config.error))
			logBadRecord({ code: 'bad-record', key: found.value.key, ...config.error });
		return notFoundResponse('bad-record');
	}
	// A record may hold a policy for other servers and nothing for people.
	if (!hasOffers(config.value)) return notFoundResponse('not-offered');
	const guess = detectMailApp(userAgent);
	const typed = parseEmailAddress(sent.address);
	const address = typed?.domain === domain ? typed : null;
	const path = isServiceHost(parts, url.hostname) ? `/setup/${domain}` : '/';
	const { provider } = found.value.record;
	const view: SetupView = {
		translator: createTranslator(pageLanguage(request, url, sent)),
		config: config.value,
		provider,
		address,
		error: address !== null || sent.address === '' ? null : typed === null ? 'addressBad' : 'addressOther',
		selectedApp: parseMailApp(sent.app) ?? guess,
		detectedApp: guess,
		cannotInstallProfiles: cannotInstallProfiles(userAgent),
		url: `${parts.redirectHttp ? 'https:' : url.protocol}//${url.host}${path}`,
		path,
	};
	return htmlResponse(request, renderSetupPage(view), {
		style: renderThemeStyle(provider.colour),
		status: view.error === null ? 200 : 400,
		...(provider.logo === undefined ? {} : { logo: provider.logo }),
	});
}

interface PageOptions {
	readonly status?: 200 | 400 | 404;
	readonly style?: string;
	readonly logo?: string;
}

async function htmlResponse(request: Request, body: string, { status = 200, style = '', logo }: PageOptions): Promise<RouteResponse> {
	const get = request.method !== 'POST' && status === 200;
	const more = {
		'Content-Security-Policy': await contentSecurityPolicy(style, logo),
		'Referrer-Policy': 'no-referrer',
		Vary: 'Accept-Language, User-Agent',
	};
	const made = await prepareResponse(
		{ type: 'text/html; charset=utf-8', body, status },
		{ cacheControl: get ? 'no-cache' : 'no-store', cors: false, hasETag: get, extraHeaders: more },
	);
	const response = renderResponse(made, request.headers.get('If-None-Match'));
	return { response, outcome: response.status === 304 ? 'not-modified' : status === 200 ? 'ok' : 'bad-address' };
}

function notFoundResponse(outcome = 'not-found'): RouteResponse {
	return { response: renderUncachedResponse(NOT_FOUND, false), outcome };
}

async function readSetupForm(request: Request): Promise<SetupForm | null> {
	const body = await readBody(request);
	if (!body.ok) return null;
	const fields = new URLSearchParams(body.value);
	const field = (name: string) => fields.get(name) ?? '';
	return { address: field('address'), app: field('way'), language: field('to') === '' ? field('lang') : field('to') };
}

/** The switch first, then what the form was written in, then what the browser asks for. */
function pageLanguage(request: Request, url: URL, sent: SetupForm): Language {
	return (
		parseLanguage(sent.language) ??
		parseLanguage(queryParameter(url.search.slice(1), 'lang') ?? '') ??
		negotiateLanguage(request.headers.get('Accept-Language') ?? '')
	);
}
