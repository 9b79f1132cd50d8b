/** What every client would get, in one list: for previews, and to see what a change changes. */
import type { Result } from '../lib/result.ts';
import type { ResolvedRecord } from '../model/lookup.ts';
import type { EmailAddress } from '../model/names.ts';
import type { Problem } from '../model/problem.ts';
import { answerQuery } from './answer-query.ts';
import type { Endpoint, WireResponse } from './protocol.ts';
import { PROTOCOLS } from './registry.ts';

/** The answer of one endpoint, or its refusal in its own dialect. */
export interface EndpointPreview {
	readonly protocol: string;
	readonly title: string;
	readonly endpoint: string;
	/** Where a client asks, for a person's eye: `GET https://autoconfig.example.org/…`. */
	readonly asked: string;
	/** Null where it is answered; otherwise why not. */
	readonly refused: Problem['code'] | null;
	readonly response: WireResponse;
}

/**
 * Asks every endpoint as a well-behaved client does.
 * @param found the record, or why there is none
 */
export function renderPreviews(found: Result<ResolvedRecord, Problem>, address: EmailAddress, now: number): readonly EndpointPreview[] {
	return PROTOCOLS.flatMap(({ id, title, endpoints }) =>
		endpoints.map((endpoint) => {
			const request = endpoint.sampleRequest(address, endpoint.locations[0]);
			const answered = answerSample(endpoint, request, found, now);
			return {
				protocol: id,
				title,
				endpoint: endpoint.id,
				asked: `${request.method} https://${request.host}${request.path}${request.query === '' ? '' : `?${request.query}`}`,
				refused: answered.ok ? null : answered.error.code,
				response: answered.ok ? answered.value : endpoint.renderProblem(answered.error),
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
	const question = endpoint.parseRequest(request);
	if (!question.ok) return question;
	return found.ok ? answerQuery(question.value, found.value, null, now) : found;
}

/** A rendition as one text: what a client gets, status and headers first. */
export function renderWireResponse({ status = 200, type, filename, location, body }: WireResponse): string {
	const head = [`status: ${status}`, `content-type: ${type}`];
	if (filename !== undefined) head.push(`filename: ${filename}`);
	if (location !== undefined) head.push(`location: ${location}`);
	return `${head.join('\n')}\n\n${body}${body.endsWith('\n') ? '' : '\n'}`;
}
