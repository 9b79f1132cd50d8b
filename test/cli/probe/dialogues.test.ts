/** Runs dialogues on transcripts, without a socket or a clock. */
import { describe, expect, it } from 'vitest';
import type { Dialogue, DialogueStepResult, EndReason, TlsHandshake } from '../../../src/cli/probe/dialogue-steps.ts';
import { implicitTlsDialogue, starttlsDialogue, starttlsInjectionDialogue } from '../../../src/cli/probe/dialogues.ts';
import { imap, pop3, sieve, smtp } from '../../../src/cli/probe/mail-protocols.ts';

const TLS: TlsHandshake = {
	version: 'TLSv1.3',
	cipher: 'x',
	ephemeralKey: null,
	extendedMasterSecret: null,
	hasOcspResponse: false,
	verifyError: null,
	nameMatches: true,
	certificateNames: [],
	chain: [],
	issuer: '',
	validFrom: 0,
	validTo: 0,
};

/**
 * Plays a transcript: `S: …` is a line from the server, `C: …` what must be written, `TLS` a handshake, `quiet` nothing within the
 * time, and one of the ends at the end.
 */
function playTranscript<T>(dialogue: Dialogue<T>, transcript: readonly string[]): T {
	let step = dialogue.next();
	for (const entry of transcript) {
		if (step.done) throw new Error(`over before: ${entry}`);
		const { value: want } = step;
		if (entry.startsWith('C: ')) {
			expect(want).toEqual({ action: 'write', text: `${entry.slice(3).replaceAll(' | ', '\r\n')}\r\n` });
			step = dialogue.next({ outcome: 'written' });
			continue;
		}
		let came: DialogueStepResult;
		if (entry.startsWith('S: ')) came = { outcome: 'line', text: entry.slice(3) };
		else if (entry === 'TLS') came = { outcome: 'tls', tls: TLS, earlyBytes: 0 };
		else if (entry === 'quiet') came = { outcome: 'quiet' };
		else came = { outcome: 'end', ended: entry as EndReason };
		expect(want.action).toBe(
			entry === 'TLS' ? 'tls' : entry === 'quiet' || want.action === 'listen' ? 'listen' : want.action === 'tls' ? 'tls' : 'line',
		);
		step = dialogue.next(came);
	}
	if (!step.done) throw new Error(`goes on and wants ${JSON.stringify(step.value)}`);
	return step.value;
}

describe('visits', () => {
	it('Postfix on 587', () => {
		const visit = playTranscript(starttlsDialogue(smtp), [
			'S: 220 mail.example.com ESMTP Postfix',
			'C: EHLO signpost.invalid',
			'S: 250-mail.example.com',
			'S: 250-STARTTLS',
			'S: 250 SMTPUTF8',
			'C: STARTTLS',
			'S: 220 2.0.0 Ready to start TLS',
			'TLS',
			'C: EHLO signpost.invalid',
			'S: 250-mail.example.com',
			'S: 250-AUTH PLAIN LOGIN',
			'S: 250-AUTH=PLAIN LOGIN',
			'S: 250 SMTPUTF8',
			'C: QUIT',
		]);
		expect(visit).toMatchObject({
			starttls: 'done',
			capabilitiesBeforeTls: ['STARTTLS', 'SMTPUTF8'],
			unexpectedGreeting: false,
			interruption: null,
		});
		expect(smtp.authMechanisms(visit.capabilitiesInsideTls ?? [])).toEqual(['PLAIN', 'LOGIN']);
	});

	it('Dovecot on 143: LOGINDISABLED before TLS, logins after', () => {
		const visit = playTranscript(starttlsDialogue(imap), [
			'S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] Dovecot ready.',
			'C: a CAPABILITY',
			'S: * CAPABILITY IMAP4rev1 SASL-IR STARTTLS LOGINDISABLED',
			'S: a OK Pre-login capabilities listed.',
			'C: b STARTTLS',
			'S: b OK Begin TLS negotiation now.',
			'TLS',
			'C: a CAPABILITY',
			'S: * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=XOAUTH2',
			'S: a OK',
			'C: z LOGOUT',
		]);
		expect(imap.authMechanisms(visit.capabilitiesBeforeTls ?? [])).toEqual([]);
		expect(imap.authMechanisms(visit.capabilitiesInsideTls ?? [])).toEqual(['PLAIN', 'XOAUTH2', 'LOGIN']);
	});

	it('Dovecot on 995', () => {
		const visit = playTranscript(implicitTlsDialogue(pop3), [
			'TLS',
			'S: +OK Dovecot ready.',
			'C: CAPA',
			'S: +OK',
			'S: USER',
			'S: SASL PLAIN',
			'S: .',
			'C: QUIT',
		]);
		expect(pop3.authMechanisms(visit.capabilitiesInsideTls ?? [])).toEqual(['PLAIN', 'USER']);
	});

	it('a ManageSieve server tells its capabilities twice, the second time unasked', () => {
		const visit = playTranscript(starttlsDialogue(sieve), [
			'S: "IMPLEMENTATION" "Dovecot Pigeonhole"',
			'S: "STARTTLS"',
			'S: OK "Dovecot ready."',
			'C: CAPABILITY',
			'S: "SASL" ""',
			'S: "STARTTLS"',
			'S: OK',
			'C: STARTTLS',
			'S: OK "Begin TLS negotiation now."',
			'TLS',
			'S: "SASL" "PLAIN LOGIN"',
			'S: OK "TLS negotiation successful."',
			'C: CAPABILITY',
			'S: "SASL" "PLAIN LOGIN"',
			'S: OK',
			'C: LOGOUT',
		]);
		expect(sieve.authMechanisms(visit.capabilitiesInsideTls ?? [])).toEqual(['PLAIN', 'LOGIN']);
	});

	it('a server that closes says where it broke off', () => {
		expect(playTranscript(starttlsDialogue(imap), ['S: * OK hi', 'C: a CAPABILITY', 'closed']).interruption).toEqual({
			ended: 'closed',
			said: null,
			during: 'the list of capabilities',
		});
		expect(playTranscript(starttlsDialogue(smtp), ['deadline']).interruption).toEqual({
			ended: 'deadline',
			said: null,
			during: 'the greeting',
		});
		expect(playTranscript(implicitTlsDialogue(smtp), ['deadline']).interruption).toEqual({
			ended: 'deadline',
			said: null,
			during: 'the TLS handshake',
		});
	});

	it('a hundred lines are no list of capabilities', () => {
		const endless = ['S: 220 hi', 'C: EHLO signpost.invalid', ...Array.from({ length: 100 }, () => 'S: 250-MORE')];
		expect(playTranscript(starttlsDialogue(smtp), endless).interruption).toEqual({
			ended: 'too-much',
			said: null,
			during: 'the list of capabilities',
		});
	});

	it('a web server is no mail server', () => {
		expect(playTranscript(starttlsDialogue(imap), ['S: HTTP/1.1 400 Bad Request'])).toMatchObject({
			unexpectedGreeting: true,
			greeting: 'HTTP/1.1 400 Bad Request',
		});
	});
});

describe('smuggling', () => {
	const opening = ['S: 220 hi', 'C: EHLO signpost.invalid', 'S: 250-hi', 'S: 250 STARTTLS', 'C: STARTTLS | NOOP', 'S: 220 go', 'TLS'];

	it.each<[string, readonly string[], boolean]>([
		['the command is dropped', ['quiet'], false],
		['the command is answered', ['S: 250 2.0.0 Ok'], true],
		['the connection ends', ['closed'], false],
	])('%s', (_, ending, smuggled) => {
		expect(playTranscript(starttlsInjectionDialogue(smtp), [...opening, ...ending])).toBe(smuggled);
	});

	it('unasked capabilities of ManageSieve are no answer', () => {
		const visit = playTranscript(starttlsInjectionDialogue(sieve), [
			'S: OK',
			'C: CAPABILITY',
			'S: "STARTTLS"',
			'S: OK',
			'C: STARTTLS | NOOP "signpost"',
			'S: OK',
			'TLS',
			'S: "SASL" "PLAIN"',
			'S: OK',
			'quiet',
		]);
		expect(visit).toBe(false);
	});
});
