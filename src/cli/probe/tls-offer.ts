/** What this program offers a server in a TLS handshake: all that a current client offers, or one class of it at a time. */
import type { SecureVersion } from 'node:tls';

export interface TlsOffer {
	readonly lowest: SecureVersion;
	readonly highest: SecureVersion;
	/** OpenSSL's cipher list (openssl-ciphers(1)) for TLS 1.2 and older; TLS 1.3 has its own, which are all good. */
	readonly ciphers: string;
	/** OpenSSL's list of signature algorithms, as in `RSA+SHA1`; null for all. */
	readonly signatureAlgorithms: string | null;
	/** OpenSSL's list of groups for ECDH; null for the usual ones. */
	readonly curves: string | null;
	/** Whether the name of the server is sent (SNI, RFC 6066 §3). */
	readonly sendsServerName: boolean;
	/** Whether a server is taken that does not know RFC 5746; OpenSSL 3 refuses such a server by default. */
	readonly takesOldRenegotiation: boolean;
}

/** @SECLEVEL=0 takes weak keys and old versions too, so that they can be reported (SSL_CTX_set_security_level(3)). */
const cipherList = (...classes: readonly string[]) => [...classes, '@SECLEVEL=0'].join(':');

/** The offer of a current client, with old versions too but without weak ciphers. */
export const CLIENT_OFFER: TlsOffer = {
	lowest: 'TLSv1',
	highest: 'TLSv1.3',
	ciphers: cipherList('DEFAULT'),
	signatureAlgorithms: null,
	curves: null,
	sendsServerName: true,
	takesOldRenegotiation: false,
};

const upTo12 = (ciphers: string): TlsOffer => ({ ...CLIENT_OFFER, highest: 'TLSv1.2', ciphers });
const EPHEMERAL = ['kECDHE', 'kDHE', '!aNULL', '!eNULL'] as const;

const SMALL_CURVES = 'P-192:secp192k1:secp160r1:secp160r2:secp160k1:sect163k1:sect163r1:sect163r2:sect193r1:sect193r2';

/** The classes that are tested, each in a handshake of its own that offers nothing else. */
export const TLS_OFFERS = {
	tls12: { ...CLIENT_OFFER, lowest: 'TLSv1.2', highest: 'TLSv1.2' },
	tls11: { ...CLIENT_OFFER, highest: 'TLSv1.1', ciphers: cipherList('ALL', 'COMPLEMENTOFALL') },
	tls10: { ...CLIENT_OFFER, highest: 'TLSv1', ciphers: cipherList('ALL', 'COMPLEMENTOFALL') },
	/** Anonymous ciphers and those without encryption together: a good server refuses both at once. */
	unprotected: upTo12(cipherList('aNULL', 'eNULL')),
	anonymous: upTo12(cipherList('aNULL', '!eNULL')),
	unencrypted: upTo12(cipherList('eNULL', '!aNULL')),
	/** Ciphers such as AECDH-NULL-SHA, which are both: a server may prefer others, anonymous or unencrypted, to them. */
	anonymousUnencrypted: upTo12(cipherList('aNULL+eNULL')),
	/** Most builds of OpenSSL do not have these any more, Node's own among them. */
	broken: upTo12(cipherList('3DES', 'RC4', 'DES', 'EXPORT', 'SEED', 'IDEA', '!aNULL', '!eNULL')),
	aead: upTo12(cipherList('AESGCM', 'CHACHA20', 'AESCCM', 'ARIAGCM', '!aNULL')),
	ephemeral: upTo12(cipherList(...EPHEMERAL)),
	staticRsa: upTo12(cipherList('kRSA', '!eNULL')),
	dhe: upTo12(cipherList('kDHE', '!aNULL', '!eNULL')),
	rsaCertificate: upTo12(cipherList('aRSA', '!eNULL')),
	ecdsaCertificate: upTo12(cipherList('aECDSA', '!eNULL')),
	rsaCertificate13: {
		...CLIENT_OFFER,
		lowest: 'TLSv1.3',
		signatureAlgorithms: 'rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:rsa_pss_rsae_sha512:rsa_pss_pss_sha256',
	},
	ecdsaCertificate13: {
		...CLIENT_OFFER,
		lowest: 'TLSv1.3',
		signatureAlgorithms: 'ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ed25519',
	},
	sha1Signature: {
		...upTo12(cipherList(...EPHEMERAL)),
		lowest: 'TLSv1.2',
		signatureAlgorithms: 'RSA+SHA1:ECDSA+SHA1',
	},
	smallCurve: {
		...upTo12(cipherList('kECDHE', '!aNULL', '!eNULL')),
		curves: SMALL_CURVES,
	},
	/** A server whose certificate has a curve itself needs that one in the list (RFC 8422 §5.1). */
	smallCurveFirst: {
		...upTo12(cipherList('kECDHE', '!aNULL', '!eNULL')),
		curves: `${SMALL_CURVES}:P-256:P-384:P-521`,
	},
	withoutServerName: { ...CLIENT_OFFER, sendsServerName: false },
} as const satisfies Record<string, TlsOffer>;

export type TlsOfferName = keyof typeof TLS_OFFERS;
