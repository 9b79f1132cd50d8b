/** The keepers' contract without Cloudflare: in Node, over `node:sqlite`. */
import type { LogCode } from '../../src/lib/log.ts';
import { describeKeepers } from '../store/contract/keeper-contract.ts';
import { createTestClock } from '../store/contract/platform-under-test.ts';
import { openNodeSqlite } from './node-sqlite-platform.ts';

describeKeepers(async (test) => {
	const { sql, alarm, readAlarm, close } = openNodeSqlite(':memory:');
	const clock = createTestClock(Date.UTC(2026, 10, 28));
	const logged: LogCode[] = [];
	const log = (code: LogCode) => void logged.push(code);
	try {
		await test({ platform: { sql, alarm, clock, log }, advance: clock.advance, readAlarm: async () => readAlarm(), logged });
	} finally {
		close();
	}
});
