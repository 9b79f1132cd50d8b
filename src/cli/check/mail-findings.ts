/** Judges what a dialogue with a mail port showed. There is no I/O in this file: the same dialogue always gives the same findings. */

import type { AuthMethod, SocketOffer } from '../../model/config.ts';
import type { ProbeResult } from '../probe/dialogues.ts';
import { MAIL_PROTOCOLS } from '../probe/mail-protocols.ts';
import { sanitizeText } from '../terminal.ts';
import { type Finding, finding } from './finding.ts';
import { judgeCertificate, MAIL_CODES } from './tls/certificate-findings.ts';

/** A mail server's port: what it is examined for. How its users log in is left out, since nothing ever logs in. */
export type MailPort = Omit<SocketOffer, 'login'>;

/**
 * Findings of a port that the record offers.
 * @param isOwnAddress the server saw its own address as the client's
 */
export function judgePort(place: string, offer: MailPort, probe: ProbeResult, isOwnAddress: boolean, now: number): readonly Finding[] {
	const findings: Finding[] = [...judgeGreeting(place, offer, probe)];
	if (offer.security === 'starttls') findings.push(...judgeStarttls(place, offer, probe, isOwnAddress));
	else if (probe.tls === null && probe.interruption === null) findings.push(judgeHandshakeFailure(place, probe));
	if (probe.interruption?.ended === 'client-certificate')
		findings.push(finding('client-certificate', place, 'no certificate of the client', 'it is demanded'));
	else if (probe.interruption?.ended === 'closed-without-certificate')
		findings.push(finding('client-certificate', place, 'no certificate of the client', END_REASONS['closed-without-certificate']));
	// A server that said that it is busy is not judged.
	else if (probe.interruption !== null && probe.interruption.ended !== 'busy')
		findings.push(finding('port-hangs', place, `${probe.interruption.during} in full`, END_REASONS[probe.interruption.ended]));
	if (probe.tls !== null) {
		findings.push(...judgeCertificate(place, offer.host, probe.tls, now, MAIL_CODES));
		findings.push(...judgeAuthMechanisms(place, offer, probe));
	}
	return findings;
}

const END_REASONS = {
	closed: 'the server closed the connection',
	deadline: 'nothing more before the time was over',
	'too-much': 'more than any server has to say',
	busy: 'the server has no time',
	'client-certificate': 'the server wants a certificate of the client',
	'closed-without-certificate': 'it is asked for, and without one the server closed the connection before it said anything',
} as const;

function judgeGreeting(place: string, offer: MailPort, { unexpectedGreeting, greeting, preauth }: ProbeResult): readonly Finding[] {
	if (unexpectedGreeting) return [finding('greeting-strange', place, `the greeting of ${offer.kind}`, sanitizeText(greeting ?? ''))];
	return preauth ? [finding('preauth', place, '* OK', sanitizeText(greeting ?? ''))] : [];
}

function judgeStarttls(
	place: string,
	offer: MailPort,
	{ capabilitiesBeforeTls, starttls, reason, earlyBytes, unexpectedGreeting, interruption, tls }: ProbeResult,
	isOwnAddress: boolean,
): readonly Finding[] {
	const findings: Finding[] = [];
	if (capabilitiesBeforeTls !== null) findings.push(...judgeLoginsBeforeTls(place, offer, capabilitiesBeforeTls, isOwnAddress));
	if (unexpectedGreeting) return findings;
	if (starttls === 'not-offered') {
		if (capabilitiesBeforeTls === null)
			findings.push(finding('capabilities-refused', place, 'a list of capabilities', 'the server refuses to list them'));
		findings.push(finding('starttls-absent', place, 'STARTTLS among the capabilities', 'none'));
	}
	if (starttls === 'refused' && interruption === null)
		findings.push(finding('starttls-fails', place, 'a go-ahead for STARTTLS', sanitizeText(reason ?? '')));
	if (starttls === 'failed' && interruption === null)
		findings.push(finding('starttls-fails', place, 'a TLS handshake', sanitizeText(reason ?? '')));
	if (tls !== null && earlyBytes > 0)
		findings.push(finding('starttls-early', place, 'nothing between the go-ahead and TLS', `${earlyBytes} bytes in the clear`));
	return findings;
}

/**
 * Reports log-ins that are offered before TLS, where anybody on the way can read the password. Dovecot takes a client that comes from the
 * server's own address for one that has TLS (login_trusted_networks, "secured"), so that what it offers there says nothing of what others
 * are offered.
 */
function judgeLoginsBeforeTls(place: string, offer: MailPort, before: readonly string[], isOwnAddress: boolean): readonly Finding[] {
	const offered = MAIL_PROTOCOLS[offer.kind].authMechanisms(before).filter((mechanism) => !SAFE_WITHOUT_TLS.test(mechanism));
	if (offered.length === 0) return [];
	const names = offered.map((each) => sanitizeText(each, 20)).join(' ');
	return isOwnAddress
		? [finding('auth-unlooked', place, 'no login before TLS', `${names}, offered to the server’s own address`)]
		: [finding('auth-before-tls', place, 'no login before TLS', names)];
}

// With challenge and response, client certificates, Kerberos, or no log-in at all, no password crosses the network.
const SAFE_WITHOUT_TLS = /^(SCRAM-|CRAM-MD5|DIGEST-MD5|EXTERNAL|GSSAPI|GS2-|NTLM|ANONYMOUS)/;

// OpenSSL's errors where the server sends a text, such as a banner, instead of a ServerHello.
const CLEARTEXT_ERRORS = /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNEXPECTED_MESSAGE|HTTP_REQUEST|record layer/i;

function judgeHandshakeFailure(place: string, { reason }: ProbeResult): Finding {
	const why = reason ?? '';
	if (CLEARTEXT_ERRORS.test(why)) return finding('tls-cleartext', place, 'TLS from the first byte', 'the server speaks in the clear');
	return finding('tls-fails', place, 'a TLS handshake', sanitizeText(why));
}

const AUTH_MECHANISMS = { password: /^(PLAIN|LOGIN|USER|SCRAM-|CRAM-MD5)/, oauth2: /^(OAUTHBEARER|XOAUTH2)$/ } as const satisfies Record<
	AuthMethod,
	RegExp
>;

function judgeAuthMechanisms(place: string, offer: MailPort, { capabilitiesInsideTls, interruption }: ProbeResult): readonly Finding[] {
	if (interruption !== null) return [];
	if (capabilitiesInsideTls === null)
		return [finding('capabilities-refused', place, 'a list of capabilities inside TLS', 'the server refuses to list them')];
	const protocol = MAIL_PROTOCOLS[offer.kind];
	const offered = protocol.authMechanisms(capabilitiesInsideTls);
	const findings: Finding[] = [];
	const missing = offer.auth.filter((auth) => !offered.some((mechanism) => AUTH_MECHANISMS[auth].test(mechanism)));
	const some = missing.length < offer.auth.length;
	if (missing.length > 0)
		findings.push(
			finding(
				some ? 'auth-partly' : 'auth-missing',
				place,
				missing.join(', '),
				offered.length === 0 ? 'no login at all' : sanitizeText(offered.join(' ')),
			),
		);
	if (isOldSpellingAlone(offer, capabilitiesInsideTls))
		findings.push(
			finding(
				'auth-old-spelling',
				place,
				'AUTH with a blank',
				sanitizeText(capabilitiesInsideTls.filter((text) => text.startsWith('AUTH=')).join(' ')),
			),
		);
	if (protocol.offersStarttls(capabilitiesInsideTls))
		findings.push(finding('starttls-again', place, 'no STARTTLS inside TLS', 'it is offered'));
	return findings;
}

/** Whether log-ins are only announced as "AUTH=LOGIN", as Microsoft's programs wanted before RFC 2554; clients look for "AUTH LOGIN". */
function isOldSpellingAlone({ kind }: MailPort, capabilities: readonly string[]): boolean {
	return kind === 'smtp' && capabilities.some((text) => text.startsWith('AUTH=')) && !capabilities.some((text) => text.startsWith('AUTH '));
}

/** Findings about an open port that the record does not offer, which clients configured long ago may still use. */
export function judgeUnlistedPort(place: string, offer: MailPort, probe: ProbeResult, isOwnAddress: boolean): readonly Finding[] {
	if (offer.security === 'tls')
		return probe.tls !== null && !probe.unexpectedGreeting
			? [finding('implicit-unlisted', place, 'the port in the record', 'open, with TLS')]
			: [];
	if (probe.unexpectedGreeting || probe.greeting === null) return [];
	const clear = probe.capabilitiesBeforeTls === null ? [] : judgeLoginsBeforeTls(place, offer, probe.capabilitiesBeforeTls, isOwnAddress);
	if (probe.starttls !== 'done') return clear;
	return [...clear, finding('starttls-unlisted', place, 'closed, or in the record', 'open, with STARTTLS')];
}
