/** What `wrangler.toml` must say, because code cannot. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';

const config = parse(readFileSync(join(import.meta.dirname, '../../wrangler.toml'), 'utf8'));

describe('wrangler.toml', () => {
	it('keeps the platform from storing requests: their URLs have the addresses of people', () => {
		// With `enabled` alone, Cloudflare stores method and URL of every request for seven days, and the documentation says that no address is logged.
		expect(config.observability).toEqual({ enabled: true, logs: { invocation_logs: false } });
		expect(config).not.toHaveProperty('logpush');
		expect(config).not.toHaveProperty('tail_consumers');
	});

	it('does not switch on the cache in front of the Worker, which does not tell hosts apart', () => {
		expect(config).not.toHaveProperty('cache');
	});
});
