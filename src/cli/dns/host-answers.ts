/**
 * Finds out over HTTPS which service answers at a name, because addresses do not tell that behind a provider that flattens or proxies
 * names.
 */
import type { HostAnswer } from '../../dns/zone-comparison.ts';
import { mapConcurrently } from '../../lib/concurrency.ts';
import type { ResolvedRecord } from '../../model/lookup.ts';
import type { EmailAddress } from '../../model/names.ts';
import { NOT_FOUND } from '../../protocols/problem-response.ts';
import { type HttpExpectation, httpExpectations, sendExpectation } from '../check/http-expectations.ts';
import type { HttpFailure, HttpResponse } from '../probe/http-request.ts';
import type { Network } from '../probe/network.ts';

/**
 * Asks each host for the document that the record gives there.
 * @returns no entry for a host whose answer proves nothing: no answer, an outage, or a similar document, which may be that of an older
 * record
 */
export async function findHostAnswers(
	hosts: readonly string[],
	found: ResolvedRecord,
	address: EmailAddress,
	network: Network,
	now: number,
): Promise<ReadonlyMap<string, HostAnswer>> {
	const documents = httpExpectations(found, address, now).filter(
		({ expected, place }) => expected.status === undefined && place.label !== '',
	);
	const answers = await mapConcurrently(hosts, hosts.length, async (host) => {
		const document = documents.find(({ request }) => request.host === host);
		return [host, document === undefined ? null : judgeHostAnswer(document, await sendExpectation(network, document))] as const;
	});
	return new Map(answers.flatMap(([host, answer]) => (answer === null ? [] : [[host, answer] as const])));
}

function judgeHostAnswer({ expected }: HttpExpectation, got: HttpResponse | HttpFailure): HostAnswer | null {
	// Where the connection is refused, it is not this service, which would answer.
	if (!got.ok) return got.kind === 'refused' ? 'elsewhere' : null;
	const body = got.body.toString('utf8');
	if (got.status === 200 && (body === expected.body || (expected.sign === true && body.includes(expected.body)))) return 'ours';
	const isOutage = got.status >= 500;
	const isOfSameKind = got.status === 200 && mediaType(got.contentType) === mediaType(expected.type);
	// This is how this service answers for a domain whose record has not reached it yet.
	const isUnknownDomain = got.status === NOT_FOUND.status && body === NOT_FOUND.body;
	return isOutage || isOfSameKind || isUnknownDomain ? null : 'elsewhere';
}

function mediaType(contentType: string): string {
	return (contentType.split(';')[0] ?? '').trim().toLowerCase();
}
