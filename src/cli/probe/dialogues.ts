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
export function* implicitTlsDialogue(protocol: MailProtocol): Dialogue<ProbeResult> {
	const shaken = yield { action: 'tls' };
	if (shaken.outcome === 'end') return { ...EMPTY_RESULT, interruption: { ended: shaken.ended, during: 'the TLS handshake', said: null } };
	if (shaken.outcome !== 'tls')
		return { ...EMPTY_RESULT, starttls: 'failed', reason: shaken.outcome === 'tls-failed' ? shaken.reason : shaken.outcome };
	const result = { ...EMPTY_RESULT, tls: shaken.tls };
	const greeting = yield* protocol.readGreeting();
	if ('ended' in greeting) return { ...result, interruption: { ...greeting, during: 'the greeting' } };
	if (protocol.isBusyReply(greeting.text))
		return { ...result, interruption: { ended: refusalReason(greeting.text), during: 'the greeting', said: greeting.text } };
	const greeted = { ...result, greeting: greeting.text, unexpectedGreeting: !greeting.isExpected, preauth: greeting.preauth };
	if (!greeting.isExpected) return greeted;
	return yield* finishInsideTls(protocol, greeted, yield* protocol.listCapabilities(false));
}

/** Dialogue with a STARTTLS port: greeting, capabilities, STARTTLS, capabilities again. */
export function* starttlsDialogue(protocol: MailProtocol): Dialogue<ProbeResult> {
	const greeting = yield* protocol.readGreeting();
	if ('ended' in greeting) return { ...EMPTY_RESULT, interruption: { ...greeting, during: 'the greeting' } };
	if (protocol.isBusyReply(greeting.text))
		return { ...EMPTY_RESULT, interruption: { ended: refusalReason(greeting.text), during: 'the greeting', said: greeting.text } };
	const greeted = { ...EMPTY_RESULT, greeting: greeting.text, unexpectedGreeting: !greeting.isExpected, preauth: greeting.preauth };
	if (!greeting.isExpected) return greeted;
	const listed = yield* protocol.listCapabilities(false);
	if ('ended' in listed) return { ...greeted, interruption: { ...listed, during: 'the list of capabilities' } };
	const result = { ...greeted, capabilitiesBeforeTls: listed.capabilities };
	if (listed.capabilities === null || !protocol.offersStarttls(listed.capabilities)) {
		yield* writeLine(protocol.quitCommand);
		return { ...result, starttls: 'not-offered' };
	}
	yield* writeLine(protocol.starttlsCommand);
	const reply = yield* readLine();
	if ('ended' in reply) return { ...result, starttls: 'refused', interruption: { ...reply, during: 'the answer to STARTTLS' } };
	if (protocol.isBusyReply(reply.text))
		return {
			...result,
			starttls: 'refused',
			interruption: { ended: refusalReason(reply.text), during: 'the answer to STARTTLS', said: reply.text },
		};
	if (!protocol.grantsStarttls(reply.text)) return { ...result, starttls: 'refused', reason: reply.text };
	const shaken = yield { action: 'tls' };
	if (shaken.outcome === 'end')
		return {
			...result,
			starttls: 'failed',
			reason: shaken.ended,
			interruption: { ended: shaken.ended, during: 'the TLS handshake', said: null },
		};
	if (shaken.outcome !== 'tls')
		return { ...result, starttls: 'failed', reason: shaken.outcome === 'tls-failed' ? shaken.reason : shaken.outcome };
	const upgraded = { ...result, starttls: 'done' as const, tls: shaken.tls, earlyBytes: shaken.earlyBytes };
	return yield* finishInsideTls(protocol, upgraded, yield* protocol.listCapabilities(true));
}

type CapabilityList = { readonly capabilities: readonly string[] | null } | Ended;

function* finishInsideTls(protocol: MailProtocol, result: ProbeResult, listed: CapabilityList): Dialogue<ProbeResult> {
	if ('ended' in listed) return { ...result, interruption: { ...listed, during: 'the list of capabilities inside TLS' } };
	yield* writeLine(protocol.quitCommand);
	return { ...result, capabilitiesInsideTls: listed.capabilities };
}

/** Milliseconds to wait for an answer to the injected command. */
const INJECTED_REPLY_WAIT_MS = 1500;

/**
 * Tests for command injection (CVE-2011-0411 and similar): a command that is sent in the same write as STARTTLS must not be answered
 * inside TLS.
 * @returns true: it was answered; false: it was not; null: the dialogue ended before that
 */
export function* starttlsInjectionDialogue(protocol: MailProtocol): Dialogue<boolean | null> {
	const greeting = yield* protocol.readGreeting();
	if ('ended' in greeting || !greeting.isExpected) return null;
	const listed = yield* protocol.listCapabilities(false);
	if ('ended' in listed || listed.capabilities === null || !protocol.offersStarttls(listed.capabilities)) return null;
	yield { action: 'write', text: `${protocol.starttlsCommand}\r\n${protocol.noopCommand}\r\n` };
	const reply = yield* readLine();
	if ('ended' in reply || !protocol.grantsStarttls(reply.text)) return null;
	// A server may refuse a handshake after the injected command; that is not a vulnerability.
	const shaken = yield { action: 'tls' };
	if (shaken.outcome !== 'tls') return false;
	for (let lines = 0; lines < 50; lines++) {
		const came = yield { action: 'listen', ms: INJECTED_REPLY_WAIT_MS };
		if (came.outcome !== 'line') return false;
		if (protocol.isNoopReply(came.text)) return true;
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
export function* handshakeDialogue(protocol: MailProtocol, implicit: boolean): Dialogue<HandshakeResult> {
	const obstacle = implicit ? null : yield* reachTlsStart(protocol);
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
export function* renegotiationDialogue(protocol: MailProtocol, implicit: boolean): Dialogue<boolean | null> {
	if (!implicit && (yield* reachTlsStart(protocol)) !== null) return null;
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
function* reachTlsStart(protocol: MailProtocol): Dialogue<string | null> {
	const greeting = yield* protocol.readGreeting();
	if ('ended' in greeting) return greeting.said ?? greeting.ended;
	if (!greeting.isExpected) return greeting.text;
	const listed = yield* protocol.listCapabilities(false);
	if ('ended' in listed) return listed.said ?? listed.ended;
	if (listed.capabilities === null) return 'no list of capabilities';
	yield* writeLine(protocol.starttlsCommand);
	const reply = yield* readLine();
	if ('ended' in reply) return reply.said ?? reply.ended;
	return protocol.grantsStarttls(reply.text) ? null : reply.text;
}
