/** The endpoints that answer for an address. */
import type { EmailAddress } from '../../src/model/names.ts';
import type { Endpoint, Query } from '../../src/protocols/protocol.ts';
import { PROTOCOLS } from '../../src/protocols/registry.ts';
import { address } from './valid-names.ts';

/** By id, as `describe.each` takes them. */
export const ADDRESS_ENDPOINTS = PROTOCOLS.flatMap(({ endpoints }) =>
	endpoints.filter((endpoint) => queryFor(endpoint, address('alice@example.com')).address !== null),
).map((endpoint) => [endpoint.id, endpoint] as const);

/** What an endpoint reads from its own sample request. */
export function queryFor(endpoint: Endpoint, of: EmailAddress): Query {
	const query = endpoint.parseRequest(endpoint.sampleRequest(of, endpoint.locations[0]));
	if (!query.ok) throw new Error(query.error.code);
	return query.value;
}
