import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

// The Worker's tests run in workerd, through the real entry point, with real KV. What they keep between requests is switched off, so that
// a test sees what it has just written; the tests of the short memory itself make their own.
const worker = cloudflareTest({
	wrangler: { configPath: './wrangler.toml' },
	miniflare: {
		bindings: {
			KEEP_SECONDS: '0',
			ADMIN_HOST: 'admin.signpost.example',
			ADMIN_TOKEN: 'operator-token-of-the-tests-0123456789',
			SELF_SERVICE: 'on',
			ACCESS_TEAM: 'https://team.cloudflareaccess.com',
			ACCESS_AUD: 'aud',
			ACCESS_ROLES: JSON.stringify({
				operators: ['ops@example.net'],
				people: [
					{ who: 'ada@own.example', role: 'write', domains: ['own.example'] },
					{ who: 'group:readers', role: 'read', domains: ['own.example'] },
				],
			}),
			// Counts under way would reach into the next test; the tests of the counter make their own.
			USAGE_SECONDS: '0',
			PROFILE_SIGNING_STORE: 'on',
		},
	},
});

// As in tsconfig.json, which Vite reads for the files it includes only.
const jsx = { jsx: { runtime: 'automatic', importSource: 'hono/jsx' } } as const;

export default defineConfig({
	test: {
		// The Worker's log lines are shown where a test fails, and asserted where they matter.
		silent: 'passed-only',
		// Some tests measure time and some start services, browsers and name servers: those run after one another (`groupOrder`).
		projects: [
			{
				oxc: jsx,
				test: {
					name: 'pure',
					include: ['test/{lib,model,protocols,contract,dns,clients,web}/**/*.test.ts', 'test/*.test.ts'],
					testTimeout: 20_000,
				},
			},
			{
				// Real servers: npm run test:servers.
				test: {
					name: 'servers',
					include: ['test/servers/**/*.test.ts'],
					testTimeout: 120_000,
					hookTimeout: 120_000,
					fileParallelism: false,
					sequence: { groupOrder: 5 },
				},
			},
			{
				// The command-line tool: real sockets and real processes.
				test: {
					name: 'cli',
					include: ['test/{cli,tools}/**/*.test.ts'],
					testTimeout: 30_000,
					hookTimeout: 60_000,
					maxConcurrency: 16,
					sequence: { groupOrder: 4 },
				},
			},
			{
				plugins: [worker],
				oxc: jsx,
				test: {
					name: 'worker',
					include: ['test/{http,store,admin}/**/*.test.ts'],
					globalSetup: ['test/support/build-web-assets.ts'],
					setupFiles: ['test/support/reset-worker-storage.ts'],
					isolate: false,
					fileParallelism: false,
				},
			},
			{
				test: {
					name: 'admin-e2e',
					sequence: { groupOrder: 2 },
					include: ['test/admin-e2e/**/*.test.ts'],
					testTimeout: 180_000,
					hookTimeout: 180_000,
					fileParallelism: false,
				},
			},
			{
				test: {
					name: 'browser',
					sequence: { groupOrder: 3 },
					include: ['test/browser/**/*.test.ts'],
					globalSetup: ['test/browser/browser-service.ts'],
					testTimeout: 120_000,
					hookTimeout: 120_000,
					fileParallelism: false,
				},
			},
			{
				// The commands of README.md and docs/, each page in a shell and a copy of the checkout of its own.
				test: {
					name: 'docs',
					sequence: { groupOrder: 6 },
					include: ['test/docs/**/*.test.ts'],
					testTimeout: 240_000,
					fileParallelism: false,
				},
			},
			{
				test: {
					name: 'conformance',
					sequence: { groupOrder: 1 },
					include: ['test/conformance/**/*.test.ts'],
					globalSetup: ['test/conformance/global-setup.ts'],
					testTimeout: 30_000,
					hookTimeout: 60_000,
				},
			},
		],
	},
});
