/** Serves the set-up page: for a customer's domain under its own names, for any domain under the service's. */
import { resolve } from '../../model/config.ts';
import { type Domain, parseDomain, parseEmailAddress } from '../../model/names.ts';
import { NOT_FOUND } from '../../protocols/refusal.ts';
import { hostDomains, lastSegment, queryParameter } from '../../protocols/subject.ts';
import { ownHost } from '../own-host.ts';
import type { Call, Handler, Parts, Served } from '../parts.ts';
import { entity, refusal, respond } from '../respond.ts';
import { reportBadRecord } from '../serve.ts';
import { readBody } from '../wire.ts';
import { cannotInstall, guessWay, parseWay } from './device.ts';
import { acceptedLanguage, type Language, parseLanguage } from './languages.ts';
import { contentSecurityPolicy, themeStyle } from './look.ts';
import { renderSetup, renderStart } from './page.tsx';
import { textsIn } from './texts.tsx';
import { hasMail, type View } from './view.ts';

/** What the form brought; all empty for a GET. */
interface Sent {
	readonly address: string;
	readonly way: string;
	readonly language: string;
}

const NOTHING: Sent = { address: '', way: '', language: '' };

/** `/` of a customer's `autoconfig.` or `autodiscover.` name, and of the service's own. */
export function serveHome(parts: Parts, method: 'GET' | 'POST'): Handler {
	return async (call) => {
		const { request, url } = call;
		const sent = method === 'POST' ? await readForm(request) : NOTHING;
		if (sent === null) return notFound();
		if (!ownHost(parts, url.hostname)) {
			const domain = /^(autoconfig|autodiscover)\./.test(url.hostname) ? (hostDomains(url.hostname)[0] ?? null) : null;
			return setup(parts, call, domain, sent);
		}
		const texts = textsIn(languageOf(request, url, sent));
		if (method === 'GET') return page(request, renderStart(texts, null), {});
		const address = parseEmailAddress(sent.address);
		if (address === null) return page(request, renderStart(texts, 'addressBad'), { status: 400 });
		const served = await setup(parts, call, address.domain, sent);
		return served.outcome === 'ok' ? served : page(request, renderStart(texts, 'addressUnknown'), { status: 404 });
	};
}

/** `/setup/{domain}`, under the service's own name only: a customer's name speaks for nobody else. */
export function serveDomain(parts: Parts, method: 'GET' | 'POST'): Handler {
	return async (call) => {
		const sent = method === 'POST' ? await readForm(call.request) : NOTHING;
		if (sent === null || !ownHost(parts, call.url.hostname)) return notFound();
		return setup(parts, call, parseDomain(lastSegment(call.path) ?? ''), sent);
	};
}

async function setup(parts: Parts, { request, url, userAgent }: Call, domain: Domain | null, sent: Sent): Promise<Served> {
	const found = domain === null ? null : await parts.records.find([domain]);
	if (domain === null || found === null || (!found.ok && found.error.code === 'unknown-domain')) return notFound();
	const config = found.ok ? resolve(found.value.record, domain, { kind: 'domain', domain }, parts.now()) : found;
	if (!found.ok || !config.ok) {
		if (!found.ok && found.error.code === 'bad-record') reportBadRecord(found.error);
		else if (found.ok && !config.ok && !('code' in config.error))
			reportBadRecord({ code: 'bad-record', key: found.value.key, ...config.error });
		return notFound('bad-record');
	}
	// A record may hold a policy for other servers and nothing for people.
	if (!hasMail(config.value)) return notFound('not-offered');
	const guess = guessWay(userAgent);
	const typed = parseEmailAddress(sent.address);
	const address = typed?.domain === domain ? typed : null;
	const path = ownHost(parts, url.hostname) ? `/setup/${domain}` : '/';
	const { provider } = found.value.record;
	const view: View = {
		texts: textsIn(languageOf(request, url, sent)),
		config: config.value,
		provider,
		address,
		error: address !== null || sent.address === '' ? null : typed === null ? 'addressBad' : 'addressOther',
		way: parseWay(sent.way) ?? guess,
		guess,
		cannotInstall: cannotInstall(userAgent),
		url: `${parts.redirectHttp ? 'https:' : url.protocol}//${url.host}${path}`,
		path,
	};
	return page(request, renderSetup(view), {
		style: themeStyle(provider.colour),
		status: view.error === null ? 200 : 400,
		...(provider.logo === undefined ? {} : { logo: provider.logo }),
	});
}

interface Kind {
	readonly status?: 200 | 400 | 404;
	readonly style?: string;
	readonly logo?: string;
}

async function page(request: Request, body: string, { status = 200, style = '', logo }: Kind): Promise<Served> {
	const get = request.method !== 'POST' && status === 200;
	const more = {
		'Content-Security-Policy': await contentSecurityPolicy(style, logo),
		'Referrer-Policy': 'no-referrer',
		Vary: 'Accept-Language, User-Agent',
	};
	const made = await entity(
		{ type: 'text/html; charset=utf-8', body, status },
		{ cache: get ? 'no-cache' : 'no-store', cors: false, validator: get, more },
	);
	const response = respond(made, request.headers.get('If-None-Match'));
	return { response, outcome: response.status === 304 ? 'not-modified' : status === 200 ? 'ok' : 'bad-address' };
}

function notFound(outcome = 'not-found'): Served {
	return { response: refusal(NOT_FOUND, false), outcome };
}

async function readForm(request: Request): Promise<Sent | null> {
	const body = await readBody(request);
	if (!body.ok) return null;
	const fields = new URLSearchParams(body.value);
	const field = (name: string) => fields.get(name) ?? '';
	return { address: field('address'), way: field('way'), language: field('to') === '' ? field('lang') : field('to') };
}

/** The switch first, then what the form was written in, then what the browser asks for. */
function languageOf(request: Request, url: URL, sent: Sent): Language {
	return (
		parseLanguage(sent.language) ??
		parseLanguage(queryParameter(url.search.slice(1), 'lang') ?? '') ??
		acceptedLanguage(request.headers.get('Accept-Language') ?? '')
	);
}
