/** What the runtime loads before it answers a mail client: no more than the answer needs. */
import { expect, it } from 'vitest';
import { measureClientPart } from '../support/client-part.ts';

it('is small, and has nothing of the admin, of signing or of the set-up page in it', async () => {
	const { gzipBytes, files } = await measureClientPart();
	expect(files).toContain('src/protocols/autoconfig.ts');
	// Two files of the admin have the settings that are checked at the start.
	const settings = ['src/admin/analytics-engine.ts', 'src/admin/auth/access-roles.ts'];
	const isLater = (file: string) => /^src\/(admin|http\/setup)\/|hono\/dist\/jsx|asn1js|node_modules\/qr\//.test(file);
	expect(files.filter((file) => isLater(file) && !settings.includes(file))).toEqual([]);
	expect(gzipBytes).toBeLessThan(81_000);
});
