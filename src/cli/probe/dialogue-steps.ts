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
	| { readonly action: 'tls' };

/** Why the dialogue cannot go on. */
export type EndReason =
	/** The server closed or reset the connection. */
	| 'closed'
	/** The time for the whole conversation is over. */
	| 'deadline'
	/** The server sent a line, or bytes in all, beyond the limits, which are far above any greeting and list of capabilities. */
	| 'too-much';

/** The result of a request. */
export type DialogueStepResult =
	| { readonly outcome: 'line'; readonly text: string }
	| { readonly outcome: 'quiet' }
	| { readonly outcome: 'written' }
	/** `early`: bytes that the server sent in cleartext after its reply to STARTTLS. */
	| { readonly outcome: 'tls'; readonly tls: TlsHandshake; readonly earlyBytes: number }
	| { readonly outcome: 'tls-failed'; readonly reason: string }
	| { readonly outcome: 'end'; readonly ended: EndReason };

export type Dialogue<T> = Generator<DialogueStep, T, DialogueStepResult>;

/** What a TLS handshake showed. No certificate is refused, so that a check can report bad ones too. */
export interface TlsHandshake {
	/** TLSv1.3, TLSv1.2, TLSv1.1 or TLSv1. */
	readonly version: string;
	readonly cipher: string;
	/** Null where the chain leads to a trusted root; else OpenSSL's code, as in CERT_HAS_EXPIRED. */
	readonly verifyError: string | null;
	/** Whether the certificate covers the name of the server. */
	readonly nameMatches: boolean;
	/** The names that it covers. */
	readonly certificateNames: readonly string[];
	readonly issuer: string;
	/** Unix time in milliseconds. */
	/** As the server sent it, and the roots that were found for it: DER, its own first. */
	readonly chain: readonly Buffer[];
	readonly validFrom: number;
	readonly validTo: number;
}

/** How a dialogue ended early: `at` names the step. */
export interface Interruption {
	readonly ended: EndReason;
	readonly during: string;
}

/** The next line, or why there is none. */
export function* readLine(): Dialogue<{ readonly text: string } | { readonly ended: EndReason }> {
	const came = yield { action: 'line' };
	if (came.outcome === 'line') return { text: came.text };
	return { ended: came.outcome === 'end' ? came.ended : 'closed' };
}

/**
 * Lines up to and with the one that `last` recognises.
 * @param most lines that a server may send: a longer list is no list of capabilities
 */
export function* readLinesUntil(
	last: (text: string) => boolean,
	most = 100,
): Dialogue<{ readonly lines: readonly string[] } | { readonly ended: EndReason }> {
	const lines: string[] = [];
	while (lines.length < most) {
		const next = yield* readLine();
		if ('ended' in next) return next;
		lines.push(next.text);
		if (last(next.text)) return { lines };
	}
	return { ended: 'too-much' };
}

export function* writeLine(text: string): Dialogue<void> {
	yield { action: 'write', text: `${text}\r\n` };
}
