/**
 * Conversations with mail servers, without any I/O: a generator yields what it wants and is resumed with what came.
 * A driver (drive.ts) holds the socket, the deadline and the limits; a test holds a transcript.
 */

/** What a dialogue wants next. */
export type DialogueStep =
	| { readonly action: 'line' }
	/** A line if one comes within the time, else `quiet`. */
	| { readonly action: 'listen'; readonly ms: number }
	/** Sent as it is, in one write. */
	| { readonly action: 'write'; readonly text: string }
	/** The handshake, now. */
	| { readonly action: 'tls' };

/** Why nothing more will come. */
export type EndReason =
	/** The server closed or reset the connection. */
	| 'closed'
	/** The time for the whole conversation is over. */
	| 'deadline'
	/** A line beyond all reason, or more bytes than any greeting and list of capabilities has. */
	| 'too-much';

/** What came of a want. */
export type DialogueStepResult =
	| { readonly outcome: 'line'; readonly text: string }
	| { readonly outcome: 'quiet' }
	| { readonly outcome: 'written' }
	/** `early`: bytes that the server had sent in the clear behind its go-ahead. */
	| { readonly outcome: 'tls'; readonly tls: TlsHandshake; readonly earlyBytes: number }
	| { readonly outcome: 'tls-failed'; readonly reason: string }
	| { readonly outcome: 'end'; readonly ended: EndReason };

export type Dialogue<T> = Generator<DialogueStep, T, DialogueStepResult>;

/** What a TLS handshake told. Nothing is refused: a checker wants to see bad certificates too. */
export interface TlsHandshake {
	/** TLSv1.3, TLSv1.2, TLSv1.1 or TLSv1. */
	readonly version: string;
	readonly cipher: string;
	/** Null where the chain leads to a trusted root; else OpenSSL's code, as in CERT_HAS_EXPIRED. */
	readonly verifyError: string | null;
	/** Whether the certificate covers the name that was asked for. */
	readonly nameMatches: boolean;
	/** The names that it covers. */
	readonly certificateNames: readonly string[];
	readonly issuer: string;
	/** Unix time in milliseconds. */
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
