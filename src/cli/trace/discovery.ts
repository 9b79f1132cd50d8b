/**
 * How a mail client discovers its settings, without any I/O: a generator yields the client's requests and is resumed with the answers. It
 * also yields notes that say what the client concludes from each answer.
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
			/** What the client does after a redirect: send GET to the new URL, repeat the request there, or stop. GET where this is left out. */
			readonly redirects?: 'get' | 'keep' | 'stop';
	  }
	| { readonly action: 'srv' | 'mx' | 'txt'; readonly name: string }
	/** What the client concludes from the last answer. */
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

/** The result of one mechanism. It is null where nothing was found and the client tries the next mechanism. */
export interface DiscoveredSettings {
	readonly incoming: DiscoveredServer | null;
	readonly outgoing: DiscoveredServer | null;
	/** The document or DNS records from which the settings come. */
	readonly source: string;
	/** Why the client chose these servers, in a sentence. */
	readonly why: string;
}

export type Discovery<T = DiscoveredSettings | null> = Generator<DiscoveryStep, T, DiscoveryStepResult>;

/**
 * How it is known what a client does. `run`: the real program was driven here, and test/real-clients holds its outcome against these rules.
 * `read`: its source or documentation was read, and nobody here has run it.
 */
export interface ClientEvidence {
	readonly known: 'run' | 'read';
	/** The version or the commit. */
	readonly version: string;
	/** YYYY-MM-DD, the day on which it was run or read. */
	readonly date: string;
	/** Where to look: a file, a specification. */
	readonly source: string;
}

/** `run: 153.8.0, 2026-11-28`, or `read, not run: …`. */
export function describeKnowledge({ known, version, date }: ClientEvidence): string {
	return `${known === 'run' ? 'run' : 'read, not run'}: ${version}, ${date}`;
}

/** The evidence with its source, for the help. */
export function describeEvidence(evidence: ClientEvidence): string {
	return `${describeKnowledge(evidence)}; ${evidence.source}`;
}

export interface MailClient {
	readonly title: string;
	readonly evidence: ClientEvidence;
	/** The User-Agent header, as far as the service's answers depend on it; none where it is left out. */
	readonly userAgent?: string;
	discover(address: EmailAddress): Discovery;
}

export function* conclude(text: string): Discovery<void> {
	yield { action: 'verdict', text };
}

/**
 * Domains that a host of an MX record stands in: the parent first, then the registrable one, by the public suffix list as clients have it.
 */
export function mxProviderDomains(host: string, own: string): readonly string[] {
	const parent = host.split('.').slice(1).join('.');
	// Private suffixes (github.io, …) count in Thunderbird's list, and in Android's.
	const base = getDomain(host, { allowPrivateDomains: true }) ?? '';
	return [...new Set([parent, base])].filter((domain) => domain.includes('.') && domain !== own && !own.endsWith(`.${domain}`));
}
