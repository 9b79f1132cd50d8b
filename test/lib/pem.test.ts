import { describe, expect, it } from 'vitest';
import { parsePem } from '../../src/lib/pem.ts';

const block = (label: string, body = 'AAEC', end = label) => `-----BEGIN ${label}-----\n${body}\n-----END ${end}-----\n`;

describe('PEM', () => {
	it('is read block by block, and what stands around the blocks is ignored', () => {
		const blocks = parsePem(`subject: a name\n${block('CERTIFICATE')}between\n${block('EC PRIVATE KEY', 'AwQF')}`);
		expect(blocks?.map(({ label, der }) => [label, ...der])).toEqual([
			['CERTIFICATE', 0, 1, 2],
			['EC PRIVATE KEY', 3, 4, 5],
		]);
	});

	it.each([
		['an end of another kind', block('CERTIFICATE', 'AAEC', 'PRIVATE KEY')],
		['no end', '-----BEGIN CERTIFICATE-----\nAAEC\n'],
		['a block cut short before a whole one', `-----BEGIN CERTIFICATE-----\nAAEC\n${block('CERTIFICATE')}`],
		['headers', block('RSA PRIVATE KEY', 'Proc-Type: 4,ENCRYPTED\n\nAAEC')],
		['what is not base64', block('CERTIFICATE', 'AAE')],
	])('with %s is refused as a whole', (_, text) => expect(parsePem(text)).toBeNull());
});
