import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mergeConfig, writeDeploymentConfig } from '../../../src/cli/cloudflare/deployment-config.ts';

describe('laying settings over a configuration', () => {
	it('merges tables by key, lists of bindings by the binding, and replaces everything else', () => {
		const base = {
			name: 'signpost',
			vars: { ZONE: 'on', SERVICE_HOST: '' },
			kv_namespaces: [{ binding: 'RECORDS' }],
			ratelimits: [{ name: 'LOGIN_LIMIT', namespace_id: '1001' }],
			routes: [{ pattern: 'old.example.net' }],
		};
		const own = {
			vars: { SERVICE_HOST: 'signpost.example.net' },
			kv_namespaces: [{ binding: 'RECORDS', id: 'abc' }],
			ratelimits: [{ name: 'OTHER', namespace_id: '1003' }],
			routes: [{ pattern: '*/*', zone_name: 'example.net' }],
		};
		expect(mergeConfig(base, own)).toEqual({
			name: 'signpost',
			vars: { ZONE: 'on', SERVICE_HOST: 'signpost.example.net' },
			kv_namespaces: [{ binding: 'RECORDS', id: 'abc' }],
			ratelimits: [
				{ name: 'LOGIN_LIMIT', namespace_id: '1001' },
				{ name: 'OTHER', namespace_id: '1003' },
			],
			routes: [{ pattern: '*/*', zone_name: 'example.net' }],
		});
	});

	it('changes nothing where nothing is laid over it', () => {
		const base = { vars: { ZONE: 'on' }, kv_namespaces: [{ binding: 'RECORDS' }] };
		expect(mergeConfig(base, {})).toEqual(base);
	});
});

describe('the file for wrangler', () => {
	let folder: string;
	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'signpost-config-'));
		await writeFile(join(folder, 'wrangler.toml'), 'name = "signpost"\n[vars]\nZONE = "on"\n');
	});
	afterEach(() => rm(folder, { recursive: true }));

	it('is wrangler.toml itself where the operator has no settings', async () => {
		expect(await writeDeploymentConfig(folder, null)).toEqual({ ok: true, value: join(folder, 'wrangler.toml') });
	});

	it('has the settings of wrangler.local.toml', async () => {
		await writeFile(join(folder, 'wrangler.local.toml'), '[vars]\nSERVICE_HOST = "signpost.example.net"\n');
		const file = await writeDeploymentConfig(folder, null);
		expect(file.ok && JSON.parse(await readFile(file.value, 'utf8'))).toEqual({
			name: 'signpost',
			vars: { ZONE: 'on', SERVICE_HOST: 'signpost.example.net' },
		});
	});

	it.each([
		['a file that is not there', 'wrangler.staging.toml', null, /is not there/],
		['a file that is not TOML', 'wrangler.staging.toml', 'name = ', /is not TOML/],
	])('refuses %s by name', async (_, name, text, message) => {
		if (text !== null) await writeFile(join(folder, name), text);
		const file = await writeDeploymentConfig(folder, name);
		expect(!file.ok && file.error.message).toMatch(message);
	});
});
