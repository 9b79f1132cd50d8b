/** Complete mail server distributions: the log of each, with and without use of 587, and the advice for it. */
import { describe, expect, it } from 'vitest';
import { judgeUsage } from '../../../src/cli/usage/evidence/usage-verdict.ts';
import { DISTRIBUTIONS, distributionSteps, recognisedDistributions } from '../../../src/cli/usage/plan/distributions.ts';
import { queueManagerLine, type SessionOptions, session } from './random-logs.ts';
import { countLog, lastDays, TODAY } from './sample-logs.ts';

const DAYS = lastDays(46);

interface Sample {
	readonly over465: Pick<SessionOptions, 'tag'> & Partial<SessionOptions>;
	readonly over587: Pick<SessionOptions, 'tag'> & Partial<SessionOptions>;
	/** Further lines about the same mail: from content filters that pass it back, and from the distribution's own webmail. */
	readonly more: (day: string) => string;
}

const handedBack =
	(tag: string, host = 'mx') =>
	(day: string) =>
		session({ day, tag, host, pid: 25, client: '127.0.0.1', account: null, tls: 'clear', time: '09:00:01' });
const NOTHING = () => '';

/** The logs, with the service names of each distribution's own master.cf. */
const SAMPLES: Readonly<Record<string, Sample>> = {
	mailcow: {
		over465: { tag: 'postfix/smtps/smtpd' },
		over587: { tag: 'postfix/submission-haproxy/smtpd' },
		more: (day) => session({ day, tag: 'postfix/sogo/smtpd', pid: 588, client: '172.22.1.248', account: 'a@example.org', tls: 'starttls' }),
	},
	'docker-mailserver': {
		over465: { tag: 'postfix/submissions/smtpd' },
		over587: { tag: 'postfix/submission/smtpd' },
		// Amavis passes mail back to a service without a name, on port 10025.
		more: handedBack('postfix/smtpd'),
	},
	iRedMail: {
		over465: { tag: 'postfix/smtps/smtpd' },
		over587: { tag: 'postfix/submission/smtpd' },
		more: (day) => handedBack('postfix/10025/smtpd')(day) + handedBack('postfix/10028/smtpd')(day),
	},
	Modoboa: {
		over465: { tag: 'postfix/smtps/smtpd' },
		over587: { tag: 'postfix/submission/smtpd' },
		// smtpd_proxy_filter: what comes in has no queue id yet, and comes back on 10025.
		more: handedBack('postfix/smtpd'),
	},
	Zimbra: {
		over465: { tag: 'postfix/smtps/smtpd' },
		over587: { tag: 'postfix/submission/smtpd' },
		more: (day) => handedBack('postfix/dkimmilter/smtpd')(day) + handedBack('postfix/amavisd/smtpd')(day),
	},
	'Mail-in-a-Box': {
		over465: { tag: 'postfix/submission/smtpd', tlsLogged: true },
		over587: { tag: 'postfix/submission/smtpd', tlsLogged: true },
		more: NOTHING,
	},
};

const knock = (day: string) =>
	`${day}T07:00:00+00:00 mx postfix/submission/smtpd[601]: disconnect from unknown[203.0.113.9] ehlo=2 starttls=1 quit=1 commands=4\n`;

function logOf(name: string, used: boolean): string {
	const sample = SAMPLES[name];
	if (sample === undefined) return '';
	return DAYS.map((day) =>
		[
			session({ day, tag: 'postfix/smtpd', pid: 26, client: '198.51.100.9', account: null, tls: 'starttls', time: '08:00:00' }),
			knock(day),
			queueManagerLine(day),
			session({ day, pid: 500, account: 'alice@example.org', tls: 'implicit', time: '09:00:00', ...sample.over465 }),
			sample.more(day),
			used ? session({ day, pid: 600, client: '192.0.2.8', account: 'bob@example.org', tls: 'starttls', ...sample.over587 }) : '',
		].join(''),
	).join('');
}

describe.each(Object.keys(SAMPLES))('%s', (name) => {
	it('587 is in use', async () => {
		const counts = await countLog([logOf(name, true)]);
		expect(judgeUsage(counts, 30, TODAY).answer).toBe('no');
		expect(counts.accounts.map((user) => user.name)).toEqual(['bob@example.org']);
	});

	it('587 is not in use', async () => {
		const counts = await countLog([logOf(name, false)]);
		expect(judgeUsage(counts, 30, TODAY)).toMatchObject({ answer: 'yes' });
	});

	it('what is special of it is told', async () => {
		const counts = await countLog([logOf(name, true)]);
		const recognised = recognisedDistributions(counts).map((each) => each.name);
		const isTold = DISTRIBUTIONS.find((each) => each.name === name)?.service !== null;
		expect(recognised).toEqual(isTold ? [name] : []);
		expect(distributionSteps(counts)).toContainEqual(expect.stringMatching(isTold ? `^This is ${name}\\.` : `^If this is ${name}:`));
	});
});

it('Modoboa’s filter before the queue: a submission without a queue id', async () => {
	const text = logOf('Modoboa', true).replaceAll(/4F2A0258/g, 'NOQUEUE');
	expect(text).toContain('NOQUEUE: client=');
	const counts = await countLog([text]);
	expect([judgeUsage(counts, 30, TODAY).answer, counts.submission.starttls]).toEqual(['no', 46]);
});

it('Mailu: that nginx’s log is wanted', async () => {
	const counts = await countLog([
		`${TODAY}T10:00:00+00:00 mail postfix/smtpd[9]: 4F2A9911: client=front[192.0.2.7], sasl_method=XCLIENT, sasl_username=alice@example.org\n`,
	]);
	expect(distributionSteps(counts)).toEqual([expect.stringMatching(/^This is Mailu\. .*front/)]);
});

it('each has an advice of its own', () => {
	expect(new Set(DISTRIBUTIONS.map(({ onTheDay }) => onTheDay)).size).toBe(7);
});
