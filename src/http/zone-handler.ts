/**
 * `/zone/{domain}`: the DNS records a domain should publish, as a zone file. They need no protection: once published, everyone can read them.
 */
import { expectedRecords } from '../dns/expected.ts';
import { renderZoneFile } from '../dns/zone-file.ts';
import { resolveConfig } from '../model/config.ts';
import { UNKNOWN_DNS_TARGET } from '../model/dns-record.ts';
import { badFieldProblem } from '../model/lookup.ts';
import { type Domain, parseDomain } from '../model/names.ts';
import type { Problem } from '../model/problem.ts';
import { domainBehindServiceLabel } from '../model/service-labels.ts';
import { renderProblemAsText } from '../protocols/problem-response.ts';
import { lastPathSegment } from '../protocols/request.ts';
import { type HttpDependencies, mayServeDomain } from './dependencies.ts';
import { logBadRecord } from './endpoint-handler.ts';
import { prepareResponse, renderResponse, renderUncachedResponse } from './responses.ts';
import { type RouteHandler, type RouteResponse, routeResponse } from './route-handler.ts';

/**
 * The host that was asked, as the service's own name where the operator has not said it. A name such as autoconfig.example.org is none: it
 * is one of those that the zone is to lead to the service, and would be told to lead to itself.
 */
function hostWithoutLabel(hostname: string): Domain | null {
	const host = parseDomain(hostname);
	return host === null || domainBehindServiceLabel(host) !== null ? null : host;
}

/** RFC 4592 §2.1.1: a wildcard is the first label alone, so that autoconfig.*.example.org stands for no name: each domain has its own zone. */
const WILDCARD_HAS_NO_ZONE = {
	type: 'text/plain; charset=utf-8',
	status: 404,
	body: 'A wildcard has no zone of its own: ask for one of the domains below it.\n',
};

function problemResponse(problem: Problem): RouteResponse {
	if (problem.code === 'bad-record') logBadRecord(problem);
	return routeResponse(renderUncachedResponse(renderProblemAsText(problem), false), problem.code);
}

export function createZoneHandler(dependencies: HttpDependencies): RouteHandler {
	const { records, now, serviceHost, publishedNames } = dependencies;
	return async ({ headers, url, path }): Promise<RouteResponse> => {
		const segment = lastPathSegment(path) ?? '';
		if (segment.startsWith('*.')) return routeResponse(renderUncachedResponse(WILDCARD_HAS_NO_ZONE, false), 'unknown-domain');
		const named = parseDomain(segment);
		const domain = named !== null && mayServeDomain(dependencies, url.hostname, named) ? named : null;
		const found = domain === null ? null : await records.find([domain]);
		if (domain === null || found === null) return problemResponse({ code: 'unknown-domain' });
		if (!found.ok) return problemResponse(found.error);
		const config = resolveConfig(found.value.record, domain, { kind: 'domain', domain }, now());
		if (!config.ok) return problemResponse(badFieldProblem(found.value, config.error));
		// An earlier record that does not resolve for this domain was never served for it, so no client can have its PACC digest.
		const superseded = (found.value.superseded ?? [])
			.filter(({ until }) => now() < until)
			.map(({ record }) => resolveConfig(record, domain, { kind: 'domain', domain }, now()))
			.flatMap((old) => (old.ok ? [old.value] : []));
		const host = serviceHost ?? hostWithoutLabel(url.hostname) ?? UNKNOWN_DNS_TARGET.host;
		const hint =
			host === UNKNOWN_DNS_TARGET.host ? `; Set SERVICE_HOST to the name this service is reached by; it stands here as ${host}.\n` : '';
		const body = hint + renderZoneFile(domain, await expectedRecords(config.value, { host, names: publishedNames }, superseded));
		const wireResponse = { type: 'text/plain; charset=utf-8', body };
		const response = renderResponse(
			await prepareResponse(wireResponse, { cacheControl: 'no-cache', cors: true }),
			headers.get('If-None-Match'),
		);
		return routeResponse(response, response.status === 304 ? 'not-modified' : 'ok');
	};
}
