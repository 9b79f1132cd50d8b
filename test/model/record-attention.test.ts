import { expect, it } from 'vitest';
import { parseRecord } from '../../src/model/record.ts';
import { recordAttention } from '../../src/model/record-attention.ts';

it.each(['2026-11-23', '2026-12-24', '2027-12-24'])('a fallback that ends on %s is a day in the list and no warning', (until) => {
	const parsed = parseRecord({
		kind: 'domain',
		provider: { name: 'Example Mail' },
		services: { imap: { host: 'imap.example.com' }, submission: { host: 'smtp.example.com', starttls: { port: 587, until } } },
	});
	if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
	expect(recordAttention(parsed.value, '2026-11-24')).toEqual({ warnings: 0, fallbackEnds: until });
});
