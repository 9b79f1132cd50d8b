/** What a visit to a mail port means. Pure: the same visit always gives the same findings. */
import type { Auth, SocketOffer } from '../../model/config.ts';
import type { TlsFacts } from '../probe/dialogue.ts';
import { SPEECHES } from '../probe/speech.ts';
import type { Visit } from '../probe/visit.ts';
import { shown } from '../terminal.ts';
import type { FindingCode } from './codes.ts';
import { type Finding, finding } from './finding.ts';

/** Findings of a port that the record offers. */
export function judgeVisit(place: string, offer: SocketOffer, visit: Visit, now: number): readonly Finding[] {
	const findings: Finding[] = [...judgeGreeting(place, offer, visit)];
	if (offer.security === 'starttls') findings.push(...judgeUpgrade(place, offer, visit));
	else if (visit.tls === null && visit.broken === null) findings.push(judgeHandshake(place, visit));
	if (visit.broken !== null) findings.push(finding('port-hangs', place, `${visit.broken.at} in full`, ENDS[visit.broken.why]));
	if (visit.tls !== null) {
		findings.push(...judgeCertificate(place, offer.host, visit.tls, now, MAIL_CODES));
		findings.push(...judgeLogin(place, offer, visit));
	}
	return findings;
}

const ENDS = {
	closed: 'the server closed the connection',
	deadline: 'nothing more before the time was over',
	'too-much': 'more than any server has to say',
} as const;

function judgeGreeting(place: string, offer: SocketOffer, { strange, greeting, preauth }: Visit): readonly Finding[] {
	if (strange) return [finding('greeting-strange', place, `the greeting of ${offer.kind}`, shown(greeting ?? ''))];
	return preauth ? [finding('preauth', place, '* OK', shown(greeting ?? ''))] : [];
}

function judgeUpgrade(
	place: string,
	offer: SocketOffer,
	{ before, starttls, reason, early, strange, broken, tls }: Visit,
): readonly Finding[] {
	const findings: Finding[] = [];
	if (before !== null) findings.push(...judgeClear(place, offer, before));
	if (strange) return findings;
	if (starttls === 'not-offered') {
		if (before === null) findings.push(finding('capabilities-refused', place, 'a list of capabilities', 'the server refuses to list them'));
		findings.push(finding('starttls-absent', place, 'STARTTLS among the capabilities', 'none'));
	}
	if (starttls === 'refused' && broken === null)
		findings.push(finding('starttls-fails', place, 'a go-ahead for STARTTLS', shown(reason ?? '')));
	if (starttls === 'failed' && broken === null) findings.push(finding('starttls-fails', place, 'a TLS handshake', shown(reason ?? '')));
	if (tls !== null && early > 0)
		findings.push(finding('starttls-early', place, 'nothing between the go-ahead and TLS', `${early} bytes in the clear`));
	return findings;
}

/** What is offered before TLS: a login there is a password for whoever listens. */
function judgeClear(place: string, offer: SocketOffer, before: readonly string[]): readonly Finding[] {
	const offered = SPEECHES[offer.kind].mechanisms(before).filter((mechanism) => !SAFE_IN_THE_CLEAR.test(mechanism));
	return offered.length === 0
		? []
		: [finding('auth-before-tls', place, 'no login before TLS', offered.map((each) => shown(each, 20)).join(' '))];
}

// Challenge and response, certificates, Kerberos, none at all: no password crosses the wire.
const SAFE_IN_THE_CLEAR = /^(SCRAM-|CRAM-MD5|DIGEST-MD5|EXTERNAL|GSSAPI|GS2-|NTLM|ANONYMOUS)/;

// OpenSSL's words for a banner or an error message where a ServerHello should be.
const CLEARTEXT = /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNEXPECTED_MESSAGE|HTTP_REQUEST|record layer/i;

function judgeHandshake(place: string, { reason }: Visit): Finding {
	const why = reason ?? '';
	if (CLEARTEXT.test(why)) return finding('tls-cleartext', place, 'TLS from the first byte', 'the server speaks in the clear');
	return finding('tls-fails', place, 'a TLS handshake', shown(why));
}

/** The codes for a certificate's faults, which mail servers and web servers have apart. */
export interface CertificateCodes {
	readonly untrusted: FindingCode;
	readonly chain: FindingCode;
	readonly expired: FindingCode;
	readonly expires: FindingCode;
	readonly name: FindingCode;
}

const MAIL_CODES: CertificateCodes = {
	untrusted: 'cert-untrusted',
	chain: 'cert-chain',
	expired: 'cert-expired',
	expires: 'cert-expires',
	name: 'cert-name',
};

const DAY = 86_400_000;
/** Certificates that live 90 days are renewed with 30 left, those of 6 days with half: 14 left means that something hangs, unless it is born short. */
const SOON_DAYS = 14;

/** A certificate's faults: expiry, name and chain each on its own, for one may hide the others. */
export function judgeCertificate(place: string, host: string, tls: TlsFacts, now: number, codes: CertificateCodes): readonly Finding[] {
	const findings: Finding[] = [];
	const until = new Date(tls.validTo).toISOString().slice(0, 10);
	const life = tls.validTo - tls.validFrom;
	if (tls.validTo <= now) findings.push(finding(codes.expired, place, 'a valid certificate', `expired on ${until}`));
	else if (tls.validTo - now < Math.min(SOON_DAYS * DAY, life / 3))
		findings.push(
			finding(
				codes.expires,
				place,
				`more than ${SOON_DAYS} days left`,
				`${Math.floor((tls.validTo - now) / DAY)} days left, until ${until}`,
			),
		);
	if (!tls.nameMatches) findings.push(finding(codes.name, place, host, shown(tls.names.join(', ') || 'no names')));
	const { untrusted } = tls;
	// OpenSSL stops at the first fault: expiry and the name are told above.
	if (untrusted !== null && !/EXPIRED|ALTNAME/.test(untrusted)) {
		const code = /UNABLE_TO_VERIFY_LEAF|UNABLE_TO_GET_ISSUER_CERT(?!_LOCALLY)/.test(untrusted) ? codes.chain : codes.untrusted;
		findings.push(finding(code, place, 'a chain to a trusted root', `${untrusted}, issued by ${shown(tls.issuer, 60)}`));
	}
	return findings;
}

const MECHANISMS = { password: /^(PLAIN|LOGIN|USER|SCRAM-|CRAM-MD5)/, oauth2: /^(OAUTHBEARER|XOAUTH2)$/ } as const satisfies Record<
	Auth,
	RegExp
>;

function judgeLogin(place: string, offer: SocketOffer, { after, broken }: Visit): readonly Finding[] {
	if (broken !== null) return [];
	if (after === null)
		return [finding('capabilities-refused', place, 'a list of capabilities inside TLS', 'the server refuses to list them')];
	const speech = SPEECHES[offer.kind];
	const offered = speech.mechanisms(after);
	const findings: Finding[] = [];
	const missing = offer.auth.filter((auth) => !offered.some((mechanism) => MECHANISMS[auth].test(mechanism)));
	const some = missing.length < offer.auth.length;
	if (missing.length > 0)
		findings.push(
			finding(
				some ? 'auth-partly' : 'auth-missing',
				place,
				missing.join(', '),
				offered.length === 0 ? 'no login at all' : shown(offered.join(' ')),
			),
		);
	if (speech.offersStarttls(after)) findings.push(finding('starttls-again', place, 'no STARTTLS inside TLS', 'it is offered'));
	return findings;
}

/** @param taken every version that the port shook hands with */
export function judgeVersions(place: string, negotiated: string, taken: readonly string[]): readonly Finding[] {
	const old = taken.filter((version) => version === 'TLSv1' || version === 'TLSv1.1');
	const named = (list: readonly string[]) =>
		list.map((version) => version.replace(/^TLSv1$/, 'TLSv1.0').replace('TLSv', 'TLS ')).join(', ');
	if (old.length === taken.length) return [finding('tls-old-only', place, 'TLS 1.2 or 1.3', named(old.length > 0 ? old : [negotiated]))];
	const findings: Finding[] = [];
	if (old.length > 0) findings.push(finding('tls-old-too', place, 'TLS 1.2 and 1.3 alone', `${named(old)} too`));
	if (!taken.includes('TLSv1.3')) findings.push(finding('tls13-absent', place, 'TLS 1.3', named(taken)));
	return findings;
}

/** Findings of an open port that the record does not offer: clients configured long ago may still come. */
export function judgeUnlisted(place: string, offer: SocketOffer, visit: Visit): readonly Finding[] {
	if (offer.security === 'tls')
		return visit.tls !== null && !visit.strange ? [finding('implicit-unlisted', place, 'the port in the record', 'open, with TLS')] : [];
	if (visit.strange || visit.greeting === null) return [];
	const clear = visit.before === null ? [] : judgeClear(place, offer, visit.before);
	if (visit.starttls !== 'done') return clear;
	return [...clear, finding('starttls-unlisted', place, 'closed, or in the record', 'open, with STARTTLS')];
}
