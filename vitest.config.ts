import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

// The Worker's tests run in workerd, through the real entry point, with real KV. What they keep between requests is switched off, so that
// a test sees what it has just written; the tests of the short memory itself make their own.
const worker = cloudflareTest({
	wrangler: { configPath: './wrangler.toml' },
	miniflare: { bindings: { KEEP_SECONDS: '0' } },
});

export default defineConfig({
	test: {
		// The Worker's log lines are shown where a test fails, and asserted where they matter.
		silent: 'passed-only',
		projects: [
			{
				test: { name: 'pure', include: ['test/{lib,model,protocols,dns,clients,cli}/**/*.test.ts', 'test/*.test.ts'], testTimeout: 20_000 },
			},
			{
				plugins: [worker],
				// As in tsconfig.json, which Vite reads for the files it includes only.
				oxc: { jsx: { runtime: 'automatic', importSource: 'hono/jsx' } },
				test: {
					name: 'worker',
					include: ['test/{http,store,admin}/**/*.test.ts'],
					globalSetup: ['test/web-assets.ts'],
					setupFiles: ['test/worker-setup.ts'],
					isolate: false,
					fileParallelism: false,
				},
			},
			{
				test: {
					name: 'browser',
					include: ['test/browser/**/*.test.ts'],
					globalSetup: ['test/browser/service.ts'],
					testTimeout: 120_000,
					hookTimeout: 120_000,
					fileParallelism: false,
				},
			},
			{
				test: {
					name: 'conformance',
					include: ['test/conformance/**/*.test.ts'],
					globalSetup: ['test/conformance/service.ts'],
					testTimeout: 30_000,
					hookTimeout: 60_000,
				},
			},
		],
	},
});
