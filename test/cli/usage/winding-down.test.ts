/** The plan for ending 587, and the sums that may be published. */
import { describe, expect, it } from 'vitest';
import { judgeUsage } from '../../../src/cli/usage/evidence/usage-verdict.ts';
import { shareableSums } from '../../../src/cli/usage/plan/shared-sums.ts';
import { planWindingDown, renderWindingDown } from '../../../src/cli/usage/plan/winding-down.ts';
import { session } from './random-logs.ts';
import { countLog, lastDays, sampleLog, TODAY } from './sample-logs.ts';

const UNTIL = '2027-01-31';

const over587 = (account: string | null, client: string, pid: number) =>
	session({ day: TODAY, tag: 'postfix/submission/smtpd', pid, client, account, tls: 'starttls' });

const USED =
	sampleLog(30, () => 0) +
	over587('alice@example.org', '198.51.100.7', 1) +
	over587('scanner@example.org', '198.51.100.8', 2) +
	over587(null, '10.0.0.9', 3) +
	over587('webmail@example.org', '127.0.0.1', 4);

describe('the plan', () => {
	it('names who is left by kind, with a text for each', async () => {
		const { remaining, letters, dates } = planWindingDown(await countLog([USED]), { until: UNTIL, today: TODAY });
		const names = Object.fromEntries(
			Object.entries(remaining).map(([kind, users]) => [kind, users.map(({ name }: { name: string }) => name)]),
		);
		expect(names).toEqual({
			people: ['alice@example.org', 'webmail@example.org'],
			machines: ['scanner@example.org', '10.0.0.9'],
			server: ['127.0.0.1'],
		});
		expect(letters.map(({ to }) => to)).toEqual(['people', 'machines', 'server']);
		expect(letters.every(({ text }) => text.includes(dates.close) && text.includes('465'))).toBe(true);
		expect(dates).toEqual({ announce: TODAY, remind: '2027-01-24', until: UNTIL, close: '2027-03-02' });
	});

	it('says what changes, whom it cuts off, and whether anybody knocks', async () => {
		const counts = await countLog([USED]);
		const plan = planWindingDown(counts, { until: UNTIL, today: TODAY });
		const text = renderWindingDown(plan, judgeUsage(counts, 30, TODAY));
		for (const word of ['SRV 0 0 0 .', 'nft add rule', 'master.cf', 'postfix reload', 'Claws Mail', 'aerc', `last knocked at on ${TODAY}`])
			expect(text).toContain(word);
	});

	it('afterwards: nobody knocks any more', async () => {
		const { knocks } = planWindingDown(await countLog([sampleLog(40, (_, ago) => (ago === 39 ? 1 : 0))]), { until: TODAY, today: TODAY });
		expect(knocks).toMatch(/^Nobody knocks any more: .* 2026-10-16/);
	});
});

describe('what may be published', () => {
	const busy = lastDays(21)
		.map((day) =>
			sampleLog(
				1,
				() => 18,
				(each) => `${each}T12:00:00Z`,
				day,
			),
		)
		.join('');

	it('shares per whole week, and no name, address, host or number', async () => {
		const sums = shareableSums(await countLog([busy]));
		expect(sums.weeks.length).toBe(2);
		for (const { week, implicit, starttls, unknown, magnitude } of sums.weeks) {
			expect(new Date(week).getUTCDay()).toBe(1);
			expect(implicit + starttls + unknown).toBeCloseTo(100, 0);
			expect(magnitude).toBe(100);
		}
		expect(JSON.stringify(sums)).not.toMatch(/example|192\.0|mx|user/);
	});

	it('nothing of a week in which a share would tell of single persons', async () => {
		expect(shareableSums(await countLog([sampleLog(21, () => 1)])).weeks).toEqual([]);
	});
});
