/** The dialogues with which a check examines a port: with implicit TLS, with STARTTLS, and for command injection before TLS. */
import {
	type Dialogue,
	type Ended,
	type Interruption,
	readLine,
	refusalReason,
	type TlsFailureCause,
	type TlsHandshake,
	writeLine,
} from './dialogue-steps.ts';
import type { MailProtocol } from './mail-protocols.ts';

/** What one dialogue found out; fields that it did not reach are null. */
export interface ProbeResult {
	readonly greeting: string | null;
	/** The greeting is not one of this protocol. */
	readonly unexpectedGreeting: boolean;
	readonly preauth: boolean;
	/** Capabilities before TLS; null with implicit TLS, or where the server did not list them. */
	readonly capabilitiesBeforeTls: readonly string[] | null;
	readonly starttls: 'not-tried' | 'not-offered' | 'refused' | 'failed' | 'done';
	/** The server's reply to STARTTLS, or why the handshake failed. */
	readonly reason: string | null;
	/** Bytes in cleartext after the reply to STARTTLS. */
	readonly earlyBytes: number;
	readonly tls: TlsHandshake | null;
	readonly capabilitiesInsideTls: readonly string[] | null;
	readonly interruption: Interruption | null;
}

const EMPTY_RESULT: ProbeResult = {
	greeting: null,
	unexpectedGreeting: false,
	preauth: false,
	capabilitiesBeforeTls: null,
	starttls: 'not-tried',
	reason: null,
	earlyBytes: 0,
	tls: null,
	capabilitiesInsideTls: null,
	interruption: null,
};

/** Dialogue with a port of implicit TLS: handshake, greeting, capabilities. */
export function* implicitTlsDialogue(speech: MailProtocol): Dialogue<ProbeResult> {
	const shaken = yield { action: 'tls' };
	if (shaken.outcome === 'end') return { ...EMPTY_RESULT, interruption: { ended: shaken.ended, during: 'the TLS handshake', said: null } };
	if (shaken.outcome !== 'tls')
		return { ...EMPTY_RESULT, starttls: 'failed', reason: shaken.outcome === 'tls-failed' ? shaken.reason : shaken.outcome };
	const visit = { ...EMPTY_RESULT, tls: shaken.tls };
	const greeting = yield* speech.readGreeting();
	if ('ended' in greeting) return { ...visit, interruption: { ...greeting, during: 'the greeting' } };
	if (speech.isBusyReply(greeting.text))
		return { ...visit, interruption: { ended: refusalReason(greeting.text), during: 'the greeting', said: greeting.text } };
	const greeted = { ...visit, greeting: greeting.text, unexpectedGreeting: !greeting.isExpected, preauth: greeting.preauth };
	if (!greeting.isExpected) return greeted;
	return yield* finishInsideTls(speech, greeted, yield* speech.listCapabilities(false));
}

/** Dialogue with a STARTTLS port: greeting, capabilities, STARTTLS, capabilities again. */
export function* starttlsDialogue(speech: MailProtocol): Dialogue<ProbeResult> {
	const greeting = yield* speech.readGreeting();
	if ('ended' in greeting) return { ...EMPTY_RESULT, interruption: { ...greeting, during: 'the greeting' } };
	if (speech.isBusyReply(greeting.text))
		return { ...EMPTY_RESULT, interruption: { ended: refusalReason(greeting.text), during: 'the greeting', said: greeting.text } };
	const greeted = { ...EMPTY_RESULT, greeting: greeting.text, unexpectedGreeting: !greeting.isExpected, preauth: greeting.preauth };
	if (!greeting.isExpected) return greeted;
	const told = yield* speech.listCapabilities(false);
	if ('ended' in told) return { ...greeted, interruption: { ...told, during: 'the list of capabilities' } };
	const visit = { ...greeted, capabilitiesBeforeTls: told.capabilities };
	if (told.capabilities === null || !speech.offersStarttls(told.capabilities)) {
		yield* writeLine(speech.quitCommand);
		return { ...visit, starttls: 'not-offered' };
	}
	yield* writeLine(speech.starttlsCommand);
	const reply = yield* readLine();
	if ('ended' in reply) return { ...visit, starttls: 'refused', interruption: { ...reply, during: 'the answer to STARTTLS' } };
	if (speech.isBusyReply(reply.text))
		return {
			...visit,
			starttls: 'refused',
			interruption: { ended: refusalReason(reply.text), during: 'the answer to STARTTLS', said: reply.text },
		};
	if (!speech.grantsStarttls(reply.text)) return { ...visit, starttls: 'refused', reason: reply.text };
	const shaken = yield { action: 'tls' };
	if (shaken.outcome === 'end')
		return {
			...visit,
			starttls: 'failed',
			reason: shaken.ended,
			interruption: { ended: shaken.ended, during: 'the TLS handshake', said: null },
		};
	if (shaken.outcome !== 'tls')
		return { ...visit, starttls: 'failed', reason: shaken.outcome === 'tls-failed' ? shaken.reason : shaken.outcome };
	const upgraded = { ...visit, starttls: 'done' as const, tls: shaken.tls, earlyBytes: shaken.earlyBytes };
	return yield* finishInsideTls(speech, upgraded, yield* speech.listCapabilities(true));
}

type CapabilityList = { readonly capabilities: readonly string[] | null } | Ended;

function* finishInsideTls(speech: MailProtocol, visit: ProbeResult, told: CapabilityList): Dialogue<ProbeResult> {
	if ('ended' in told) return { ...visit, interruption: { ...told, during: 'the list of capabilities inside TLS' } };
	yield* writeLine(speech.quitCommand);
	return { ...visit, capabilitiesInsideTls: told.capabilities };
}

/** Milliseconds to wait for an answer to the injected command. */
const INJECTED_REPLY_WAIT_MS = 1500;

/**
 * Tests for command injection (CVE-2011-0411 and similar): a command that is sent in the same write as STARTTLS must not be answered
 * inside TLS.
 * @returns true: it was answered; false: it was not; null: the dialogue ended before that
 */
export function* starttlsInjectionDialogue(speech: MailProtocol): Dialogue<boolean | null> {
	const greeting = yield* speech.readGreeting();
	if ('ended' in greeting || !greeting.isExpected) return null;
	const told = yield* speech.listCapabilities(false);
	if ('ended' in told || told.capabilities === null || !speech.offersStarttls(told.capabilities)) return null;
	yield { action: 'write', text: `${speech.starttlsCommand}\r\n${speech.noopCommand}\r\n` };
	const reply = yield* readLine();
	if ('ended' in reply || !speech.grantsStarttls(reply.text)) return null;
	// A server may refuse a handshake after the injected command; that is not a vulnerability.
	const shaken = yield { action: 'tls' };
	if (shaken.outcome !== 'tls') return false;
	for (let lines = 0; lines < 50; lines++) {
		const came = yield { action: 'listen', ms: INJECTED_REPLY_WAIT_MS };
		if (came.outcome !== 'line') return false;
		if (speech.isNoopReply(came.text)) return true;
	}
	return false;
}

/** The result of one TLS handshake. */
export type HandshakeResult =
	| { readonly outcome: 'accepted'; readonly tls: TlsHandshake }
	/** @see TlsFailureCause */
	| { readonly outcome: 'failed'; readonly cause: TlsFailureCause; readonly reason: string }
	/** The dialogue ended before the handshake. */
	| { readonly outcome: 'untried'; readonly reason: string };

/** Performs the TLS handshake and nothing more, to find out whether the port accepts one kind of offer. */
export function* handshakeDialogue(speech: MailProtocol, implicit: boolean): Dialogue<HandshakeResult> {
	const obstacle = implicit ? null : yield* reachTlsStart(speech);
	if (obstacle !== null) return { outcome: 'untried', reason: obstacle };
	const shaken = yield { action: 'tls' };
	if (shaken.outcome === 'tls') return { outcome: 'accepted', tls: shaken.tls };
	if (shaken.outcome === 'tls-failed') return { outcome: 'failed', cause: shaken.cause, reason: shaken.reason };
	return { outcome: 'untried', reason: shaken.outcome === 'end' ? shaken.ended : shaken.outcome };
}

/** Milliseconds to wait for a second handshake: a server that grants it begins at once, many that refuse it say nothing. */
const RENEGOTIATION_WAIT_MS = 1500;

/**
 * Whether the server grants a client a second handshake on one connection.
 * @returns null where the dialogue ended before that could be tried
 */
export function* renegotiationDialogue(speech: MailProtocol, implicit: boolean): Dialogue<boolean | null> {
	if (!implicit && (yield* reachTlsStart(speech)) !== null) return null;
	const shaken = yield { action: 'tls' };
	if (shaken.outcome !== 'tls') return null;
	// TLS 1.3 has no renegotiation (RFC 8446 §4.1.2).
	if (shaken.tls.version === 'TLSv1.3') return false;
	const asked = yield { action: 'renegotiate', ms: RENEGOTIATION_WAIT_MS };
	return asked.outcome === 'renegotiated' ? asked.accepted : false;
}

/**
 * Greeting, capabilities and STARTTLS, up to where TLS begins.
 * @returns what the server did instead; null where TLS may begin
 */
function* reachTlsStart(speech: MailProtocol): Dialogue<string | null> {
	const greeting = yield* speech.readGreeting();
	if ('ended' in greeting) return greeting.said ?? greeting.ended;
	if (!greeting.isExpected) return greeting.text;
	const told = yield* speech.listCapabilities(false);
	if ('ended' in told) return told.said ?? told.ended;
	if (told.capabilities === null) return 'no list of capabilities';
	yield* writeLine(speech.starttlsCommand);
	const reply = yield* readLine();
	if ('ended' in reply) return reply.said ?? reply.ended;
	return speech.grantsStarttls(reply.text) ? null : reply.text;
}
