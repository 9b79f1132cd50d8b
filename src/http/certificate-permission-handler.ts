/**
 * `GET /ask?domain=autoconfig.example.org`: whether a web server may get a certificate for a name on demand. Caddy asks so before it begins
 * (`on_demand_tls { ask … }`): 200 is yes, everything else no. Without the question, strangers could have certificates ordered for any name
 * that they point at the server, until the authority takes no more orders.
 */
import { resolveConfig } from '../model/config.ts';
import { publishesName, UNKNOWN_DNS_TARGET } from '../model/dns-record.ts';
import { type Domain, parseDomain } from '../model/names.ts';
import { recordKey } from '../model/record-key.ts';
import { domainBehindServiceLabel, SERVICE_LABELS } from '../model/service-labels.ts';
import { NOT_FOUND } from '../protocols/problem-response.ts';
import { queryParameter } from '../protocols/request.ts';
import { type HttpDependencies, isServiceHost } from './dependencies.ts';
import { renderUncachedResponse } from './responses.ts';
import { type RouteHandler, type RouteResponse, routeResponse } from './route-handler.ts';

function allow(): RouteResponse {
	return routeResponse(renderUncachedResponse({ type: 'text/plain; charset=utf-8', body: 'Yes.\n' }, false), 'ok');
}

function refuse(): RouteResponse {
	return routeResponse(renderUncachedResponse(NOT_FOUND, false), 'not-found');
}

/** Answers on the service's own host names only. A name without a record costs what any look-up costs: two KV operations at most. */
export function createCertificatePermissionHandler(dependencies: HttpDependencies): RouteHandler {
	return async ({ url }) => {
		const name = parseDomain(queryParameter(url.search.slice(1), 'domain') ?? '');
		if (name === null || !isServiceHost(dependencies, url.hostname)) return refuse();
		if (name === dependencies.serviceHost || dependencies.adminHosts.includes(name)) return allow();
		const domain = domainBehindServiceLabel(name);
		return domain !== null && (await leadsHere(name, domain, dependencies)) ? allow() : refuse();
	};
}

/** Whether a record asks for this name, and is the domain's own or one of the wildcards that the operator allows. */
async function leadsHere(
	name: Domain,
	domain: Domain,
	{ records, now, publishedNames, certificateWildcards }: HttpDependencies,
): Promise<boolean> {
	const found = await records.find([domain]);
	if (!found.ok) return false;
	const { foundUnder, record } = found.value;
	if (foundUnder !== recordKey(domain) && !certificateWildcards.some((wildcard) => foundUnder === recordKey(wildcard))) return false;
	const config = resolveConfig(record, domain, { kind: 'domain', domain }, now());
	const label = SERVICE_LABELS.find((each) => name === `${each}.${domain}`);
	return config.ok && label !== undefined && publishesName(config.value, { ...UNKNOWN_DNS_TARGET, names: publishedNames }, label);
}
