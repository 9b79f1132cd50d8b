/** Reads from a finished handshake what it shows about the server. */
import { checkServerIdentity, type DetailedPeerCertificate, rootCertificates, type TLSSocket } from 'node:tls';
import { Constructed, fromBER, Integer } from 'asn1js';
import type { EphemeralKey, TlsHandshake } from './dialogue-steps.ts';

/** @param hasOcspResponse whether one came during the handshake */
export function tlsHandshakeOf(socket: TLSSocket, host: string, hasOcspResponse: boolean): TlsHandshake {
	const certificate = socket.getPeerCertificate();
	// With an anonymous cipher there is no certificate: node returns an object without fields.
	const bare = Object.keys(certificate).length === 0;
	const version = socket.getProtocol() ?? 'unknown';
	return {
		version,
		cipher: socket.getCipher()?.name ?? 'unknown',
		ephemeralKey: ephemeralKeyOf(socket),
		extendedMasterSecret: version === 'TLSv1.3' ? null : hasExtendedMasterSecret(socket.getSession()),
		hasOcspResponse,
		verifyError: socket.authorized ? null : String(socket.authorizationError ?? 'unknown'),
		nameMatches: !bare && checkServerIdentity(host, certificate) === undefined,
		certificateNames: bare ? [] : certificateNamesOf(certificate.subjectaltname, certificate.subject?.CN),
		issuer: bare ? '' : [certificate.issuer?.O ?? certificate.issuer?.CN ?? ''].flat().join(' '),
		chain: bare ? [] : certificateChain(socket),
		validFrom: bare ? 0 : Date.parse(certificate.valid_from),
		validTo: bare ? 0 : Date.parse(certificate.valid_to),
	};
}

function ephemeralKeyOf(socket: TLSSocket): EphemeralKey | null {
	const info = socket.getEphemeralKeyInfo();
	if (info === null || !('type' in info) || !('size' in info) || typeof info.size !== 'number') return null;
	const curve = 'name' in info && typeof info.name === 'string' ? info.name : null;
	return info.type === 'DH' || info.type === 'ECDH' ? { kind: info.type, curve, bits: info.size } : null;
}

/** Number of the field in which OpenSSL keeps a session's flags, and the flag (ssl/ssl_asn1.c, SSL_SESS_FLAG_EXTMS). */
const SESSION_FLAGS_FIELD = 13;
const EXTENDED_MASTER_SECRET_FLAG = 1;

/**
 * Whether the session has the extended master secret. Node has no function for it, so it is read from the session that Node returns for
 * resumption; null where that fails.
 */
function hasExtendedMasterSecret(session: Buffer | undefined): boolean | null {
	const fields = sessionFields(session);
	if (fields === null) return null;
	// OpenSSL leaves a field of 0 out.
	return ((fields.get(SESSION_FLAGS_FIELD) ?? 0) & EXTENDED_MASTER_SECRET_FLAG) !== 0;
}

/** Number of the field in which OpenSSL keeps how many octets of early data a ticket allows. */
const EARLY_DATA_FIELD = 15;

/** Whether a ticket of TLS 1.3 lets a client send data before the handshake is over (RFC 8446 §2.3). */
export function allowsEarlyData(session: Buffer): boolean {
	return (sessionFields(session)?.get(EARLY_DATA_FIELD) ?? 0) > 0;
}

/** The integers among the tagged fields of OpenSSL's SSL_SESSION; null where the bytes are not a session. */
function sessionFields(session: Buffer | undefined): ReadonlyMap<number, number> | null {
	if (session === undefined) return null;
	const { result } = fromBER(Uint8Array.from(session.subarray(sessionStart(session))));
	if (!(result instanceof Constructed)) return null;
	const fields = new Map<number, number>();
	for (const field of result.valueBlock.value) {
		if (!(field instanceof Constructed) || field.idBlock.tagClass !== CONTEXT_CLASS) continue;
		const [inner] = field.valueBlock.value;
		if (inner instanceof Integer) fields.set(field.idBlock.tagNumber, Number(inner.toBigInt()));
	}
	return fields;
}

/** Where OpenSSL's part of a session begins: later versions of Node 24 write words of their own before it. It reaches to the end. */
function sessionStart(session: Buffer): number {
	for (let at = 0; at + 4 < session.length; at++) {
		// A SEQUENCE whose length is written in two octets.
		if (session[at] === 0x30 && session[at + 1] === 0x82 && session.readUInt16BE(at + 2) === session.length - at - 4) return at;
		if (session[at] === 0x30 && session[at + 1] === 0x81 && session[at + 2] === session.length - at - 3) return at;
	}
	return 0;
}

/** ASN.1's class of context-specific tags. */
const CONTEXT_CLASS = 3;

/** The largest number of authorities above a certificate; it ends the reading of a circular chain. */
const MAX_CHAIN_LENGTH = 10;

/** The chain of certificates in DER, the server's own first. */
function certificateChain(socket: TLSSocket): readonly Buffer[] {
	const chain: Buffer[] = [];
	let current: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
	while (current?.raw !== undefined && chain.length < MAX_CHAIN_LENGTH) {
		chain.push(current.raw);
		// A root certificate is its own issuer, which ends the chain.
		const issuer: DetailedPeerCertificate | undefined = current.issuerCertificate;
		current = issuer === undefined || issuer.raw?.equals(current.raw) === true ? undefined : issuer;
	}
	return chain;
}

function certificateNamesOf(alternatives: string | undefined, common: string | string[] | undefined): readonly string[] {
	const names = (alternatives ?? '')
		.split(', ')
		.filter((name) => name.startsWith('DNS:'))
		.map((name) => name.slice(4));
	return names.length > 0 ? names : [common ?? []].flat();
}

/** The roots to trust, with a CA of the operator's own added: node trusts only the list that it is given. */
export function trustedRoots(ca: string): readonly string[] {
	return [...rootCertificates, ca];
}
