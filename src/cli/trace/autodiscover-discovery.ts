/** Requests Autodiscover documents (XML), in the order in which a client does. */
import type { EmailAddress } from '../../model/names.ts';
import { autodiscoverXml } from '../../protocols/autodiscover-xml.ts';
import { conclude, type DiscoveredSettings, type Discovery, type DiscoveryStep } from './discovery.ts';
import { parseAutodiscoverResponse } from './discovery-documents.ts';

/** The body of the request, which is the same for all clients. */
function autodiscoverRequestBody(address: EmailAddress): string {
	const [endpoint] = autodiscoverXml.endpoints;
	return endpoint === undefined ? '' : endpoint.sampleRequest(address, endpoint.locations[0]).body;
}

export function autodiscoverPost(
	address: EmailAddress,
	url: string,
	more: Partial<DiscoveryStep & { action: 'http' }> = {},
): DiscoveryStep {
	return {
		action: 'http',
		method: 'POST',
		url,
		headers: { 'Content-Type': 'text/xml; charset=utf-8' },
		body: autodiscoverRequestBody(address),
		...more,
	};
}

export const autodiscoverUrl = (host: string, scheme: 'https' | 'http' = 'https') => `${scheme}://${host}/autodiscover/autodiscover.xml`;

/** Sends the requests in turn; the first answer with settings is used. */
export function* discoverAutodiscover(requests: readonly DiscoveryStep[], takes: 'first' | 'last'): Discovery {
	for (const request of requests) {
		const settings = yield* requestAutodiscover(request, takes);
		if (settings !== null) return settings;
	}
	return null;
}

export function* requestAutodiscover(request: DiscoveryStep, takes: 'first' | 'last'): Discovery {
	const answer = yield request;
	if (answer.outcome !== 'http' || answer.status !== 200) {
		yield* conclude(
			`${answer.outcome === 'http' ? answer.status : answer.outcome === 'nothing' ? answer.reason : 'no answer'}: on to the next`,
		);
		return null;
	}
	const read = parseAutodiscoverResponse(answer.body);
	if ('reason' in read) {
		yield* conclude(`${read.reason}: on to the next`);
		return null;
	}
	const pick = (kinds: readonly string[]) => {
		const list = read.filter(({ kind }) => kinds.includes(kind));
		return (takes === 'first' ? list[0] : list[list.length - 1]) ?? null;
	};
	const outgoing = read.filter(({ kind }) => kind === 'smtp').length;
	const settings: DiscoveredSettings = {
		incoming: pick(['imap']) ?? pick(['pop3']),
		outgoing: pick(['smtp']),
		source: request.action === 'http' ? request.url : '',
		why: `the ${takes} of ${outgoing} SMTP ${outgoing === 1 ? 'protocol' : 'protocols'}`,
	};
	yield* conclude(`taken: ${settings.why}`);
	return settings;
}
