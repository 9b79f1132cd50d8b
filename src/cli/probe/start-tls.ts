/** One TLS handshake as a client, over a socket that is connected already. */
import { constants } from 'node:crypto';
import type { Socket } from 'node:net';
import { connect as connectTls, createSecureContext, type SecureContext, type SecureContextOptions, type TLSSocket } from 'node:tls';
import { errorMessage } from '../../lib/error-message.ts';
import type { DialogueStepResult, TlsFailureCause, TlsHandshake } from './dialogue-steps.ts';
import { isCertificateDemand, tlsAlertNumber } from './tls-alert.ts';
import { allowsEarlyData, tlsHandshakeOf, trustedRoots } from './tls-handshake.ts';
import type { TlsOffer } from './tls-offer.ts';

interface TlsTarget {
	/** Name that the certificate must cover. */
	readonly host: string;
	/** PEM of a CA to trust in addition to the system's. */
	readonly ca: string | null;
	readonly tlsOffer: TlsOffer;
}

export type StartTlsResult =
	| { readonly socket: TLSSocket; readonly tls: TlsHandshake }
	| (DialogueStepResult & { outcome: 'tls-failed' | 'end' });

/** @param onEarlyData called where the server gives a ticket that allows early data, which may be after the handshake */
export function startTls(socket: Socket, target: TlsTarget, leftMs: number, onEarlyData: () => void): Promise<StartTlsResult> {
	return new Promise((resolve) => {
		if (socket.destroyed) {
			resolve({ outcome: 'end', ended: 'closed' });
			return;
		}
		let upgraded: TLSSocket;
		try {
			upgraded = connectTls({
				socket,
				...(target.tlsOffer.sendsServerName ? { servername: target.host } : {}),
				secureContext: secureContextOf(target),
				// The check judges the certificate's name and chain separately, so the handshake accepts every certificate.
				rejectUnauthorized: false,
				checkServerIdentity: () => undefined,
				// Small keys are accepted here, so that the check can report them.
				minDHSize: 1,
				requestOCSP: true,
			});
		} catch (error) {
			// OpenSSL throws where it supports no cipher, curve or signature of a list.
			resolve({ outcome: 'tls-failed', cause: 'not-offerable', reason: errorMessage(error) });
			return;
		}
		let hasOcspResponse = false;
		const timer = setTimeout(() => finish({ outcome: 'end', ended: 'deadline' }), leftMs);
		const finish = (secured: StartTlsResult) => {
			clearTimeout(timer);
			upgraded.removeAllListeners('error');
			upgraded.removeAllListeners('close');
			upgraded.on('error', () => undefined);
			if (!('socket' in secured)) upgraded.destroy();
			resolve(secured);
		};
		upgraded.once('OCSPResponse', (response: Buffer | null) => {
			hasOcspResponse = response !== null && response.length > 0;
		});
		upgraded.on('session', (session: Buffer) => {
			if (allowsEarlyData(session)) onEarlyData();
		});
		upgraded.once('error', (error: NodeJS.ErrnoException) => {
			if (isCertificateDemand(error, hasCertificate(upgraded))) finish({ outcome: 'end', ended: 'client-certificate' });
			else finish({ outcome: 'tls-failed', cause: failureCause(error), reason: error.code ?? error.message });
		});
		upgraded.once('close', () => finish({ outcome: 'tls-failed', cause: 'closed', reason: 'the server closed the connection' }));
		upgraded.once('secureConnect', () => finish({ socket: upgraded, tls: tlsHandshakeOf(upgraded, target.host, hasOcspResponse) }));
	});
}

/**
 * OpenSSL's contexts by offer and trusted CA. They are kept, because reading a hundred root certificates for each handshake would take most
 * of its time.
 */
const contexts = new Map<string, SecureContext>();

/** @throws where OpenSSL supports none of the wanted ciphers, curves or signatures */
export function secureContextOf({ ca, tlsOffer }: Pick<TlsTarget, 'ca' | 'tlsOffer'>): SecureContext {
	const key = JSON.stringify([tlsOffer, ca]);
	const known = contexts.get(key) ?? createSecureContext(contextOptions(tlsOffer, ca));
	contexts.set(key, known);
	return known;
}

/** Whether this program's TLS library supports anything of an offer. */
export function canOffer(tlsOffer: TlsOffer): boolean {
	try {
		createSecureContext(contextOptions(tlsOffer, null));
		return true;
	} catch {
		// OpenSSL throws where it supports nothing of a list.
		return false;
	}
}

function contextOptions(tlsOffer: TlsOffer, ca: string | null): SecureContextOptions {
	const { lowest, highest, ciphers, signatureAlgorithms, curves, takesOldRenegotiation } = tlsOffer;
	return {
		...(ca === null ? {} : { ca: [...trustedRoots(ca)] }),
		minVersion: lowest,
		maxVersion: highest,
		ciphers,
		...(signatureAlgorithms === null ? {} : { sigalgs: signatureAlgorithms }),
		...(curves === null ? {} : { ecdhCurve: curves }),
		...(takesOldRenegotiation ? { secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT } : {}),
	};
}

function hasCertificate(socket: TLSSocket): boolean {
	return Object.keys(socket.getPeerCertificate() ?? {}).length > 0;
}

function failureCause(error: NodeJS.ErrnoException): TlsFailureCause {
	if (tlsAlertNumber(error) !== null) return 'alert';
	const code = error.code ?? '';
	if (/^ERR_SSL_NO_(CIPHERS_AVAILABLE|PROTOCOLS_AVAILABLE|SUITABLE_(GROUPS|SIGNATURE_ALGORITHM)|CIPHER_MATCH)$/.test(code))
		return 'not-offerable';
	return code.startsWith('ERR_SSL_') ? 'own' : 'closed';
}
