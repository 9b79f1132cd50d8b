import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';
import { staticImports } from './test/support/static-imports.ts';

// Hundreds of tests start the tool or the service as a process of its own. Node keeps what it has compiled of their sources, which halves the
// time that each start takes; what has changed is compiled again.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/compiled-by-node');

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

// The tests of the Worker have no environment: the seed is handed to all of them in the same way.
const propertySeed = process.env.PROPERTY_SEED === undefined ? null : Number(process.env.PROPERTY_SEED);
const seeded = { setupFiles: ['test/support/property-seed.ts'], provide: { propertySeed } };

/** Tests that take minutes, or start services and browsers beside those of npm test, by the end of their names: `npm run test:slow`. */
const SLOW = '**/*.slow.test.ts';

// Each file starts services of its own. One at a time: of two `wrangler dev` that start at once, one has ended without a word.
const e2e = { testTimeout: 180_000, hookTimeout: 180_000, fileParallelism: false };

const browser = {
	globalSetup: ['test/browser/browser-service.ts'],
	testTimeout: 120_000,
	hookTimeout: 120_000,
	// All of them share one service.
	fileParallelism: false,
};

// Projects of one group run at the same time, and must have the same number of workers; the groups run one after another.
export default defineConfig({
	test: {
		// The Worker's log lines are shown where a test fails, and asserted where they matter.
		silent: 'passed-only',
		// The default, one less than there are cores, leaves one of two idle. Many tests wait for processes and sockets.
		maxWorkers: Math.max(2, availableParallelism() - 1),
		projects: [
			{
				oxc: jsx,
				test: {
					name: 'pure',
					...seeded,
					include: [
						'test/{lib,model,protocols,contract,hostnames,dns,clients,web,node,worker}/**/*.test.ts',
						'test/admin/importers/**/*.test.ts',
						'test/*.test.ts',
					],
					testTimeout: 120_000,
					sequence: { groupOrder: 1 },
				},
			},
			{
				// Real mail clients: npm run test:clients.
				test: { name: 'real-clients', include: ['test/real-clients/**/*.test.ts'], testTimeout: 120_000, sequence: { groupOrder: 10 } },
			},
			{
				// The command-line tool: real sockets and real processes.
				test: {
					name: 'cli',
					...seeded,
					include: ['test/{cli,tools}/**/*.test.ts'],
					exclude: [SLOW],
					testTimeout: 120_000,
					hookTimeout: 120_000,
					maxConcurrency: 16,
					sequence: { groupOrder: 1 },
				},
			},
			{
				plugins: [worker, staticImports(join(import.meta.dirname, 'src/'))],
				oxc: jsx,
				test: {
					name: 'worker',
					testTimeout: 120_000,
					include: ['test/{http,store,admin}/**/*.test.ts'],
					exclude: ['test/admin/importers/**'],
					globalSetup: ['test/support/build-web-assets.ts'],
					setupFiles: [...seeded.setupFiles, 'test/support/reset-worker-storage.ts'],
					// How many random requests test/http/fuzz.test.ts sends, and from which seed they are made.
					provide: {
						...seeded.provide,
						fuzzCases: Number(process.env.FUZZ_CASES ?? '500'),
						fuzzSeed: process.env.FUZZ_SEED === undefined ? propertySeed : Number(process.env.FUZZ_SEED),
					},
					// One workerd for all files of a core, with a store of its own.
					isolate: false,
					sequence: { groupOrder: 2 },
				},
			},
			{
				test: {
					name: 'conformance',
					include: ['test/conformance/**/*.test.ts'],
					exclude: [SLOW],
					globalSetup: ['test/conformance/global-setup.ts'],
					...e2e,
					sequence: { groupOrder: 3 },
				},
			},
			{
				test: { name: 'admin-e2e', include: ['test/admin-e2e/**/*.test.ts'], exclude: [SLOW], ...e2e, sequence: { groupOrder: 3 } },
			},
			{
				test: { name: 'browser', include: ['test/browser/**/*.test.ts'], exclude: [SLOW], ...browser, sequence: { groupOrder: 4 } },
			},
			{
				test: { name: 'cli-slow', include: [`test/cli/${SLOW}`], testTimeout: 120_000, hookTimeout: 120_000, sequence: { groupOrder: 9 } },
			},
			{
				test: { name: 'admin-e2e-slow', include: [`test/{admin-e2e,conformance}/${SLOW}`], ...e2e, sequence: { groupOrder: 5 } },
			},
			{
				// The browsers that Debian has: npm run test:servers.
				test: { name: 'other-browsers', include: ['test/other-browsers/**/*.test.ts'], ...browser, sequence: { groupOrder: 11 } },
			},
			{
				test: { name: 'browser-slow', include: [`test/browser/${SLOW}`], ...browser, sequence: { groupOrder: 6 } },
			},
			{
				// Servers that Debian has: npm run test:servers.
				test: {
					name: 'servers',
					...seeded,
					include: ['test/servers/**/*.test.ts'],
					testTimeout: 120_000,
					hookTimeout: 120_000,
					fileParallelism: false,
					sequence: { groupOrder: 7 },
				},
			},
			{
				// The commands of README.md and docs/, each page in a shell and a copy of the checkout of its own. They start services and build the
				// Worker, and so take minutes.
				test: {
					name: 'docs-slow',
					include: ['test/docs/**/*.test.ts'],
					testTimeout: 240_000,
					fileParallelism: false,
					sequence: { groupOrder: 8 },
				},
			},
		],
	},
});
