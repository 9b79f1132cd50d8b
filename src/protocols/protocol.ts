/** The one extension point: where clients look, what they ask, how to answer, and which DNS records make it findable. */
import type { Result } from '../lib/result.ts';
import type { ClientConfig } from '../model/config.ts';
import type { DnsRecord, DnsTarget } from '../model/dns-record.ts';
import type { Domain, EmailAddress } from '../model/names.ts';
import type { Problem } from '../model/problem.ts';

/** What goes over the wire, freed of any HTTP library. */
export interface WireRequest {
	/** Upper case. */
	readonly method: string;
	/** The host name asked, from the URL: no port, lower case. */
	readonly host: string;
	/** As sent: percent-encoded, letter case kept, starting with a slash. */
	readonly path: string;
	/** As sent, without the question mark. */
	readonly query: string;
	/** Empty where the client sent none; so are the next two. */
	readonly userAgent: string;
	readonly contentType: string;
	/** Decoded from UTF-8, at most `BODY_LIMIT` bytes. */
	readonly body: string;
}

/** Bytes of a request's body that are read at all. Autodiscover requests have some 400. */
export const BODY_LIMIT = 16_384;

/** Path parts in braces are variables: `{domain}` or `{address}`, one segment or the beginning of one. Letter case never matters. */
export interface Location {
	/** The label before the mail domain; '' is the mail domain itself. */
	readonly label: '' | 'autoconfig' | 'autodiscover' | 'mta-sts' | 'ua-auto-config';
	readonly path: string;
}

/** A protocol's answer, or its error, in its own dialect. Bodies are byte-stable: no clock, no random, fixed order. */
export interface WireResponse {
	/** Content-Type. */
	readonly type: string;
	readonly body: string;
	/** HTTP status; 200 where it is left out. */
	readonly status?: number;
	/** Download name, ASCII. */
	readonly filename?: string;
	/** Where a redirect leads. */
	readonly location?: string;
	/** The operator's signature is wished for, if there is a key. */
	readonly sign?: true;
}

/** What a client wants to know. */
export interface Query {
	/** Domains whose record may answer, in order: the address's own first, then the host's. Never empty. */
	readonly candidates: readonly [Domain, ...Domain[]];
	/** Whom the answer is made out to; null when it is the same for everybody in the domain. */
	readonly address: EmailAddress | null;
	/** Names the answer among those that this endpoint has for the domain; null when it depends on more than the domain. */
	readonly cacheKey: string | null;
	respond(config: ClientConfig): Result<WireResponse, Problem>;
}

/** One thing that clients can ask for, at one or more places. */
export interface Endpoint {
	readonly id: string;
	/** HEAD comes with GET. ANY is for redirects, which every WebDAV method needs. */
	readonly method: 'GET' | 'POST' | 'ANY';
	readonly locations: readonly [Location, ...Location[]];
	/** Cache-Control of a good answer. */
	readonly cacheControl: string;
	/** Whether a page from elsewhere may read the answer (mail clients that run in a browser). */
	readonly cors: boolean;
	/**
	 * Whether a customer's host may answer for a domain that is not its own. Only for what clients do by protocol: they find autoconfig and
	 * Autodiscover of a domain at the name of its mail host (MX, SRV). Never for what a person is led to by a link, and never for a document
	 * with a signature: there whoever writes the link would choose what appears under another customer's name.
	 */
	readonly servesOtherDomains: boolean;
	/** What a well-behaved client sends for this address; `parseRequest` undoes it. */
	sampleRequest(address: EmailAddress, place: Location): WireRequest;
	parseRequest(request: WireRequest): Result<Query, Problem>;
	renderProblem(problem: Problem): WireResponse;
}

export interface Protocol {
	readonly id: string;
	readonly title: string;
	/** The text it follows, with its revision. */
	readonly spec: string;
	/** Empty for a protocol that lives in DNS alone. */
	readonly endpoints: readonly Endpoint[];
	/**
	 * The records that make it findable for the config's domain.
	 * @param superseded what clients were told by revisions that were replaced a while ago, newest first: PACC's old digests stay beside the new one
	 */
	dnsRecords?(config: ClientConfig, site: DnsTarget, superseded: readonly ClientConfig[]): Promise<readonly DnsRecord[]>;
}
