/** Dialogues rehearsed against transcripts: no socket, no clock. */
import { describe, expect, it } from 'vitest';
import type { Came, Dialogue, End, TlsFacts } from '../../src/cli/probe/dialogue.ts';
import { imap, pop3, sieve, smtp } from '../../src/cli/probe/speech.ts';
import { implicitVisit, smuggleVisit, starttlsVisit } from '../../src/cli/probe/visit.ts';

const TLS: TlsFacts = {
	version: 'TLSv1.3',
	cipher: 'x',
	untrusted: null,
	nameMatches: true,
	names: [],
	issuer: '',
	validFrom: 0,
	validTo: 0,
};

/**
 * Plays a transcript: `S: …` is a line from the server, `C: …` what must be written, `TLS` a handshake, `quiet` nothing within the
 * time, and one of the ends at the end.
 */
function rehearse<T>(dialogue: Dialogue<T>, transcript: readonly string[]): T {
	let step = dialogue.next();
	for (const entry of transcript) {
		if (step.done) throw new Error(`over before: ${entry}`);
		const { value: want } = step;
		if (entry.startsWith('C: ')) {
			expect(want).toEqual({ want: 'write', text: `${entry.slice(3).replaceAll(' | ', '\r\n')}\r\n` });
			step = dialogue.next({ came: 'written' });
			continue;
		}
		let came: Came;
		if (entry.startsWith('S: ')) came = { came: 'line', text: entry.slice(3) };
		else if (entry === 'TLS') came = { came: 'tls', tls: TLS, early: 0 };
		else if (entry === 'quiet') came = { came: 'quiet' };
		else came = { came: 'end', why: entry as End };
		expect(want.want).toBe(
			entry === 'TLS' ? 'tls' : entry === 'quiet' || want.want === 'listen' ? 'listen' : want.want === 'tls' ? 'tls' : 'line',
		);
		step = dialogue.next(came);
	}
	if (!step.done) throw new Error(`goes on and wants ${JSON.stringify(step.value)}`);
	return step.value;
}

describe('visits', () => {
	it('Postfix on 587', () => {
		const visit = rehearse(starttlsVisit(smtp), [
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
		expect(visit).toMatchObject({ starttls: 'done', before: ['STARTTLS', 'SMTPUTF8'], strange: false, broken: null });
		expect(smtp.mechanisms(visit.after ?? [])).toEqual(['PLAIN', 'LOGIN']);
	});

	it('Dovecot on 143: LOGINDISABLED before TLS, logins after', () => {
		const visit = rehearse(starttlsVisit(imap), [
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
		expect(imap.mechanisms(visit.before ?? [])).toEqual([]);
		expect(imap.mechanisms(visit.after ?? [])).toEqual(['PLAIN', 'XOAUTH2', 'LOGIN']);
	});

	it('Dovecot on 995', () => {
		const visit = rehearse(implicitVisit(pop3), [
			'TLS',
			'S: +OK Dovecot ready.',
			'C: CAPA',
			'S: +OK',
			'S: USER',
			'S: SASL PLAIN',
			'S: .',
			'C: QUIT',
		]);
		expect(pop3.mechanisms(visit.after ?? [])).toEqual(['PLAIN', 'USER']);
	});

	it('a ManageSieve server tells its capabilities twice, the second time unasked', () => {
		const visit = rehearse(starttlsVisit(sieve), [
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
		expect(sieve.mechanisms(visit.after ?? [])).toEqual(['PLAIN', 'LOGIN']);
	});

	it('a server that closes says where it broke off', () => {
		expect(rehearse(starttlsVisit(imap), ['S: * OK hi', 'C: a CAPABILITY', 'closed']).broken).toEqual({
			why: 'closed',
			at: 'the list of capabilities',
		});
		expect(rehearse(starttlsVisit(smtp), ['deadline']).broken).toEqual({ why: 'deadline', at: 'the greeting' });
		expect(rehearse(implicitVisit(smtp), ['deadline']).broken).toEqual({ why: 'deadline', at: 'the TLS handshake' });
	});

	it('a hundred lines are no list of capabilities', () => {
		const endless = ['S: 220 hi', 'C: EHLO signpost.invalid', ...Array.from({ length: 100 }, () => 'S: 250-MORE')];
		expect(rehearse(starttlsVisit(smtp), endless).broken).toEqual({ why: 'too-much', at: 'the list of capabilities' });
	});

	it('a web server is no mail server', () => {
		expect(rehearse(starttlsVisit(imap), ['S: HTTP/1.1 400 Bad Request'])).toMatchObject({
			strange: true,
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
		expect(rehearse(smuggleVisit(smtp), [...opening, ...ending])).toBe(smuggled);
	});

	it('unasked capabilities of ManageSieve are no answer', () => {
		const visit = rehearse(smuggleVisit(sieve), [
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
