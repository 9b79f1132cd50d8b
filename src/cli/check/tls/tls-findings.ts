/** Judges the survey of a port's TLS. There is no I/O in this file: the same survey always gives the same findings. */
import type { TlsHandshake } from '../../probe/dialogue-steps.ts';
import { AEAD_CIPHER, FORWARD_SECRET_CIPHER, type TlsSurvey } from '../../probe/survey-tls.ts';
import type { TlsOfferName } from '../../probe/tls-offer.ts';
import { sanitizeText } from '../../terminal.ts';
import { type Finding, finding } from '../finding.ts';

/** What each TLS offer finds out, as reports name it. */
export const OFFER_SUBJECTS: Readonly<Record<TlsOfferName, string>> = {
	tls12: 'TLS 1.2',
	tls11: 'TLS 1.0 and 1.1',
	tls10: 'TLS 1.0',
	unprotected: 'anonymous ciphers and ciphers without encryption',
	anonymous: 'anonymous ciphers',
	unencrypted: 'ciphers without encryption',
	anonymousUnencrypted: 'anonymous ciphers without encryption',
	broken: '3DES, RC4, DES and export ciphers',
	aead: 'ciphers other than CBC',
	ephemeral: 'forward secrecy',
	staticRsa: 'RSA key exchange',
	dhe: 'Diffie-Hellman and its size',
	rsaCertificate: 'an RSA certificate',
	ecdsaCertificate: 'an ECDSA certificate',
	rsaCertificate13: 'an RSA certificate in TLS 1.3',
	ecdsaCertificate13: 'an ECDSA certificate in TLS 1.3',
	sha1Signature: 'SHA-1 signatures in the handshake',
	smallCurve: 'curves of less than 224 bits',
	smallCurveFirst: 'curves of less than 224 bits before others',
	withoutServerName: 'clients that send no server name',
};

/** Every handshake that the port went through, the usual one first. */
export function acceptedHandshakes({ usual, answers }: TlsSurvey): readonly TlsHandshake[] {
	return [usual, ...[...answers.values()].flatMap((answer) => (answer.outcome === 'accepted' ? [answer.tls] : []))];
}

/** The handshake for an offer that the port took. */
export function acceptedOffer({ answers }: TlsSurvey, name: TlsOfferName): TlsHandshake | null {
	const answer = answers.get(name);
	return answer?.outcome === 'accepted' ? answer.tls : null;
}

/** The handshake of a current client that has nothing newer than TLS 1.2; null where the port refuses it. */
export function tls12Handshake(survey: TlsSurvey): TlsHandshake | null {
	return survey.usual.version === 'TLSv1.3' ? acceptedOffer(survey, 'tls12') : survey.usual;
}

export function judgeTlsSurvey(place: string, host: string, survey: TlsSurvey): readonly Finding[] {
	const { usual, answers, renegotiates, allowsEarlyData } = survey;
	const versions = acceptedHandshakes(survey).map(({ version }) => version);
	const findings: Finding[] = [...judgeTlsVersions(place, usual.version, [...new Set(versions)])];
	const accepted = (name: TlsOfferName) => acceptedOffer(survey, name);
	const isRefused = (name: TlsOfferName) => answers.get(name)?.outcome === 'refused';
	const add = (...told: Parameters<typeof finding>) => findings.push(finding(...told));
	const anonymous = accepted('anonymous');
	const unencrypted = accepted('unencrypted') ?? accepted('anonymousUnencrypted');
	if (anonymous !== null) add('tls-anonymous', place, 'no cipher without a certificate', cipherText(anonymous));
	if (unencrypted !== null) add('tls-unencrypted', place, 'no cipher without encryption', cipherText(unencrypted));
	const broken = accepted('broken');
	if (broken !== null) add('tls-broken-cipher', place, 'no 3DES, RC4, DES or export cipher', cipherText(broken));
	const best = tls12Handshake(survey);
	if (best !== null && !FORWARD_SECRET_CIPHER.test(best.cipher) && isRefused('ephemeral'))
		add('tls-no-forward-secrecy', place, 'ECDHE', cipherText(best));
	else if (accepted('staticRsa') !== null) add('tls-static-rsa', place, 'ECDHE alone', cipherText(accepted('staticRsa')));
	if (best !== null && !AEAD_CIPHER.test(best.cipher) && isRefused('aead'))
		add('tls-cbc-only', place, 'AES-GCM or ChaCha20', cipherText(best));
	findings.push(...judgeKeyExchange(place, survey));
	if (accepted('sha1Signature') !== null)
		add('tls-sha1-signature', place, 'SHA-256 or better under the handshake', 'SHA-1 where a client asks for it');
	if (best !== null && best.extendedMasterSecret === false) add('tls-no-ems', place, 'the extended master secret', 'none');
	if (renegotiates === true) add('tls-renegotiation', place, 'no second handshake at a client’s wish', 'it is granted');
	if (allowsEarlyData) add('tls-early-data', place, 'no early data', 'tickets that allow it');
	const nameless = answers.get('withoutServerName');
	if (nameless?.outcome === 'refused' || (nameless?.outcome === 'accepted' && !nameless.tls.nameMatches && usual.nameMatches))
		add(
			'sni-needed',
			place,
			`the certificate of ${host} for clients that send no name`,
			nameless.outcome === 'refused' ? 'no handshake' : sanitizeText(nameless.tls.certificateNames.join(', ')),
		);
	return findings;
}

const cipherText = (tls: TlsHandshake | null) => (tls === null ? '' : `${tls.cipher} in ${versionText(tls.version)}`);

/** Bits of a Diffie-Hellman group: RFC 9325 §4.1 wants 2048; below 1024 OpenSSL, NSS and Schannel end the handshake. */
const [GOOD_DH_BITS, TAKEN_DH_BITS] = [2048, 1024];

/** Bits of a curve: RFC 9325 §4.2 wants 224 at the least. */
const GOOD_CURVE_BITS = 224;

/** OpenSSL's message where the group is too small for it at any setting. */
const DH_TOO_SMALL = /DH_KEY_TOO_SMALL|DH_PARAM_SIZE/;

function judgeKeyExchange(place: string, survey: TlsSurvey): readonly Finding[] {
	const keys = acceptedHandshakes(survey).flatMap(({ ephemeralKey }) => ephemeralKey ?? []);
	const findings: Finding[] = [];
	const groups = keys.filter(({ kind }) => kind === 'DH').map(({ bits }) => bits);
	const smallest = Math.min(...groups);
	const dhe = survey.answers.get('dhe');
	if (dhe?.outcome === 'refused' && DH_TOO_SMALL.test(dhe.reason))
		findings.push(finding('dh-broken', place, `a group of ${GOOD_DH_BITS} bits`, `less than ${TAKEN_DH_BITS} bits`));
	else if (smallest < TAKEN_DH_BITS) findings.push(finding('dh-broken', place, `a group of ${GOOD_DH_BITS} bits`, `${smallest} bits`));
	else if (smallest < GOOD_DH_BITS) findings.push(finding('dh-small', place, `a group of ${GOOD_DH_BITS} bits`, `${smallest} bits`));
	const curve = keys.find(({ kind, bits }) => kind === 'ECDH' && bits < GOOD_CURVE_BITS);
	if (curve !== undefined)
		findings.push(finding('curve-small', place, 'X25519 or P-256', `${curve.curve ?? 'a curve'} of ${curve.bits} bits`));
	return findings;
}

const versionText = (version: string) => version.replace(/^TLSv1$/, 'TLSv1.0').replace('TLSv', 'TLS ');

/** @param taken every version that the port shook hands with */
function judgeTlsVersions(place: string, negotiated: string, taken: readonly string[]): readonly Finding[] {
	const old = taken.filter((version) => version === 'TLSv1' || version === 'TLSv1.1');
	const named = (list: readonly string[]) => list.map(versionText).join(', ');
	if (old.length === taken.length) return [finding('tls-old-only', place, 'TLS 1.2 or 1.3', named(old.length > 0 ? old : [negotiated]))];
	const findings: Finding[] = [];
	if (old.length > 0) findings.push(finding('tls-old-too', place, 'TLS 1.2 and 1.3 alone', `${named(old)} too`));
	if (!taken.includes('TLSv1.3')) findings.push(finding('tls13-absent', place, 'TLS 1.3', named(taken)));
	return findings;
}
