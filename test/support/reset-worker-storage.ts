import { reset } from 'cloudflare:test';
import { beforeAll, beforeEach } from 'vitest';

// The parts of the Worker that are loaded when they are needed are loaded before the first test. In these tests, unlike on Cloudflare,
// loading is I/O of the request that began it, and another request that waited for the same part would hang.
beforeAll(async () => {
	await Promise.all([
		import('../../src/worker/admin-entry.ts'),
		import('../../src/worker/hostname-objects.ts'),
		import('../../src/worker/webhook-objects.ts'),
		import('../../src/http/setup/setup-handlers.ts'),
		import('../../src/lib/signing-identity.ts'),
	]);
});

// Each test begins with empty stores. Twice, because on a busy machine a token of the test before was once still there after one reset: an
// alarm may start an object while its storage is being deleted, and after the first reset there are no more alarms.
beforeEach(async () => {
	await reset();
	await reset();
});
