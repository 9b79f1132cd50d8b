/** Walking through autoconfig's places, and taking servers from what is found. */
import type { EmailAddress } from '../../model/names.ts';
import { type Autoconfig, readAutoconfig, type Section, serverOf } from './documents.ts';
import { mxDomains, type Server, type Settings, type Told, verdict, type Walk } from './walk.ts';

/** How a client reads a document. */
export interface Reading {
	/** Whether the first 2xx is taken before it is read: then a bad document there hides the good ones behind it. */
	readonly takesUnread?: boolean;
	/** Content types that it parses; all where left out. */
	readonly types?: RegExp;
	/** Which of several servers of a kind it sets up. */
	readonly takes: 'first' | 'last';
	/** Whether one strange section makes it reject the document. */
	readonly strict?: boolean;
	/** Whether the first incoming server must be IMAP. */
	readonly imapFirst?: boolean;
	/** Ways to log in that it knows for a host it has never heard of; any where left out. */
	readonly logins?: readonly string[];
}

type Query = 'none' | 'encoded' | 'raw';

export const place = {
	subdomain: (scheme: 'https' | 'http', query: Query) => (address: EmailAddress) =>
		`${scheme}://autoconfig.${address.domain}/mail/config-v1.1.xml${queryOf(query, address)}`,
	wellKnown: (scheme: 'https' | 'http', query: Query) => (address: EmailAddress) =>
		`${scheme}://${address.domain}/.well-known/autoconfig/mail/config-v1.1.xml${queryOf(query, address)}`,
};

export const ISPDB = 'https://autoconfig.thunderbird.net/v1.1/';

function queryOf(query: Query, { text }: EmailAddress): string {
	if (query === 'none') return '';
	return `?emailaddress=${query === 'raw' ? text : encodeURIComponent(text)}`;
}

/** Asks each URL in turn. Clients that ask them all at once still take the first good one of this order. */
export function* autoconfigWalk(urls: readonly string[], reading: Reading): Walk {
	for (const url of urls) {
		const told = yield { ask: 'http', method: 'GET', url };
		if (told.told !== 'http') {
			yield* verdict(`${told.told === 'nothing' ? told.why : 'no answer'}: on to the next`);
			continue;
		}
		if (told.status < 200 || told.status > 299) {
			yield* verdict(`${told.status}: on to the next`);
			continue;
		}
		const read = readWith(told, reading, url);
		if ('settings' in read) {
			yield* verdict(`taken: ${read.settings.why}`);
			return read.settings;
		}
		if (reading.takesUnread === true) {
			yield* verdict(`taken unread, and then useless: ${read.reason}. The places behind it are not looked at`);
			return null;
		}
		yield* verdict(`${read.reason}: on to the next`);
	}
	return null;
}

function readWith(
	told: Told & { told: 'http' },
	reading: Reading,
	url: string,
): { readonly settings: Settings } | { readonly reason: string } {
	if (reading.types !== undefined && !reading.types.test(told.type))
		return { reason: `the Content-Type ${told.type || '(none)'} is not read as XML` };
	const document = readAutoconfig(told.body);
	if ('reason' in document) return document;
	return chosen(document, reading, url);
}

function chosen(document: Autoconfig, reading: Reading, url: string): { readonly settings: Settings } | { readonly reason: string } {
	const strange = document.sections.find((section) => ['imap', 'pop3', 'smtp'].includes(section.type) && !isUsable(section, reading));
	if (reading.strict === true && strange !== undefined)
		return { reason: `its ${strange.type} section is not as this client wants it, so it rejects the whole` };
	const usable = document.sections.filter((section) => isUsable(section, reading));
	const incoming = usable.filter(({ element }) => element === 'incomingServer');
	const outgoing = usable.filter(({ element, type }) => element === 'outgoingServer' && type === 'smtp');
	const firstIn = incoming[0];
	const firstOut = outgoing[0];
	if (firstIn === undefined || firstOut === undefined) return { reason: 'it has no usable incoming and outgoing server' };
	if (reading.imapFirst === true && firstIn.type !== 'imap') return { reason: 'its first incoming server is not IMAP' };
	const last = reading.takes === 'last';
	// One struct per kind, filled again for each section: the last of a kind stays.
	const sameKind = incoming.filter(({ type }) => type === firstIn.type);
	const pickedIn = serverOf((last ? sameKind[sameKind.length - 1] : undefined) ?? firstIn);
	const pickedOut = serverOf((last ? outgoing[outgoing.length - 1] : undefined) ?? firstOut);
	const why = `the ${reading.takes} of ${outgoing.length} outgoing ${outgoing.length === 1 ? 'server' : 'servers'}`;
	return { settings: { incoming: pickedIn, outgoing: pickedOut, source: url, why } };
}

function isUsable(section: Section, { logins }: Reading): boolean {
	const known = logins === undefined || section.authentications.some((way) => logins.includes(way));
	return serverOf(section) !== null && known;
}

/** Looks for settings under the name of whoever runs the MX. */
export function* mxWalk(address: EmailAddress, urlsFor: (domain: string) => readonly string[], reading: Reading): Walk {
	const told = yield { ask: 'mx', name: address.domain };
	const [best] = told.told === 'records' ? [...told.records].sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)) : [];
	if (best === undefined) {
		yield* verdict('no MX');
		return null;
	}
	const domains = mxDomains(best.replace(/^\d+ /, '').replace(/\.$/, ''), address.domain);
	yield* verdict(domains.length === 0 ? 'the MX stands in the domain itself: nothing more to ask' : `asks under ${domains.join(', ')}`);
	return yield* autoconfigWalk(domains.flatMap(urlsFor), reading);
}

/** An SRV record that is not denied. */
export interface SrvRecord {
	readonly priority: number;
	readonly weight: number;
	readonly port: number;
	readonly host: string;
}

/** SRV records of one label, those that are denied left out, best first. */
export function* srvOf(label: string, domain: string): Walk<readonly SrvRecord[]> {
	const told = yield { ask: 'srv', name: `${label}._tcp.${domain}` };
	const records = (told.told === 'records' ? told.records : []).flatMap((data) => {
		const [priority, weight, port, target = '.'] = data.split(' ');
		return target === '.'
			? []
			: [{ priority: Number(priority), weight: Number(weight), port: Number(port), host: target.replace(/\.$/, '') }];
	});
	const list = records.sort((a, b) => a.priority - b.priority || b.weight - a.weight);
	yield* verdict(
		list.length === 0
			? told.told === 'records' && told.records.length > 0
				? 'denied (".")'
				: 'none'
			: list.map(({ host, port, priority }) => `${host}:${port} at priority ${priority}`).join(', '),
	);
	return list;
}

export function securityOfPort(port: number): Server['security'] {
	return [25, 110, 143, 587].includes(port) ? 'starttls' : 'tls';
}
