/** Examines one address of a mail port: its greeting and capabilities, and which TLS it accepts. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Remark } from '../../lib/result.ts';
import { implicitTlsDialogue, type ProbeResult, starttlsDialogue, starttlsInjectionDialogue } from '../probe/dialogues.ts';
import { MAIL_PROTOCOLS } from '../probe/mail-protocols.ts';
import type { Network, SocketAddress } from '../probe/network.ts';
import { type ConnectOptions, type DialogueResult, runDialogue } from '../probe/run-dialogue.ts';
import { createSharedResults } from '../probe/shared-results.ts';
import { surveyTls, type TlsSurvey } from '../probe/survey-tls.ts';
import { CLIENT_OFFER } from '../probe/tls-offer.ts';
import { type Finding, finding, type PartialReport, partWith } from './finding.ts';
import { judgePort, judgeUnlistedPort, type MailPort } from './mail-findings.ts';
import { judgeCertificate, judgeCertificateFacts, MAIL_CODES, otherCertificates } from './tls/certificate-findings.ts';
import { judgeTlsSurvey, OFFER_SUBJECTS } from './tls/tls-findings.ts';
import { unclearTls } from './tls/unclear-tls.ts';

/** A port to examine: one that the record offers, or a standard port that clients configured long ago may still use. */
export interface PortToCheck {
	readonly offer: MailPort;
	readonly listed: boolean;
}

/** One address of a port's host. */
export interface PortAddress extends PortToCheck {
	readonly route: SocketAddress;
}

/** The result of examining one address of a port. */
export interface PortReport extends PartialReport {
	/** Null where there was no handshake, or the record does not offer the port. */
	readonly survey: TlsSurvey | null;
}

/** Milliseconds to connect to a port that the record does not offer: it is short, because a firewall that drops packets never answers. */
const UNLISTED_TIMEOUT_MS = 2500;

/**
 * A greeting may take this many times as long as anything else: servers delay it to keep off programs that do not wait for it
 * (RFC 5321 §4.5.3.2.1 allows five minutes).
 */
const GREETING_PATIENCE = 3;

/** Milliseconds to wait before a busy server is tried once more. */
const BUSY_PAUSE_MS = 1000;

const NOTHING: PortReport = { ...partWith(), survey: null };

/** Examines an address of a port. @param now Unix time in milliseconds */
export type PortChecker = (port: PortAddress, now: number) => Promise<PortReport>;

/**
 * Examines each address of a port once, however many domains have it in their records: an examination makes some thirteen connections, so that
 * a run of a thousand domains would connect to their mail host forty thousand times. A host that then closes its door would be told as faulty.
 */
export function createPortChecker(network: Pick<Network, 'ca' | 'timeoutMs'>): PortChecker {
	// Where there was no handshake, the server may just have had no time.
	const check = createSharedResults<PortReport>(({ survey }) => survey !== null);
	return (port, now) => {
		const { offer, listed, route } = port;
		const key = JSON.stringify([offer.kind, offer.host, offer.port, offer.security, offer.auth, listed, route.address, route.port]);
		return check(key, () => checkPort(port, network, now));
	};
}

async function checkPort(
	{ offer, listed, route }: PortAddress,
	network: Pick<Network, 'ca' | 'timeoutMs'>,
	now: number,
): Promise<PortReport> {
	const place = `${offer.host}:${offer.port}`;
	const timeoutMs = listed ? network.timeoutMs * GREETING_PATIENCE : Math.min(UNLISTED_TIMEOUT_MS, network.timeoutMs);
	const connectMs = Math.min(timeoutMs, network.timeoutMs);
	const target: ConnectOptions = { host: offer.host, ...route, ca: network.ca, timeoutMs, connectMs, tlsOffer: CLIENT_OFFER };
	const begun = Date.now();
	const { probe, takesOldRenegotiation } = await probePort(target, offer);
	if (!probe.ok) return listed ? noConnection(offer, route, probe.failure, connectMs) : NOTHING;
	const { value, isOwnAddress, allowsEarlyData } = probe;
	const busy = value.interruption?.ended === 'busy' ? value.interruption : null;
	if (!listed) return { ...NOTHING, findings: judgeUnlistedPort(place, offer, value, isOwnAddress) };
	const unlooked: Remark[] = [];
	if (busy !== null) unlooked.push({ place, reason: `busy, not judged: ${busy.said ?? 'the server has no time'}` });
	const findings: Finding[] = [...judgePort(place, offer, value, isOwnAddress, now)];
	if (takesOldRenegotiation) findings.push(finding('tls-renegotiation-old', place, 'secure renegotiation', 'none'));
	if (value.tls === null || busy !== null) return { ...NOTHING, findings, unlooked };
	// A server that was slow in the first dialogue will be slow in the others.
	const patient: ConnectOptions = { ...target, timeoutMs: Math.max(network.timeoutMs, 2 * (Date.now() - begun)) };
	const tlsOffer = { ...CLIENT_OFFER, takesOldRenegotiation };
	const smuggling = offer.security === 'tls' ? null : runDialogue(patient, starttlsInjectionDialogue(MAIL_PROTOCOLS[offer.kind]));
	const survey = await surveyTls(
		{ ...patient, tlsOffer },
		MAIL_PROTOCOLS[offer.kind],
		offer.security === 'tls',
		value.tls,
		allowsEarlyData,
	);
	const smuggled = await smuggling;
	if (smuggled?.ok === true && smuggled.value === true)
		findings.push(finding('starttls-smuggling', place, 'a command sent behind STARTTLS is dropped', 'it was answered inside TLS'));
	if (smuggled?.ok === false || (smuggled?.ok === true && smuggled.value === null))
		unlooked.push({ place, reason: 'whether a command is taken behind STARTTLS: the server broke off before it could be tried' });
	findings.push(...judgeCertificateFacts(place, value.tls), ...judgeTlsSurvey(place, offer.host, survey));
	for (const { tls, kind } of otherCertificates(survey)) {
		const where = `${place} (${kind} certificate)`;
		findings.push(...judgeCertificate(where, offer.host, tls, now, MAIL_CODES), ...judgeCertificateFacts(where, tls));
	}
	return { findings, unclear: unclearTls(place, survey), unlooked: [...unlooked, ...untriedOffers(place, survey)], survey };
}

interface PortProbe {
	readonly probe: DialogueResult<ProbeResult>;
	/** Whether the server lacks secure renegotiation (RFC 5746), so that the handshake succeeded only because that was allowed. */
	readonly takesOldRenegotiation: boolean;
}

async function probePort(target: ConnectOptions, offer: MailPort): Promise<PortProbe> {
	const speech = MAIL_PROTOCOLS[offer.kind];
	const dialogue = () => (offer.security === 'tls' ? implicitTlsDialogue(speech) : starttlsDialogue(speech));
	let probe = await runDialogue(target, dialogue());
	if (probe.ok && probe.value.interruption?.ended === 'busy') {
		await sleep(BUSY_PAUSE_MS);
		probe = await runDialogue(target, dialogue());
	}
	if (!probe.ok || probe.value.reason !== OLD_RENEGOTIATION_ERROR) return { probe, takesOldRenegotiation: false };
	const tlsOffer = { ...target.tlsOffer, takesOldRenegotiation: true };
	return { probe: await runDialogue({ ...target, tlsOffer }, dialogue()), takesOldRenegotiation: true };
}

/** OpenSSL's error code for a server that does not support RFC 5746. */
const OLD_RENEGOTIATION_ERROR = 'ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED';

function noConnection(offer: MailPort, route: SocketAddress, failure: string, connectMs: number): PortReport {
	const place = `${offer.host}:${offer.port}`;
	if (failure === 'no-route') {
		const told = finding('address-unlooked', `${offer.host} at ${route.address}`, 'a way there', 'none');
		return { ...NOTHING, findings: [told], unlooked: [{ place: told.place, reason: 'this machine has no way to the address' }] };
	}
	const told =
		failure === 'deadline'
			? finding('port-hangs', place, 'a connection', `none within ${connectMs / 1000} s`)
			: finding('port-closed', place, 'a connection', failure);
	return { ...NOTHING, findings: [told] };
}

/** TLS offers that were not tried because the server ended the connection. */
function untriedOffers(place: string, { answers, renegotiates }: TlsSurvey): readonly Remark[] {
	const untried = [...answers].flatMap(([name, answer]) => (answer.outcome === 'untried' ? [{ name, reason: answer.reason }] : []));
	const subjects = [...untried.map(({ name }) => OFFER_SUBJECTS[name]), ...(renegotiates === null ? ['renegotiation'] : [])];
	const [first] = untried;
	return subjects.length === 0
		? []
		: [{ place, reason: `whether it takes ${subjects.join(', ')}: the server broke off (${first?.reason ?? 'no answer'})` }];
}
