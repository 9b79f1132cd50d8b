/**
 * How a client looks for its settings, without any I/O: a generator yields what the client asks and is resumed with what came.
 * What the client makes of each answer is said as it goes.
 */
import { getDomain } from 'tldts';
import type { EmailAddress } from '../../model/names.ts';

export type DiscoveryStep =
	| {
			readonly action: 'http';
			readonly method: 'GET' | 'POST';
			readonly url: string;
			readonly headers?: Readonly<Record<string, string>>;
			readonly body?: string;
			/** What it does with a redirect: asks there with GET, asks the same again there, or stops. Left out: GET. */
			readonly redirects?: 'get' | 'keep' | 'stop';
	  }
	| { readonly action: 'srv' | 'mx' | 'txt'; readonly name: string }
	/** What the client makes of the last answer. */
	| { readonly action: 'verdict'; readonly text: string };

/** An answer; records in presentation form. Nothing: no answer that the client could use, and why. */
export type DiscoveryStepResult =
	| {
			readonly outcome: 'http';
			readonly status: number;
			readonly contentType: string;
			readonly location: string | null;
			readonly body: string;
			readonly bytes: Uint8Array;
	  }
	| { readonly outcome: 'records'; readonly records: readonly string[] }
	| { readonly outcome: 'nothing'; readonly reason: string };

/** One server as the client would set it up. */
export interface DiscoveredServer {
	readonly kind: 'imap' | 'pop3' | 'smtp';
	readonly host: string;
	readonly port: number;
	readonly security: 'tls' | 'starttls' | 'plain';
}

/** What a mechanism came to: null where it found nothing and the client goes on. */
export interface DiscoveredSettings {
	readonly incoming: DiscoveredServer | null;
	readonly outgoing: DiscoveredServer | null;
	/** Where they came from. */
	readonly source: string;
	/** Why these and no others, in a sentence. */
	readonly why: string;
}

export type Discovery<T = DiscoveredSettings | null> = Generator<DiscoveryStep, T, DiscoveryStepResult>;

export interface MailClient {
	readonly title: string;
	/** What its rules were read from. */
	readonly evidence: string;
	/** As far as a service tells clients apart by it; none where left out. */
	readonly userAgent?: string;
	discover(address: EmailAddress): Discovery;
}

export function* conclude(text: string): Discovery<void> {
	yield { action: 'verdict', text };
}

/** Domains that a host of an MX record stands in: the parent first, then the registrable one, by the public suffix list as clients have it. */
export function mxProviderDomains(host: string, own: string): readonly string[] {
	const parent = host.split('.').slice(1).join('.');
	// Private suffixes (github.io, …) count in Thunderbird's list, and in Android's.
	const base = getDomain(host, { allowPrivateDomains: true }) ?? '';
	return [...new Set([parent, base])].filter((domain) => domain.includes('.') && domain !== own && !own.endsWith(`.${domain}`));
}
