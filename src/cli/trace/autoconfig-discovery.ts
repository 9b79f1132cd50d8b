/** Requests the URLs of autoconfig in a client's order, and takes servers from the document that is found. */
import type { EmailAddress } from '../../model/names.ts';
import { conclude, type DiscoveredSettings, type Discovery, type DiscoveryStepResult, mxProviderDomains } from './discovery.ts';
import { type AutoconfigDocument, type AutoconfigServer, parseAutoconfigDocument, parseAutoconfigServer } from './discovery-documents.ts';

/** How a client reads a document. */
export interface AutoconfigRules {
	/** Whether the first 2xx is taken before it is read: then a bad document there hides the good ones behind it. */
	readonly takesFirst2xxUnread?: boolean;
	/** Content types that it parses; all where left out. */
	readonly contentTypes?: RegExp;
	/** Which of several servers of a kind it sets up. */
	readonly picks: 'first' | 'last';
	/** Whether an outgoing server with STARTTLS is kept before one with implicit TLS, wherever it stands. */
	readonly prefersStarttls?: boolean;
	/** Whether the client speaks IMAP alone, so that POP3 servers are passed over. */
	readonly imapOnly?: boolean;
	/** Whether one invalid section makes it reject the whole document. */
	readonly strict?: boolean;
	/** Whether the first incoming server must be IMAP. */
	readonly requiresImapFirst?: boolean;
	/** Authentication methods that it supports for hosts of unknown providers; all of them where this is left out. */
	readonly authentications?: readonly string[];
}

type EmailParameter = 'none' | 'encoded' | 'raw';

export const autoconfigUrl = {
	subdomain: (scheme: 'https' | 'http', query: EmailParameter) => (address: EmailAddress) =>
		`${scheme}://autoconfig.${address.domain}/mail/config-v1.1.xml${emailParameter(query, address)}`,
	wellKnown: (scheme: 'https' | 'http', query: EmailParameter) => (address: EmailAddress) =>
		`${scheme}://${address.domain}/.well-known/autoconfig/mail/config-v1.1.xml${emailParameter(query, address)}`,
};

export const ISPDB_URL = 'https://autoconfig.thunderbird.net/v1.1/';

function emailParameter(query: EmailParameter, { text }: EmailAddress): string {
	if (query === 'none') return '';
	return `?emailaddress=${query === 'raw' ? text : encodeURIComponent(text)}`;
}

/** Requests each URL in turn. Clients that request them all at once still take the first valid document in this order. */
export function* discoverAutoconfig(urls: readonly string[], reading: AutoconfigRules): Discovery {
	for (const url of urls) {
		const answer = yield { action: 'http', method: 'GET', url };
		if (answer.outcome !== 'http') {
			yield* conclude(`${answer.outcome === 'nothing' ? answer.reason : 'no answer'}: on to the next`);
			continue;
		}
		if (answer.status < 200 || answer.status > 299) {
			yield* conclude(`${answer.status}: on to the next`);
			continue;
		}
		const read = parseSettings(answer, reading, url);
		if ('settings' in read) {
			yield* conclude(`taken: ${read.settings.why}`);
			return read.settings;
		}
		if (reading.takesFirst2xxUnread === true) {
			yield* conclude(`taken unread, and then useless: ${read.reason}. The places behind it are not looked at`);
			return null;
		}
		yield* conclude(`${read.reason}: on to the next`);
	}
	return null;
}

function parseSettings(
	answer: DiscoveryStepResult & { outcome: 'http' },
	reading: AutoconfigRules,
	url: string,
): { readonly settings: DiscoveredSettings } | { readonly reason: string } {
	if (reading.contentTypes !== undefined && !reading.contentTypes.test(answer.contentType))
		return { reason: `the Content-Type ${answer.contentType || '(none)'} is not read as XML` };
	const document = parseAutoconfigDocument(answer.body);
	if ('reason' in document) return document;
	return chooseServers(document, reading, url);
}

function chooseServers(
	document: AutoconfigDocument,
	reading: AutoconfigRules,
	url: string,
): { readonly settings: DiscoveredSettings } | { readonly reason: string } {
	const strange = document.servers.find((section) => ['imap', 'pop3', 'smtp'].includes(section.type) && !isUsable(section, reading));
	if (reading.strict === true && strange !== undefined)
		return { reason: `its ${strange.type} section is not as this client wants it, so it rejects the whole` };
	const usable = document.servers.filter((section) => isUsable(section, reading));
	const incoming = usable.filter(({ element, type }) => element === 'incomingServer' && (reading.imapOnly !== true || type === 'imap'));
	const outgoing = usable.filter(({ element, type }) => element === 'outgoingServer' && type === 'smtp');
	const firstIn = incoming[0];
	const firstOut = outgoing[0];
	if (firstIn === undefined || firstOut === undefined) return { reason: 'it has no usable incoming and outgoing server' };
	if (reading.requiresImapFirst === true && firstIn.type !== 'imap') return { reason: 'its first incoming server is not IMAP' };
	const last = reading.picks === 'last';
	// Such a client has one struct for each kind and fills it again for each section, so the last of a kind remains.
	const sameKind = incoming.filter(({ type }) => type === firstIn.type);
	const pickedIn = parseAutoconfigServer((last ? sameKind[sameKind.length - 1] : undefined) ?? firstIn);
	const starttls =
		reading.prefersStarttls === true ? outgoing.find((each) => parseAutoconfigServer(each)?.security === 'starttls') : undefined;
	const pickedOut = parseAutoconfigServer(starttls ?? (last ? outgoing[outgoing.length - 1] : undefined) ?? firstOut);
	const why = `the ${reading.picks} of ${outgoing.length} outgoing ${outgoing.length === 1 ? 'server' : 'servers'}`;
	return { settings: { incoming: pickedIn, outgoing: pickedOut, source: url, why } };
}

function isUsable(section: AutoconfigServer, { authentications }: AutoconfigRules): boolean {
	const known = authentications === undefined || section.authentications.some((way) => authentications.includes(way));
	return parseAutoconfigServer(section) !== null && known;
}

/** Looks for settings under the domain of the mail host that the MX record names. */
export function* discoverByMx(address: EmailAddress, urlsFor: (domain: string) => readonly string[], reading: AutoconfigRules): Discovery {
	const answer = yield { action: 'mx', name: address.domain };
	const [best] = answer.outcome === 'records' ? [...answer.records].sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)) : [];
	if (best === undefined) {
		yield* conclude('no MX');
		return null;
	}
	const domains = mxProviderDomains(best.replace(/^\d+ /, '').replace(/\.$/, ''), address.domain);
	yield* conclude(domains.length === 0 ? 'the MX stands in the domain itself: nothing more to ask' : `asks under ${domains.join(', ')}`);
	return yield* discoverAutoconfig(domains.flatMap(urlsFor), reading);
}

/** An SRV record that is not denied. */
export interface SrvTarget {
	readonly priority: number;
	readonly weight: number;
	readonly port: number;
	readonly host: string;
}

/** SRV records of one label, those that are denied left out, best first. */
export function* findSrvRecords(label: string, domain: string): Discovery<readonly SrvTarget[]> {
	const answer = yield { action: 'srv', name: `${label}._tcp.${domain}` };
	const records = (answer.outcome === 'records' ? answer.records : []).flatMap((data) => {
		const [priority, weight, port, target = '.'] = data.split(' ');
		return target === '.'
			? []
			: [{ priority: Number(priority), weight: Number(weight), port: Number(port), host: target.replace(/\.$/, '') }];
	});
	const list = records.sort((a, b) => a.priority - b.priority || b.weight - a.weight);
	yield* conclude(
		list.length === 0
			? answer.outcome === 'records' && answer.records.length > 0
				? 'denied (".")'
				: 'none'
			: list.map(({ host, port, priority }) => `${host}:${port} at priority ${priority}`).join(', '),
	);
	return list;
}
