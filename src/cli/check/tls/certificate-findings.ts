/** Judges the certificate that a server shows on 465 or any other port. There is no I/O in this file: the same handshake always gives the same findings. */
import { DAY_MS, utcDay } from '../../../lib/time.ts';
import type { TlsHandshake } from '../../probe/dialogue-steps.ts';
import type { TlsSurvey } from '../../probe/survey-tls.ts';
import type { TlsOfferName } from '../../probe/tls-offer.ts';
import { sanitizeText } from '../../terminal.ts';
import { type Finding, finding } from '../finding.ts';
import type { FindingCode } from '../finding-codes.ts';
import { type CertificateFacts, readCertificateFacts } from './certificate-facts.ts';
import { acceptedOffer } from './tls-findings.ts';

/** The codes for the faults of a certificate. Mail servers and web servers have different ones. */
export interface CertificateCodes {
	readonly untrusted: FindingCode;
	readonly chain: FindingCode;
	readonly chainExpired: FindingCode;
	readonly notYet: FindingCode;
	readonly expired: FindingCode;
	readonly expires: FindingCode;
	readonly name: FindingCode;
}

export const MAIL_CODES: CertificateCodes = {
	untrusted: 'cert-untrusted',
	chain: 'cert-chain',
	chainExpired: 'cert-chain-expired',
	notYet: 'cert-not-yet',
	expired: 'cert-expired',
	expires: 'cert-expires',
	name: 'cert-name',
};

/**
 * Days before its end at which a certificate should have been renewed: those of 90 days are renewed 30 days before, those of 6 days at half of
 * their life. One that lives so short that a third of its life is less than this is judged by that third.
 */
const RENEWAL_OVERDUE_DAYS = 14;

/** Reports the faults of a certificate: dates, name and chain are each judged separately, because one may hide the others. */
export function judgeCertificate(place: string, host: string, tls: TlsHandshake, now: number, codes: CertificateCodes): readonly Finding[] {
	const findings: Finding[] = [];
	const until = utcDay(tls.validTo);
	const life = tls.validTo - tls.validFrom;
	if (tls.validFrom > now) findings.push(finding(codes.notYet, place, 'a valid certificate', `valid from ${utcDay(tls.validFrom)} on`));
	else if (tls.validTo <= now) findings.push(finding(codes.expired, place, 'a valid certificate', `expired on ${until}`));
	else if (tls.validTo - now < Math.min(RENEWAL_OVERDUE_DAYS * DAY_MS, life / 3))
		findings.push(
			finding(
				codes.expires,
				place,
				`more than ${RENEWAL_OVERDUE_DAYS} days left`,
				`${Math.floor((tls.validTo - now) / DAY_MS)} days left, until ${until}`,
			),
		);
	if (!tls.nameMatches) findings.push(finding(codes.name, place, host, sanitizeText(tls.certificateNames.join(', ') || 'no names')));
	const { verifyError } = tls;
	if (verifyError === null) return findings;
	const issuer = sanitizeText(tls.issuer, 60);
	// OpenSSL reports only the first fault; the certificate's own dates and name have been judged above.
	if (/EXPIRED|NOT_YET_VALID/.test(verifyError)) {
		if (tls.validFrom <= now && tls.validTo > now)
			findings.push(finding(codes.chainExpired, place, 'a chain that is valid today', `${verifyError}, issued by ${issuer}`));
	} else if (!/ALTNAME/.test(verifyError)) {
		const code = /UNABLE_TO_VERIFY_LEAF|UNABLE_TO_GET_ISSUER_CERT(?!_LOCALLY)/.test(verifyError) ? codes.chain : codes.untrusted;
		findings.push(finding(code, place, 'a chain to a trusted root', `${verifyError}, issued by ${issuer}`));
	}
	return findings;
}

/**
 * Days: Apple's systems refuse a certificate of a longer life (support.apple.com/103769); the CA/Browser Forum's limit for public ones was
 * 398.
 */
const [APPLE_LIFE_DAYS, USUAL_LIFE_DAYS] = [825, 398];

/** Bits of an RSA key (Apple: 2048 at the least; CA/Browser Forum BR §6.1.5), and of a curve. */
const GOOD_KEY_BITS = { RSA: 2048, EC: 256 } as const;

/** The faults of a certificate other than name, dates and trust: key, signature, lifetime, allowed uses, and OCSP stapling. */
export function judgeCertificateFacts(place: string, tls: TlsHandshake): readonly Finding[] {
	const [leaf, ...authorities] = tls.chain.flatMap((der) => readCertificateFacts(der) ?? []);
	if (leaf === undefined) return [];
	const findings: Finding[] = [];
	const add = (...told: Parameters<typeof finding>) => findings.push(finding(...told));
	const days = Math.round((tls.validTo - tls.validFrom) / DAY_MS);
	if (days > APPLE_LIFE_DAYS) add('cert-life', place, `at most ${APPLE_LIFE_DAYS} days, and better ${USUAL_LIFE_DAYS}`, `${days} days`);
	else if (days > USUAL_LIFE_DAYS) add('cert-long', place, `at most ${USUAL_LIFE_DAYS} days`, `${days} days`);
	if (isSmallKey(leaf)) add('cert-key-small', place, keyWanted(leaf), `${leaf.keyBits} bits`);
	if (leaf.weakHash !== null) add('cert-signature-weak', place, 'SHA-256 or better', leaf.weakHash);
	// The signature of a root certificate on itself is not verified by anybody.
	const above = authorities.filter(({ isSelfIssued }) => !isSelfIssued);
	const weak = above.find(({ weakHash }) => weakHash !== null);
	if (weak !== undefined)
		add('cert-signature-weak', place, 'SHA-256 or better in the whole chain', `${weak.weakHash} under an intermediate`);
	const small = authorities.find(isSmallKey);
	if (small !== undefined) add('cert-key-small', place, `${keyWanted(small)} in the whole chain`, `an authority of ${small.keyBits} bits`);
	if (!leaf.hasAlternativeNames) add('cert-no-alternative-name', place, 'subjectAltName with the name of the host', 'a common name alone');
	if (leaf.serverUse !== 'named') add('cert-usage', place, 'extended key usage serverAuth', leaf.serverUse);
	if (leaf.mustStaple && !tls.hasOcspResponse) add('cert-staple-missing', place, 'the OCSP response that the certificate promises', 'none');
	return findings;
}

function isSmallKey({ keyKind, keyBits }: CertificateFacts): boolean {
	return keyKind !== 'other' && keyBits !== null && keyBits < GOOD_KEY_BITS[keyKind];
}

function keyWanted({ keyKind }: CertificateFacts): string {
	return keyKind === 'EC' ? `a curve of ${GOOD_KEY_BITS.EC} bits` : `an RSA key of ${GOOD_KEY_BITS.RSA} bits`;
}

/** Handshakes that showed another certificate than the usual one, one of each, with the kind of its key. */
export function otherCertificates(survey: TlsSurvey): readonly { readonly tls: TlsHandshake; readonly kind: string }[] {
	const known = new Set([survey.usual.chain[0]?.toString('hex')]);
	const names: readonly TlsOfferName[] = [
		'tls12',
		'rsaCertificate',
		'ecdsaCertificate',
		'rsaCertificate13',
		'ecdsaCertificate13',
		'staticRsa',
	];
	return names.flatMap((name) => {
		const tls = acceptedOffer(survey, name);
		const [leaf] = tls?.chain ?? [];
		if (tls === null || leaf === undefined || known.has(leaf.toString('hex'))) return [];
		known.add(leaf.toString('hex'));
		const kind = readCertificateFacts(leaf)?.keyKind ?? 'other';
		return [{ tls, kind: kind === 'EC' ? 'ECDSA' : kind }];
	});
}
