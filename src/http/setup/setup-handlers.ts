/** Serves the set-up page: for a customer's domain under its own names, for any domain under the service's. */
import { resolveConfig } from '../../model/config.ts';
import { badFieldProblem } from '../../model/lookup.ts';
import { type Domain, parseDomain, parseEmailAddress } from '../../model/names.ts';
import { NOT_FOUND } from '../../protocols/problem-response.ts';
import { domainOfHost, lastPathSegment, queryParameter } from '../../protocols/request.ts';
import { type HttpDependencies, isServiceHost } from '../dependencies.ts';
import { logBadRecord } from '../endpoint-handler.ts';
import type { RequestUrl } from '../request-url.ts';
import { prepareHead, prepareResponse, renderResponse, renderUncachedResponse } from '../responses.ts';
import { type RouteHandler, type RouteRequest, type RouteResponse, routeResponse } from '../route-handler.ts';
import { readBody } from '../wire-request.ts';
import { contentSecurityPolicy, renderThemeStyle } from './branding.ts';
import { createTranslator, type Language, negotiateLanguage, parseLanguage } from './languages.ts';
import { cannotInstallProfiles, detectMailApp, parseMailApp } from './mail-app.ts';
import { renderMissingPage, renderSetupPage, renderStartPage } from './setup-page.tsx';
import { hasOffers, type SetupView } from './setup-view.ts';

/** The fields of a posted form; all empty for a GET. */
interface SetupForm {
	readonly address: string;
	readonly app: string;
	readonly language: string;
}

const EMPTY_FORM: SetupForm = { address: '', app: '', language: '' };

/** `/` of a customer's `autoconfig.` or `autodiscover.` name, and of the service's own. */
export function homeHandler(dependencies: HttpDependencies, method: 'GET' | 'POST'): RouteHandler {
	return async (call) => {
		const { request, url } = call;
		const form = method === 'POST' ? await readSetupForm(call) : EMPTY_FORM;
		if (form === null) return plainNotFound();
		if (!isServiceHost(dependencies, url.hostname)) {
			// Other names of a customer are no place for people: `mta-sts.` serves a policy, the bare domain is the customer's website.
			if (!/^(autoconfig|autodiscover)\./.test(url.hostname)) return plainNotFound();
			return respondWithSetupPage(dependencies, call, domainOfHost(url.hostname), form);
		}
		const translator = createTranslator(pageLanguage(request, url, form));
		if (method === 'GET') return htmlResponse(request, renderStartPage(translator, null, ''), { outcome: 'ok' });
		const address = parseEmailAddress(form.address);
		if (address === null)
			return htmlResponse(request, renderStartPage(translator, 'addressBad', form.address), { status: 400, outcome: 'bad-address' });
		const found = await respondWithSetupPage(dependencies, call, address.domain, form);
		if (found.outcome === 'ok') return found;
		const page = renderStartPage(translator, 'addressUnknown', form.address);
		return htmlResponse(request, page, { status: 404, outcome: found.outcome });
	};
}

/** `/setup/{domain}`, under the service's own name only: a customer's name serves that customer's domain alone. */
export function setupPageHandler(dependencies: HttpDependencies, method: 'GET' | 'POST'): RouteHandler {
	return async (call) => {
		const form = method === 'POST' ? await readSetupForm(call) : EMPTY_FORM;
		if (form === null || !isServiceHost(dependencies, call.url.hostname)) return plainNotFound();
		return respondWithSetupPage(dependencies, call, parseDomain(lastPathSegment(call.path) ?? ''), form);
	};
}

async function respondWithSetupPage(
	dependencies: HttpDependencies,
	{ request, url, userAgent }: RouteRequest,
	domain: Domain | null,
	form: SetupForm,
): Promise<RouteResponse> {
	const translator = createTranslator(pageLanguage(request, url, form));
	const missing = (outcome: string, reason: 'missingText' | 'missingBroken' = 'missingText') =>
		htmlResponse(request, renderMissingPage(translator, reason, isServiceHost(dependencies, url.hostname)), { status: 404, outcome });
	const found = domain === null ? null : await dependencies.records.find([domain]);
	if (domain === null || found === null || (!found.ok && found.error.code === 'unknown-domain')) return missing('not-found');
	if (!found.ok) {
		if (found.error.code === 'bad-record') logBadRecord(found.error);
		return missing('bad-record', 'missingBroken');
	}
	const config = resolveConfig(found.value.record, domain, { kind: 'domain', domain }, dependencies.now());
	if (!config.ok) {
		logBadRecord(badFieldProblem(found.value, config.error));
		return missing('bad-record', 'missingBroken');
	}
	// A record may hold a policy for other servers and nothing for people.
	if (!hasOffers(config.value)) return missing('not-offered');
	const detectedApp = detectMailApp(userAgent);
	const parsed = parseEmailAddress(form.address);
	const address = parsed?.domain === domain ? parsed : null;
	const path = isServiceHost(dependencies, url.hostname) ? `/setup/${domain}` : '/';
	const { provider } = found.value.record;
	const view: SetupView = {
		translator,
		config: config.value,
		provider,
		address,
		typed: form.address,
		error: address !== null || form.address === '' ? null : parsed === null ? 'addressBad' : 'addressOther',
		selectedApp: parseMailApp(form.app) ?? detectedApp,
		detectedApp,
		cannotInstallProfiles: cannotInstallProfiles(userAgent),
		url: `${dependencies.redirectHttp ? 'https:' : url.protocol}//${url.host}${path}`,
		path,
	};
	return htmlResponse(request, renderSetupPage(view), {
		style: renderThemeStyle(provider.colour),
		status: view.error === null ? 200 : 400,
		outcome: view.error === null ? 'ok' : 'bad-address',
		...(provider.logo === undefined ? {} : { logo: provider.logo }),
	});
}

interface PageOptions {
	readonly status?: 200 | 400 | 404;
	/** What is counted and logged; never anything that was sent. */
	readonly outcome: string;
	readonly style?: string;
	readonly logo?: string;
}

async function htmlResponse(
	request: Request,
	body: string,
	{ status = 200, outcome, style = '', logo }: PageOptions,
): Promise<RouteResponse> {
	const isCacheable = request.method !== 'POST' && status === 200;
	const extraHeaders = {
		'Content-Security-Policy': await contentSecurityPolicy(style, logo),
		'Referrer-Policy': 'no-referrer',
		Vary: 'Accept-Language, User-Agent',
	};
	const page = { type: 'text/html; charset=utf-8', body, status };
	const policy = { cacheControl: isCacheable ? 'no-cache' : 'no-store', cors: false, extraHeaders };
	if (!isCacheable) return routeResponse(new Response(body, prepareHead(page, policy)), outcome);
	const response = renderResponse(await prepareResponse(page, policy), request.headers.get('If-None-Match'));
	return routeResponse(response, response.status === 304 ? 'not-modified' : outcome);
}

/** For requests that no person makes with a browser: one line of text. */
function plainNotFound(): RouteResponse {
	return routeResponse(renderUncachedResponse(NOT_FOUND, false), 'not-found');
}

async function readSetupForm({ request, headers }: RouteRequest): Promise<SetupForm | null> {
	const body = await readBody(request, headers);
	if (!body.ok) return null;
	const fields = new URLSearchParams(body.value);
	// An address may come back in the page: no more of it than an address may have (RFC 5321 §4.5.3.1).
	const field = (name: string) => (fields.get(name) ?? '').slice(0, 320);
	return { address: field('address'), app: field('way'), language: field('to') === '' ? field('lang') : field('to') };
}

/** The language that was chosen in the menu, else that of the posted page, else what the browser prefers. */
function pageLanguage(request: Request, url: RequestUrl, form: SetupForm): Language {
	return (
		parseLanguage(form.language) ??
		parseLanguage(queryParameter(url.search.slice(1), 'lang') ?? '') ??
		negotiateLanguage(request.headers.get('Accept-Language') ?? '')
	);
}
