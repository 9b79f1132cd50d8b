/** The answers of all endpoints for one address, for previews and to compare two versions of a record. */
import type { Result } from '../lib/result.ts';
import type { ResolvedRecord } from '../model/lookup.ts';
import type { EmailAddress } from '../model/names.ts';
import type { Problem } from '../model/problem.ts';
import { answerQuery } from './answer-query.ts';
import type { Endpoint, WireResponse } from './protocol.ts';
import { PROTOCOLS } from './registry.ts';

/** The answer of one endpoint, or its error in the protocol's own format. */
export interface EndpointPreview {
	readonly protocol: string;
	readonly title: string;
	readonly endpoint: string;
	/** The request as text for people: `GET https://autoconfig.example.org/…`. */
	readonly asked: string;
	/** Why the endpoint has no settings for the address; null where it has. */
	readonly refused: Problem['code'] | null;
	readonly response: WireResponse;
}

/**
 * Renders what every endpoint answers to the sample request for an address.
 * @param found the record, or why there is none
 * @param now Unix time in milliseconds
 */
export function renderPreviews(found: Result<ResolvedRecord, Problem>, address: EmailAddress, now: number): readonly EndpointPreview[] {
	return PROTOCOLS.flatMap(({ id, title, endpoints }) =>
		endpoints.map((endpoint) => {
			const request = endpoint.sampleRequest(address, endpoint.locations[0]);
			const result = answerSample(endpoint, request, found, now);
			return {
				protocol: id,
				title,
				endpoint: endpoint.id,
				asked: `${request.method} https://${request.host}${request.path}${request.query === '' ? '' : `?${request.query}`}`,
				refused: result.ok ? null : result.error.code,
				response: result.ok ? result.value : endpoint.renderProblem(result.error),
			};
		}),
	);
}

function answerSample(
	endpoint: Endpoint,
	request: ReturnType<Endpoint['sampleRequest']>,
	found: Result<ResolvedRecord, Problem>,
	now: number,
): Result<WireResponse, Problem> {
	const query = endpoint.parseRequest(request);
	if (!query.ok) return query;
	return found.ok ? answerQuery(query.value, found.value, null, now) : found;
}

/** A response as one text for people: status and headers first, then the body. */
export function renderWireResponse({ status = 200, type, filename, location, body }: WireResponse): string {
	const head = [`status: ${status}`, `content-type: ${type}`];
	if (filename !== undefined) head.push(`filename: ${filename}`);
	if (location !== undefined) head.push(`location: ${location}`);
	return `${head.join('\n')}\n\n${body}${body.endsWith('\n') ? '' : '\n'}`;
}
