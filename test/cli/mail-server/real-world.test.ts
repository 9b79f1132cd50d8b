/** Good configurations of the real world: no false alarm, and one fault in each is found. */
import { describe, expect, it } from 'vitest';
import { checkDovecot } from '../../../src/cli/mail-server/dovecot/check-dovecot.ts';
import { parseDovecot } from '../../../src/cli/mail-server/dovecot/parse-dovecot.ts';
import { checkPostfix } from '../../../src/cli/mail-server/postfix/check-postfix.ts';
import { parsePostfix } from '../../../src/cli/mail-server/postfix/parse-postfix.ts';
import { judgeReview, type ServerVerdict } from '../../../src/cli/mail-server/server-review.ts';
import { DOVECOT_EXAMPLES, POSTFIX_EXAMPLES } from './real-world-configurations.ts';
import { offersOf } from './record-offers.ts';

const host = 'mail.example.com';
const OFFERS = offersOf({ imap: { host }, pop3: { host }, submission: { host } });

const alarms = ({ findings }: ServerVerdict) => findings.filter(({ severity }) => severity !== 'advice').map(({ code }) => code);
const ofPostfix = (main: string, master: string) => judgeReview(checkPostfix(parsePostfix([main, master]), OFFERS));
const ofDovecot = (text: string) => judgeReview(checkDovecot(parseDovecot(text), OFFERS));

describe.each(POSTFIX_EXAMPLES)('Postfix: $source', ({ main, master, findings, fault }) => {
	it('no false alarm, and everything understood', () => {
		const verdict = ofPostfix(main, master);
		expect([alarms(verdict), verdict.notUnderstood]).toEqual([findings, []]);
	});

	it(`${fault.finds} where it is broken so`, () => {
		const broken = { main, master, [fault.of]: { main, master }[fault.of].replace(fault.from, fault.to) };
		expect(broken).not.toEqual({ main, master });
		expect(alarms(ofPostfix(broken.main, broken.master))).toContain(fault.finds);
	});
});

describe.each(DOVECOT_EXAMPLES)('Dovecot: $source', ({ text, findings, fault }) => {
	it('no false alarm, and everything understood', () => {
		const verdict = ofDovecot(text);
		expect([alarms(verdict), verdict.notUnderstood]).toEqual([findings, []]);
	});

	it(`${fault.finds} where it is broken so`, () => {
		expect(text).toContain(fault.from);
		expect(alarms(ofDovecot(text.replace(fault.from, fault.to)))).toContain(fault.finds);
	});
});
