/** The whole contract of the keepers, to be run on every platform. */
import { describe } from 'vitest';
import { describeCheckKeeper } from './check-keeper-contract.ts';
import { describeDirectoryKeeper } from './directory-keeper-contract.ts';
import { describeFirstRelease } from './first-release-contract.ts';
import { describeHostnameKeeper } from './hostname-keeper-contract.ts';
import { describeImportKeeper } from './import-keeper-contract.ts';
import { describePlatform } from './platform-contract.ts';
import type { RunOnPlatform } from './platform-under-test.ts';
import { describeRecordKeeper } from './record-keeper-contract.ts';
import { describeRecovery } from './recovery-contract.ts';
import { describeSaveBatches } from './save-batches-contract.ts';
import { describeTokenKeeper } from './token-keeper-contract.ts';
import { describeUsageKeeper } from './usage-keeper-contract.ts';
import { describeWebhookKeeper } from './webhook-keeper-contract.ts';
import { describeWildcardList } from './wildcard-list-contract.ts';

export function describeKeepers(run: RunOnPlatform): void {
	describe('the platform', () => describePlatform(run));
	describe('the keeper of a record', () => describeRecordKeeper(run));
	describe('the results of checks', () => describeCheckKeeper(run));
	describe('the directory', () => describeDirectoryKeeper(run));
	describe('a batch of saves', () => describeSaveBatches(run));
	describe('the keeper of imported records', () => describeImportKeeper(run));
	describe('the list of wildcards', () => describeWildcardList(run));
	describe('what the first release wrote', () => describeFirstRelease(run));
	describe('recovery', () => describeRecovery(run));
	describe('a token', () => describeTokenKeeper(run));
	describe('the custom hostnames', () => describeHostnameKeeper(run));
	describe('the webhooks', () => describeWebhookKeeper(run));
	describe('the embedded counter', () => describeUsageKeeper(run));
}
