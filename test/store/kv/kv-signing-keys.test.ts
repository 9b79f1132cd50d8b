/** Which key signs the profiles of a domain, and how soon a new key is used. */
import { describe, expect, it } from 'vitest';
import type { Domain } from '../../../src/model/names.ts';
import { createKvSigningKeys } from '../../../src/store/kv/kv-signing-keys.ts';

const DOMAIN = 'example.org' as Domain;
const signingPair = (name: string) => ({ key: `${name} key`, chain: `${name} chain` });

/** A KV that counts its reads, and fails when a test says so. */
function fakeKv(values: Record<string, unknown>) {
	const kv = {
		values,
		reads: 0,
		down: false,
		async get(keys: string[]) {
			kv.reads += 1;
			if (kv.down) throw new Error('KV is down');
			return new Map(keys.map((key) => [key, key in kv.values ? JSON.stringify(kv.values[key]) : null]));
		},
		async list({ prefix }: { prefix: string }) {
			return {
				keys: Object.keys(kv.values)
					.filter((key) => key.startsWith(prefix))
					.map((name) => ({ name })),
			};
		},
	};
	return kv;
}

describe('whose it is', () => {
	const kv = () => fakeKv({ 'signing:*': signingPair('stored'), 'signing:example.org': signingPair('own') });

	it('the domain’s own comes first', async () => {
		expect(await createKvSigningKeys(signingPair('secret'), kv(), () => 0).find(DOMAIN)).toEqual({
			owner: 'example.org',
			...signingPair('own'),
		});
	});
	it('then the secrets', async () => {
		expect(await createKvSigningKeys(signingPair('secret'), kv(), () => 0).find('example.net' as Domain)).toEqual({
			owner: '*',
			...signingPair('secret'),
		});
	});
	it('then the service’s in KV', async () => {
		expect(await createKvSigningKeys(null, kv(), () => 0).find('example.net' as Domain)).toEqual({ owner: '*', ...signingPair('stored') });
	});
	it('else nobody’s', async () => {
		expect(await createKvSigningKeys(null, fakeKv({}), () => 0).find(DOMAIN)).toBeNull();
	});
	it('all are listed, once each', async () => {
		const owners = async (secret: boolean) =>
			(await createKvSigningKeys(secret ? signingPair('secret') : null, kv(), () => 0).list()).map(({ owner, key }) => [owner, key]);
		expect(await owners(true)).toEqual([
			['*', 'secret key'],
			['example.org', 'own key'],
		]);
		expect(await owners(false)).toEqual([
			['*', 'stored key'],
			['example.org', 'own key'],
		]);
	});
	it('a value that is no pair is one that cannot be read', async () => {
		expect(await createKvSigningKeys(null, fakeKv({ 'signing:*': ['x'] }), () => 0).find(DOMAIN)).toEqual({
			owner: '*',
			key: '',
			chain: '',
		});
	});
});

describe('how often KV is asked', () => {
	it('never where the operator keeps nothing there', async () => {
		expect(await createKvSigningKeys(null, null, () => 0).find(DOMAIN)).toBeNull();
	});
	it('once in five minutes; a renewed pair is seen after that, and nothing is remembered too', async () => {
		let now = 0;
		const kv = fakeKv({});
		const keys = createKvSigningKeys(null, kv, () => now);
		await keys.find(DOMAIN);
		kv.values['signing:example.org'] = signingPair('new');
		now = 299_999;
		expect(await keys.find(DOMAIN)).toBeNull();
		expect(kv.reads).toBe(1);
		now = 300_000;
		expect(await keys.find(DOMAIN)).toMatchObject(signingPair('new'));
	});
	it('an outage is bridged with the last that was seen', async () => {
		let now = 0;
		const kv = fakeKv({ 'signing:*': signingPair('stored') });
		const keys = createKvSigningKeys(null, kv, () => now);
		await keys.find(DOMAIN);
		[now, kv.down] = [600_000, true];
		expect(await keys.find(DOMAIN)).toMatchObject(signingPair('stored'));
		await expect(keys.find('example.net' as Domain)).rejects.toThrow('KV is down');
	});
});
