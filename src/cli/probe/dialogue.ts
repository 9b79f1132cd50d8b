/**
 * Conversations with mail servers, without any I/O: a generator yields what it wants and is resumed with what came.
 * A driver (drive.ts) holds the socket, the deadline and the limits; a test holds a transcript.
 */

/** What a dialogue wants next. */
export type Want =
	| { readonly want: 'line' }
	/** A line if one comes within the time, else `quiet`. */
	| { readonly want: 'listen'; readonly ms: number }
	/** Sent as it is, in one write. */
	| { readonly want: 'write'; readonly text: string }
	/** The handshake, now. */
	| { readonly want: 'tls' };

/** Why nothing more will come. */
export type End =
	/** The server closed or reset the connection. */
	| 'closed'
	/** The time for the whole conversation is over. */
	| 'deadline'
	/** A line beyond all reason, or more bytes than any greeting and list of capabilities has. */
	| 'too-much';

/** What came of a want. */
export type Came =
	| { readonly came: 'line'; readonly text: string }
	| { readonly came: 'quiet' }
	| { readonly came: 'written' }
	/** `early`: bytes that the server had sent in the clear behind its go-ahead. */
	| { readonly came: 'tls'; readonly tls: TlsFacts; readonly early: number }
	| { readonly came: 'tls-failed'; readonly reason: string }
	| { readonly came: 'end'; readonly why: End };

export type Dialogue<T> = Generator<Want, T, Came>;

/** What a TLS handshake told. Nothing is refused: a checker wants to see bad certificates too. */
export interface TlsFacts {
	/** TLSv1.3, TLSv1.2, TLSv1.1 or TLSv1. */
	readonly version: string;
	readonly cipher: string;
	/** Null where the chain leads to a trusted root; else OpenSSL's code, as in CERT_HAS_EXPIRED. */
	readonly untrusted: string | null;
	/** Whether the certificate covers the name that was asked for. */
	readonly nameMatches: boolean;
	/** The names that it covers. */
	readonly names: readonly string[];
	readonly issuer: string;
	/** Unix time in milliseconds. */
	readonly validFrom: number;
	readonly validTo: number;
}

/** How a dialogue ended early: `at` names the step. */
export interface Broken {
	readonly why: End;
	readonly at: string;
}

/** The next line, or why there is none. */
export function* line(): Dialogue<{ readonly text: string } | { readonly why: End }> {
	const came = yield { want: 'line' };
	if (came.came === 'line') return { text: came.text };
	return { why: came.came === 'end' ? came.why : 'closed' };
}

/**
 * Lines up to and with the one that `last` recognises.
 * @param most lines that a server may send: a longer list is no list of capabilities
 */
export function* linesUntil(
	last: (text: string) => boolean,
	most = 100,
): Dialogue<{ readonly lines: readonly string[] } | { readonly why: End }> {
	const lines: string[] = [];
	while (lines.length < most) {
		const next = yield* line();
		if ('why' in next) return next;
		lines.push(next.text);
		if (last(next.text)) return { lines };
	}
	return { why: 'too-much' };
}

export function* say(text: string): Dialogue<void> {
	yield { want: 'write', text: `${text}\r\n` };
}
