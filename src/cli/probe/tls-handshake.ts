/** Reads what a finished handshake shows about the server. */
import { checkServerIdentity, type DetailedPeerCertificate, rootCertificates, type TLSSocket } from 'node:tls';
import type { TlsHandshake } from './dialogue-steps.ts';

export function tlsHandshakeOf(socket: TLSSocket, host: string): TlsHandshake {
	const certificate = socket.getPeerCertificate();
	// With an anonymous cipher there is no certificate: node returns an object without fields.
	const bare = Object.keys(certificate).length === 0;
	return {
		version: socket.getProtocol() ?? 'unknown',
		cipher: socket.getCipher()?.name ?? 'unknown',
		verifyError: socket.authorized ? null : String(socket.authorizationError ?? 'unknown'),
		nameMatches: !bare && checkServerIdentity(host, certificate) === undefined,
		certificateNames: bare ? [] : certificateNamesOf(certificate.subjectaltname, certificate.subject?.CN),
		issuer: bare ? '' : [certificate.issuer?.O ?? certificate.issuer?.CN ?? ''].flat().join(' '),
		chain: bare ? [] : certificateChain(socket),
		validFrom: bare ? 0 : Date.parse(certificate.valid_from),
		validTo: bare ? 0 : Date.parse(certificate.valid_to),
	};
}

/** Authorities above a certificate at most: a chain that bites its own tail ends here. */
const MAX_CHAIN_LENGTH = 10;

/** DER, the server's own first. */
function certificateChain(socket: TLSSocket): readonly Buffer[] {
	const chain: Buffer[] = [];
	let current: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
	while (current?.raw !== undefined && chain.length < MAX_CHAIN_LENGTH) {
		chain.push(current.raw);
		// A root is its own issuer.
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
