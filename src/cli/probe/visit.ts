/** The visits a checker pays to a port: what is offered with implicit TLS, with STARTTLS, and whether commands can be smuggled in. */
import { type Broken, type Dialogue, line, say, type TlsFacts } from './dialogue.ts';
import type { Speech } from './speech.ts';

/** What one visit learned; what it did not get to is null. */
export interface Visit {
	readonly greeting: string | null;
	/** The greeting is not the protocol's. */
	readonly strange: boolean;
	readonly preauth: boolean;
	/** Capabilities in the clear; null with implicit TLS, or where the server would not list them. */
	readonly before: readonly string[] | null;
	readonly starttls: 'not-tried' | 'not-offered' | 'refused' | 'failed' | 'done';
	/** What the server said to STARTTLS, or why the handshake failed. */
	readonly reason: string | null;
	/** Bytes in the clear behind the go-ahead. */
	readonly early: number;
	readonly tls: TlsFacts | null;
	readonly after: readonly string[] | null;
	readonly broken: Broken | null;
}

const NOTHING: Visit = {
	greeting: null,
	strange: false,
	preauth: false,
	before: null,
	starttls: 'not-tried',
	reason: null,
	early: 0,
	tls: null,
	after: null,
	broken: null,
};

/** TLS from the first byte, greeting, capabilities. */
export function* implicitVisit(speech: Speech): Dialogue<Visit> {
	const shaken = yield { want: 'tls' };
	if (shaken.came === 'end') return { ...NOTHING, broken: { why: shaken.why, at: 'the TLS handshake' } };
	if (shaken.came !== 'tls') return { ...NOTHING, starttls: 'failed', reason: shaken.came === 'tls-failed' ? shaken.reason : shaken.came };
	const visit = { ...NOTHING, tls: shaken.tls };
	const greeting = yield* speech.greeting();
	if ('why' in greeting) return { ...visit, broken: { why: greeting.why, at: 'the greeting' } };
	const greeted = { ...visit, greeting: greeting.text, strange: !greeting.right, preauth: greeting.preauth };
	if (!greeting.right) return greeted;
	return yield* finish(speech, greeted, yield* speech.capabilities(false));
}

/** Greeting, capabilities, STARTTLS, capabilities again. */
export function* starttlsVisit(speech: Speech): Dialogue<Visit> {
	const greeting = yield* speech.greeting();
	if ('why' in greeting) return { ...NOTHING, broken: { why: greeting.why, at: 'the greeting' } };
	const greeted = { ...NOTHING, greeting: greeting.text, strange: !greeting.right, preauth: greeting.preauth };
	if (!greeting.right) return greeted;
	const told = yield* speech.capabilities(false);
	if ('why' in told) return { ...greeted, broken: { why: told.why, at: 'the list of capabilities' } };
	const visit = { ...greeted, before: told.capabilities };
	if (told.capabilities === null || !speech.offersStarttls(told.capabilities)) {
		yield* say(speech.quit);
		return { ...visit, starttls: 'not-offered' };
	}
	yield* say(speech.starttls);
	const reply = yield* line();
	if ('why' in reply) return { ...visit, starttls: 'refused', broken: { why: reply.why, at: 'the answer to STARTTLS' } };
	if (!speech.granted(reply.text)) return { ...visit, starttls: 'refused', reason: reply.text };
	const shaken = yield { want: 'tls' };
	if (shaken.came === 'end')
		return { ...visit, starttls: 'failed', reason: shaken.why, broken: { why: shaken.why, at: 'the TLS handshake' } };
	if (shaken.came !== 'tls') return { ...visit, starttls: 'failed', reason: shaken.came === 'tls-failed' ? shaken.reason : shaken.came };
	const upgraded = { ...visit, starttls: 'done' as const, tls: shaken.tls, early: shaken.early };
	return yield* finish(speech, upgraded, yield* speech.capabilities(true));
}

type Told = { readonly capabilities: readonly string[] | null } | { readonly why: Broken['why'] };

function* finish(speech: Speech, visit: Visit, told: Told): Dialogue<Visit> {
	if ('why' in told) return { ...visit, broken: { why: told.why, at: 'the list of capabilities inside TLS' } };
	yield* say(speech.quit);
	return { ...visit, after: told.capabilities };
}

/** How long a smuggled command's answer is waited for. */
const LISTEN_MS = 1500;

/**
 * CVE-2011-0411 and its kin: a command sent in the same write as STARTTLS must not be answered inside TLS.
 * @returns true: it was; false: it was not; null: it did not come to that
 */
export function* smuggleVisit(speech: Speech): Dialogue<boolean | null> {
	const greeting = yield* speech.greeting();
	if ('why' in greeting || !greeting.right) return null;
	const told = yield* speech.capabilities(false);
	if ('why' in told || told.capabilities === null || !speech.offersStarttls(told.capabilities)) return null;
	yield { want: 'write', text: `${speech.starttls}\r\n${speech.noop}\r\n` };
	const reply = yield* line();
	if ('why' in reply || !speech.granted(reply.text)) return null;
	// A server may well refuse a handshake that begins with a stray command: that is no hole.
	const shaken = yield { want: 'tls' };
	if (shaken.came !== 'tls') return false;
	for (let lines = 0; lines < 50; lines++) {
		const came = yield { want: 'listen', ms: LISTEN_MS };
		if (came.came !== 'line') return false;
		if (speech.answersNoop(came.text)) return true;
	}
	return false;
}

/** Just the handshake: which versions a port takes is asked one at a time. */
export function* handshakeVisit(speech: Speech, implicit: boolean): Dialogue<string | null> {
	if (!implicit) {
		const greeting = yield* speech.greeting();
		if ('why' in greeting || !greeting.right) return null;
		const told = yield* speech.capabilities(false);
		if ('why' in told || told.capabilities === null) return null;
		yield* say(speech.starttls);
		const reply = yield* line();
		if ('why' in reply || !speech.granted(reply.text)) return null;
	}
	const shaken = yield { want: 'tls' };
	return shaken.came === 'tls' ? shaken.tls.version : null;
}
