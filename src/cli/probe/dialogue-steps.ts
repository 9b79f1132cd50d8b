/**
 * The steps of a dialogue with a mail server, without any I/O: a generator yields a request (send this, read a line) and is resumed with
 * the result. `run-dialogue.ts` runs it on a socket, with a deadline and limits; tests run it on a transcript.
 */

/** What a dialogue requests next. */
export type DialogueStep =
	| { readonly action: 'line' }
	/** Read a line if one comes within the time; the result is `quiet` if none does. */
	| { readonly action: 'listen'; readonly ms: number }
	/** Send a text as it is, in one write. */
	| { readonly action: 'write'; readonly text: string }
	/** Begin the TLS handshake. */
	| { readonly action: 'tls' }
	/** Ask for a second handshake inside TLS 1.2 or older, and wait no longer than this for it. */
	| { readonly action: 'renegotiate'; readonly ms: number };

/** Why the dialogue cannot go on. */
export type EndReason =
	/** The server closed or reset the connection. */
	| 'closed'
	/** The time for the whole conversation is over. */
	| 'deadline'
	/** The server sent a line, or bytes in all, beyond the limits, which are far above any greeting and list of capabilities. */
	| 'too-much'
	/** The server said that it has no time for this client now: SMTP's 421, IMAP's and ManageSieve's BYE. */
	| 'busy'
	/** The server wanted a certificate of the client, and ended the connection because none came. */
	| 'client-certificate'
	/** The server asked for a certificate of the client, got none, and closed the connection without a word: nginx with ssl_verify_client. */
	| 'closed-without-certificate';

/** Why a server refuses to serve in a line of its own: Postfix says "421 4.7.1 … Error: No client certificate presented". */
export function refusalReason(line: string): EndReason {
	return /\bclient certificate\b/i.test(line) ? 'client-certificate' : 'busy';
}

/** The result of a request. */
export type DialogueStepResult =
	| { readonly outcome: 'line'; readonly text: string }
	| { readonly outcome: 'quiet' }
	| { readonly outcome: 'written' }
	/** `early`: bytes that the server sent in cleartext after its reply to STARTTLS. */
	| { readonly outcome: 'tls'; readonly tls: TlsHandshake; readonly earlyBytes: number }
	| { readonly outcome: 'tls-failed'; readonly reason: string; readonly cause: TlsFailureCause }
	/** `accepted` is null where there was too little time to tell. */
	| { readonly outcome: 'renegotiated'; readonly accepted: boolean | null }
	| { readonly outcome: 'end'; readonly ended: EndReason };

/** Who ended a TLS handshake, and how. */
export type TlsFailureCause =
	/** The server sent a TLS alert: it refuses what was offered. */
	| 'alert'
	/** The server closed or reset the connection without an alert. */
	| 'closed'
	/** This program's TLS library does not have what was to be offered. */
	| 'not-offerable'
	/** This program's TLS library refuses what the server answered, or the answer is not TLS. */
	| 'own';

export type Dialogue<T> = Generator<DialogueStep, T, DialogueStepResult>;

/** What a TLS handshake showed. No certificate is refused, so that a check can report bad ones too. */
export interface TlsHandshake {
	/** TLSv1.3, TLSv1.2, TLSv1.1 or TLSv1. */
	readonly version: string;
	/** OpenSSL's name of the cipher suite. */
	readonly cipher: string;
	/** The key that was made for this connection alone; null where there is none (RSA key exchange) or where it has no name (post-quantum groups). */
	readonly ephemeralKey: EphemeralKey | null;
	/** Whether the session has the extended master secret (RFC 7627); null in TLS 1.3, which has no need of it. */
	readonly extendedMasterSecret: boolean | null;
	/** Whether the server sent a statement of its authority on its certificate (OCSP, RFC 6066 §8). */
	readonly hasOcspResponse: boolean;
	/** Null where the chain leads to a trusted root; else OpenSSL's code, as in CERT_HAS_EXPIRED. */
	readonly verifyError: string | null;
	/** Whether the certificate covers the name of the server. */
	readonly nameMatches: boolean;
	/** The names that it covers. */
	readonly certificateNames: readonly string[];
	readonly issuer: string;
	/** What the server sent, and the roots that were found for it: DER, its own certificate first. */
	readonly chain: readonly Buffer[];
	/** Unix time in milliseconds. */
	readonly validFrom: number;
	/** Unix time in milliseconds. */
	readonly validTo: number;
}

export interface EphemeralKey {
	readonly kind: 'DH' | 'ECDH';
	/** The curve, as in X25519 or prime256v1; null for DH. */
	readonly curve: string | null;
	readonly bits: number;
}

/** How a dialogue ended early: `at` names the step. */
export interface Interruption {
	readonly ended: EndReason;
	readonly during: string;
	/** What the server gave as the reason; null where it said nothing. */
	readonly said: string | null;
}

/** An early end, as the parts of a dialogue pass it on. */
export interface Ended {
	readonly ended: EndReason;
	readonly said: string | null;
}

/** The next line, or why there is none. */
export function* readLine(): Dialogue<{ readonly text: string } | Ended> {
	const came = yield { action: 'line' };
	if (came.outcome === 'line') return { text: came.text };
	return { ended: came.outcome === 'end' ? came.ended : 'closed', said: null };
}

/**
 * Lines up to and with the one that `last` recognises.
 * @param most lines that a server may send: a longer list is no list of capabilities
 */
export function* readLinesUntil(last: (text: string) => boolean, most = 100): Dialogue<{ readonly lines: readonly string[] } | Ended> {
	const lines: string[] = [];
	while (lines.length < most) {
		const next = yield* readLine();
		if ('ended' in next) return next;
		lines.push(next.text);
		if (last(next.text)) return { lines };
	}
	return { ended: 'too-much', said: null };
}

export function* writeLine(text: string): Dialogue<void> {
	yield { action: 'write', text: `${text}\r\n` };
}
