/** What is measured: the three questions that clients ask most, as those clients ask them. */
import type { EmailAddress } from '../../src/model/names.ts';
import type { WireRequest } from '../../src/protocols/protocol.ts';
import { PROTOCOLS } from '../../src/protocols/registry.ts';

/** A request to be sent many times. */
export interface BenchRequest {
	readonly id: string;
	readonly request: WireRequest;
}

// User-Agents as the clients send them: the server looks at them, so the constant is sent them too.
const CLIENTS = {
	autoconfig: 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Thunderbird/153.0',
	'autodiscover-xml': 'Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.18025; Pro)',
	mobileconfig:
		'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148',
} as const;

/** The endpoints' own requests for an address, each at its first place. */
export function benchRequestsFor(address: EmailAddress): readonly BenchRequest[] {
	const endpoints = PROTOCOLS.flatMap((protocol) => protocol.endpoints);
	return Object.entries(CLIENTS).map(([id, userAgent]) => {
		const endpoint = endpoints.find((candidate) => candidate.id === id);
		if (endpoint === undefined) throw new Error(`no endpoint ${id}`);
		return { id, request: { ...endpoint.sampleRequest(address, endpoint.locations[0]), userAgent } };
	});
}

/** Path and query as they stand in the request line. */
export function requestTarget({ path, query }: WireRequest): string {
	return query === '' ? path : `${path}?${query}`;
}

/** Headers of the request, the host among them. */
export function requestHeaders({ host, userAgent, contentType }: WireRequest): Readonly<Record<string, string>> {
	return { host, 'user-agent': userAgent, ...(contentType === '' ? {} : { 'content-type': contentType }) };
}
