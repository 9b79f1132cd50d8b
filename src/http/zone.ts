/** `/zone/{domain}`: the DNS records a domain should publish, as a zone file. They are public facts, once published. */
import { expectedRecords } from '../dns/expected.ts';
import { renderZone } from '../dns/zone.ts';
import { resolve } from '../model/config.ts';
import { type Domain, parseDomain } from '../model/names.ts';
import { refuseInText } from '../protocols/refusal.ts';
import { lastSegment } from '../protocols/subject.ts';
import type { Handler, Parts, Served } from './parts.ts';
import { entity, refusal, respond } from './respond.ts';
import { reportBadRecord } from './serve.ts';

/** Stands where the operator has not said under which name the service is reached (RFC 2606 §2: .invalid never resolves). */
const UNKNOWN_HOST = 'signpost.invalid' as Domain;

export function serveZone({ records, now, serviceHost }: Parts): Handler {
	return async ({ request, url, path }): Promise<Served> => {
		const domain = parseDomain(lastSegment(path) ?? '');
		const found = domain === null ? null : await records.find([domain]);
		if (domain === null || found === null)
			return { response: refusal(refuseInText({ code: 'unknown-domain' }), false), outcome: 'unknown-domain' };
		const config = found.ok ? resolve(found.value.record, domain, { kind: 'domain', domain }, now()) : found;
		if (!config.ok) {
			const problem =
				'code' in config.error ? config.error : { code: 'bad-record' as const, key: found.ok ? found.value.key : '', ...config.error };
			if (problem.code === 'bad-record') reportBadRecord(problem);
			return { response: refusal(refuseInText(problem), false), outcome: problem.code };
		}
		// An earlier record that no longer resolves has no digest that anybody could have kept.
		const earlier = (found.ok ? (found.value.earlier ?? []) : [])
			.filter(({ until }) => now() < until)
			.map(({ record }) => resolve(record, domain, { kind: 'domain', domain }, now()))
			.flatMap((old) => (old.ok ? [old.value] : []));
		const host = serviceHost ?? parseDomain(url.hostname) ?? UNKNOWN_HOST;
		const hint =
			host === UNKNOWN_HOST ? `; Set SERVICE_HOST to the name this service is reached by; it stands here as ${UNKNOWN_HOST}.\n` : '';
		const body = hint + renderZone(domain, await expectedRecords(config.value, { host }, earlier));
		const rendition = { type: 'text/plain; charset=utf-8', body };
		const response = respond(
			await entity(rendition, { cache: 'no-cache', cors: true, validator: true }),
			request.headers.get('If-None-Match'),
		);
		return { response, outcome: response.status === 304 ? 'not-modified' : 'ok' };
	};
}
