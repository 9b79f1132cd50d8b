/** The dialogues with which a check examines a port: with implicit TLS, with STARTTLS, and for command injection before TLS. */
import { type Dialogue, type Interruption, readLine, type TlsHandshake, writeLine } from './dialogue-steps.ts';
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

/** TLS from the first byte, greeting, capabilities. */
export function* implicitTlsDialogue(speech: MailProtocol): Dialogue<ProbeResult> {
	const shaken = yield { action: 'tls' };
	if (shaken.outcome === 'end') return { ...EMPTY_RESULT, interruption: { ended: shaken.ended, during: 'the TLS handshake' } };
	if (shaken.outcome !== 'tls')
		return { ...EMPTY_RESULT, starttls: 'failed', reason: shaken.outcome === 'tls-failed' ? shaken.reason : shaken.outcome };
	const visit = { ...EMPTY_RESULT, tls: shaken.tls };
	const greeting = yield* speech.readGreeting();
	if ('ended' in greeting) return { ...visit, interruption: { ended: greeting.ended, during: 'the greeting' } };
	const greeted = { ...visit, greeting: greeting.text, unexpectedGreeting: !greeting.isExpected, preauth: greeting.preauth };
	if (!greeting.isExpected) return greeted;
	return yield* finishInsideTls(speech, greeted, yield* speech.listCapabilities(false));
}

/** Greeting, capabilities, STARTTLS, capabilities again. */
export function* starttlsDialogue(speech: MailProtocol): Dialogue<ProbeResult> {
	const greeting = yield* speech.readGreeting();
	if ('ended' in greeting) return { ...EMPTY_RESULT, interruption: { ended: greeting.ended, during: 'the greeting' } };
	const greeted = { ...EMPTY_RESULT, greeting: greeting.text, unexpectedGreeting: !greeting.isExpected, preauth: greeting.preauth };
	if (!greeting.isExpected) return greeted;
	const told = yield* speech.listCapabilities(false);
	if ('ended' in told) return { ...greeted, interruption: { ended: told.ended, during: 'the list of capabilities' } };
	const visit = { ...greeted, capabilitiesBeforeTls: told.capabilities };
	if (told.capabilities === null || !speech.offersStarttls(told.capabilities)) {
		yield* writeLine(speech.quitCommand);
		return { ...visit, starttls: 'not-offered' };
	}
	yield* writeLine(speech.starttlsCommand);
	const reply = yield* readLine();
	if ('ended' in reply) return { ...visit, starttls: 'refused', interruption: { ended: reply.ended, during: 'the answer to STARTTLS' } };
	if (!speech.grantsStarttls(reply.text)) return { ...visit, starttls: 'refused', reason: reply.text };
	const shaken = yield { action: 'tls' };
	if (shaken.outcome === 'end')
		return { ...visit, starttls: 'failed', reason: shaken.ended, interruption: { ended: shaken.ended, during: 'the TLS handshake' } };
	if (shaken.outcome !== 'tls')
		return { ...visit, starttls: 'failed', reason: shaken.outcome === 'tls-failed' ? shaken.reason : shaken.outcome };
	const upgraded = { ...visit, starttls: 'done' as const, tls: shaken.tls, earlyBytes: shaken.earlyBytes };
	return yield* finishInsideTls(speech, upgraded, yield* speech.listCapabilities(true));
}

type CapabilityList = { readonly capabilities: readonly string[] | null } | { readonly ended: Interruption['ended'] };

function* finishInsideTls(speech: MailProtocol, visit: ProbeResult, told: CapabilityList): Dialogue<ProbeResult> {
	if ('ended' in told) return { ...visit, interruption: { ended: told.ended, during: 'the list of capabilities inside TLS' } };
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
	// A server may refuse a handshake that begins with a stray command. That is no vulnerability.
	const shaken = yield { action: 'tls' };
	if (shaken.outcome !== 'tls') return false;
	for (let lines = 0; lines < 50; lines++) {
		const came = yield { action: 'listen', ms: INJECTED_REPLY_WAIT_MS };
		if (came.outcome !== 'line') return false;
		if (speech.isNoopReply(came.text)) return true;
	}
	return false;
}

/**
 * Just the handshake: which versions a port takes is asked one at a time.
 * @returns the version; `refused` where the server would not shake hands; null where it did not come to that
 */
export function* tlsVersionDialogue(speech: MailProtocol, implicit: boolean): Dialogue<string | null> {
	if (!implicit) {
		const greeting = yield* speech.readGreeting();
		if ('ended' in greeting || !greeting.isExpected) return null;
		const told = yield* speech.listCapabilities(false);
		if ('ended' in told || told.capabilities === null) return null;
		yield* writeLine(speech.starttlsCommand);
		const reply = yield* readLine();
		if ('ended' in reply || !speech.grantsStarttls(reply.text)) return null;
	}
	const shaken = yield { action: 'tls' };
	if (shaken.outcome === 'tls') return shaken.tls.version;
	return shaken.outcome === 'tls-failed' ? 'refused' : null;
}
