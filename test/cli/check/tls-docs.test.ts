/** docs/tls.md agrees with the tables in the code. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { TLS_CLIENT_CLASSES } from '../../../src/cli/check/tls/client-classes.ts';
import { TLS_FINDING_CODES } from '../../../src/cli/check/tls/tls-finding-codes.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/tls.md'), 'utf8');

it.each(TLS_CLIENT_CLASSES)('has the row of $name', (client) => {
	const versions = client.versions.map((version) => version.replace(/^TLSv1$/, '1.0').replace('TLSv', '')).join(', ');
	const { name, keyExchanges, onBadCertificate, evidence, source } = client;
	expect(page).toContain(`| ${name} | ${versions} | ${keyExchanges.join(', ')} | ${onBadCertificate} | ${evidence} | ${source} |`);
});

it('names every finding', () => {
	const codes = Object.keys(TLS_FINDING_CODES).filter((code) => !code.startsWith('cert-'));
	expect(codes.filter((code) => !page.includes(`\`${code}\``) && code !== 'tls-broken-cipher')).toEqual([]);
});
