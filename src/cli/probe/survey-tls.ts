/** Finds out what a mail port accepts in a TLS handshake, by offering one class of versions, ciphers or keys at a time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { mapConcurrently } from '../../lib/concurrency.ts';
import type { TlsHandshake } from './dialogue-steps.ts';
import { type HandshakeResult, handshakeDialogue, renegotiationDialogue } from './dialogues.ts';
import type { MailProtocol } from './mail-protocols.ts';
import { type ConnectOptions, runDialogue } from './run-dialogue.ts';
import { canOffer } from './start-tls.ts';
import { CLIENT_OFFER, TLS_OFFERS, type TlsOffer, type TlsOfferName } from './tls-offer.ts';

/** What a server answered to an offer. */
export type OfferAnswer =
	| { readonly outcome: 'accepted'; readonly tls: TlsHandshake }
	| { readonly outcome: 'refused'; readonly reason: string }
	/** The server ended the connection or was busy, so the answer is not known. */
	| { readonly outcome: 'untried'; readonly reason: string }
	/** This program's TLS library does not have what was to be offered. */
	| { readonly outcome: 'not-offerable' };

export interface TlsSurvey {
	/** The handshake of a current client. */
	readonly usual: TlsHandshake;
	/** The answers to the offers that were made; the answers to the others follow from them. */
	readonly answers: ReadonlyMap<TlsOfferName, OfferAnswer>;
	/** Whether a client is granted a second handshake; null where that was not found out. */
	readonly renegotiates: boolean | null;
	readonly allowsEarlyData: boolean;
}

/** Handshakes with one port at the same time: few enough that no server takes them for an attack. */
const CONCURRENCY = 4;

/** Milliseconds to wait before interrupted handshakes are tried again, one after another. */
const RETRY_PAUSE_MS = 500;

/**
 * @param target the port, with the offer of the connection before
 * @param usual the handshake of the connection before
 */
export async function surveyTls(
	target: ConnectOptions,
	protocol: MailProtocol,
	implicit: boolean,
	usual: TlsHandshake,
	usualAllowsEarlyData: boolean,
): Promise<TlsSurvey> {
	const { takesOldRenegotiation } = target.tlsOffer;
	const shake = (tlsOffer: TlsOffer) => shakeHands({ ...target, tlsOffer: { ...tlsOffer, takesOldRenegotiation } }, protocol, implicit);
	const answers = new Map<TlsOfferName, HandshakeResult>();
	const ask = async (names: readonly TlsOfferName[]) => {
		await mapConcurrently(names, CONCURRENCY, async (name) => {
			answers.set(name, await shake(TLS_OFFERS[name]));
		});
	};
	await ask(firstOffers(usual));
	// TLS 1.3 has no renegotiation (RFC 8446 §4.1.2).
	const hasTls12 = usual.version !== 'TLSv1.3' || answers.get('tls12')?.outcome !== 'failed';
	const renegotiation = hasTls12 ? renegotiates(target, protocol, implicit, usual.version) : Promise.resolve(false);
	await ask(laterOffers(usual, answers));
	const renegotiated = (await renegotiation) ?? (await renegotiates(target, protocol, implicit, usual.version));
	const retried = [...answers].filter(([, { outcome }]) => outcome === 'untried').map(([name]) => name);
	for (const name of retried) {
		await sleep(RETRY_PAUSE_MS);
		const again = await shake(TLS_OFFERS[name]);
		if (again.outcome === 'untried') break;
		answers.set(name, again);
	}
	// A server that closes without an alert refuses either this offer or every connection from here; a good offer tells which.
	const isSilent = [...answers.values()].some((answer) => answer.outcome === 'failed' && answer.cause === 'closed');
	const stillServes = !isSilent || (await shake(CLIENT_OFFER)).outcome === 'accepted';
	return {
		usual,
		answers: new Map([...answers].map(([name, answer]) => [name, toOfferAnswer(answer, stillServes)])),
		renegotiates: renegotiated,
		allowsEarlyData: usualAllowsEarlyData,
	};
}

/** The offers that depend only on the first handshake. */
function firstOffers(usual: TlsHandshake): readonly TlsOfferName[] {
	const old = usual.version === 'TLSv1' || usual.version === 'TLSv1.1';
	return [
		...(usual.version === 'TLSv1.3' ? (['tls12'] as const) : []),
		...(usual.version === 'TLSv1' ? [] : old ? (['tls10'] as const) : (['tls11'] as const)),
		'unprotected',
		'broken',
		'staticRsa',
		'dhe',
		'rsaCertificate',
		'ecdsaCertificate',
		...(old ? [] : (['sha1Signature'] as const)),
		'smallCurve',
		'withoutServerName',
	];
}

/** The offers that depend on answers to the first ones. */
function laterOffers(usual: TlsHandshake, answers: ReadonlyMap<TlsOfferName, HandshakeResult>): readonly TlsOfferName[] {
	const accepted = (name: TlsOfferName) => {
		const answer = answers.get(name);
		return answer?.outcome === 'accepted' ? answer.tls : null;
	};
	const best = usual.version === 'TLSv1.3' ? accepted('tls12') : usual;
	const isOld = best?.version === 'TLSv1' || best?.version === 'TLSv1.1';
	return [
		...(accepted('tls11')?.version === 'TLSv1.1' ? (['tls10'] as const) : []),
		...(accepted('unprotected') === null ? [] : (['anonymous', 'unencrypted', 'anonymousUnencrypted'] as const)),
		...(accepted('ecdsaCertificate') !== null && accepted('smallCurve') === null ? (['smallCurveFirst'] as const) : []),
		...(best !== null && !isOld && !AEAD_CIPHER.test(best.cipher) ? (['aead'] as const) : []),
		...(best !== null && !FORWARD_SECRET_CIPHER.test(best.cipher) ? (['ephemeral'] as const) : []),
		// Nothing is known of the certificates of a port that takes TLS 1.3 alone.
		...(usual.version === 'TLSv1.3' && best === null ? (['rsaCertificate13', 'ecdsaCertificate13'] as const) : []),
	];
}

/** Ciphers that encrypt and authenticate in one step (AEAD). */
export const AEAD_CIPHER = /GCM|CCM|CHACHA20/;

/** Ciphers of TLS 1.2 and older with forward secrecy, where each connection has a key of its own. */
export const FORWARD_SECRET_CIPHER = /^(ECDHE|DHE)-/;

async function shakeHands(target: ConnectOptions, protocol: MailProtocol, implicit: boolean): Promise<HandshakeResult> {
	if (!canOffer(target.tlsOffer)) return { outcome: 'failed', cause: 'not-offerable', reason: 'no such cipher in this program' };
	const result = await runDialogue(target, handshakeDialogue(protocol, implicit));
	return result.ok ? result.value : { outcome: 'untried', reason: `no connection (${result.failure})` };
}

async function renegotiates(target: ConnectOptions, protocol: MailProtocol, implicit: boolean, version: string): Promise<boolean | null> {
	// An old version is offered as it is; of TLS 1.3 the highest that has renegotiation is taken.
	const tlsOffer: TlsOffer = { ...target.tlsOffer, highest: version === 'TLSv1' || version === 'TLSv1.1' ? version : 'TLSv1.2' };
	const result = await runDialogue({ ...target, tlsOffer }, renegotiationDialogue(protocol, implicit));
	return result.ok ? result.value : null;
}

function toOfferAnswer(result: HandshakeResult, stillServes: boolean): OfferAnswer {
	if (result.outcome !== 'failed') return result;
	if (result.cause === 'not-offerable') return { outcome: 'not-offerable' };
	if (result.cause === 'closed' && !stillServes) return { outcome: 'untried', reason: result.reason };
	return { outcome: 'refused', reason: result.reason };
}
