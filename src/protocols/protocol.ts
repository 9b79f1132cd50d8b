/**
 * The interface of a protocol: the URLs that clients request, how a request is parsed and answered, and the DNS records that discovery needs.
 */
import type { Result } from '../lib/result.ts';
import type { ClientConfig } from '../model/config.ts';
import type { DnsRecord, DnsTarget } from '../model/dns-record.ts';
import type { Domain, EmailAddress } from '../model/names.ts';
import type { Problem } from '../model/problem.ts';
import type { ServiceLabel } from '../model/service-labels.ts';

/** An HTTP request, independent of any HTTP library. */
export interface WireRequest {
	/** Upper case. */
	readonly method: string;
	/** The host name of the request's URL: without port, in lower case. */
	readonly host: string;
	/** As sent: percent-encoded, letter case kept, starting with a slash. */
	readonly path: string;
	/** As sent, without the question mark. */
	readonly query: string;
	/** The User-Agent header; empty where the client sent none. */
	readonly userAgent: string;
	readonly contentType: string;
	/** Decoded from UTF-8, at most `BODY_LIMIT` bytes; empty where there is none. */
	readonly body: string;
}

/** Bytes of a request's body that are read at all. Autodiscover requests have some 400. */
export const BODY_LIMIT = 16_384;

/**
 * A URL at which an endpoint is reached, relative to the mail domain. Parts of the path in braces are variables: `{domain}` or `{address}`,
 * one segment or the beginning of one. The path matches in any letter case.
 */
export interface Location {
	/** The label before the mail domain; empty for the mail domain itself. */
	readonly label: '' | ServiceLabel;
	readonly path: string;
}

/** A protocol's answer, or its error, in its own format. The same input gives the same bytes: no clock, no random values, a fixed order. */
export interface WireResponse {
	/** Content-Type. */
	readonly type: string;
	readonly body: string;
	/** HTTP status; 200 where it is left out. */
	readonly status?: number;
	/** Download name, ASCII. */
	readonly filename?: string;
	/** The target of a redirect. */
	readonly location?: string;
	/** The body should be signed (CMS), if the operator has a key for it. */
	readonly sign?: true;
}

/** A parsed request: whose settings the client wants, and how to answer it once the record is found. */
export interface Query {
	/** Domains whose record may answer, in order of preference: the one of the address first, then those of the host. Never empty. */
	readonly candidates: readonly [Domain, ...Domain[]];
	/** The address that the answer is for; null when it is the same for all users of the domain. */
	readonly address: EmailAddress | null;
	/**
	 * Distinguishes this endpoint's answers for one domain in the cache; null when the answer depends on more than the domain and the
	 * address, and is not cached.
	 */
	readonly cacheKey: string | null;
	/** Renders the answer. Of the request, it may depend on nothing but `config` and what `cacheKey` distinguishes. */
	respond(config: ClientConfig): Result<WireResponse, Problem>;
}

/** A kind of request that clients send, at one or more URLs. */
export interface Endpoint {
	readonly id: string;
	/** GET includes HEAD. ANY is for redirects that must work with every WebDAV method. */
	readonly method: 'GET' | 'POST' | 'ANY';
	readonly locations: readonly [Location, ...Location[]];
	/** The Cache-Control header of an answer with settings. */
	readonly cacheControl: string;
	/** Whether pages of other origins may read the answer, as mail clients that run in a browser do. */
	readonly cors: boolean;
	/**
	 * Whether a customer's host may answer for a domain that is not its own. True only for requests that clients make by themselves: they
	 * find autoconfig and Autodiscover of a domain at the name of its mail host (MX, SRV). False for pages that people reach by a link and
	 * for signed documents: the author of a link could otherwise show a domain of their own under another customer's name.
	 */
	readonly servesOtherDomains: boolean;
	/** The request that a well-behaved client sends for an address; `parseRequest` accepts it. */
	sampleRequest(address: EmailAddress, location: Location): WireRequest;
	parseRequest(request: WireRequest): Result<Query, Problem>;
	renderProblem(problem: Problem): WireResponse;
}

export interface Protocol {
	readonly id: string;
	readonly title: string;
	/** The specification that it follows, with its revision. */
	readonly spec: string;
	/** Empty for a protocol that consists of DNS records alone. */
	readonly endpoints: readonly Endpoint[];
	/**
	 * The DNS records with which clients discover this protocol for the config's domain.
	 * @param superseded the configs of earlier revisions that were replaced a while ago, newest first: PACC keeps their digests in DNS for a
	 * time
	 */
	dnsRecords?(config: ClientConfig, site: DnsTarget, superseded: readonly ClientConfig[]): Promise<readonly DnsRecord[]>;
}
