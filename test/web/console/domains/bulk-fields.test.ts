import { describe, expect, it } from 'vitest';
import { applyMergePatch } from '../../../../src/lib/json/merge-patch.ts';
import { BULK_FIELDS, FALLBACK_CHOICES, fallbackPatch, textPatch } from '../../../../src/web/console/domains/bulk-fields.ts';

const OTHER_PARTS = {
	kind: 'domain',
	provider: { name: 'A', help: 'https://example.org/' },
	services: { imap: { host: 'imap.example.org' } },
};

describe('the patch of a bulk edit', () => {
	it.each(BULK_FIELDS.map(({ path }) => path))('%s is set and removed, and nothing else changes', (path) => {
		const set = applyMergePatch({ ...OTHER_PARTS, marker: 1 }, textPatch(path, 'new'));
		expect(set).toMatchObject({ kind: 'domain', marker: 1 });
		expect(path.split('.').reduce<unknown>((value, key) => Reflect.get(Object(value), key), set)).toBe('new');
		const removed = applyMergePatch(set, textPatch(path, ''));
		expect(JSON.stringify(removed)).not.toContain('"new"');
	});

	it.each(FALLBACK_CHOICES.map(([choice]) => choice))('a fallback with an end becomes one that is offered %s', (choice) => {
		const before = { services: { submission: { host: 'smtp.example.org', starttls: { port: 587, until: '2027-01-01' } } } };
		const after = applyMergePatch(before, fallbackPatch(choice, '2027-06-30'));
		const starttls = { until: { port: 587, until: '2027-06-30' }, always: 587, none: false }[choice];
		expect(after).toEqual({ services: { submission: { host: 'smtp.example.org', starttls } } });
	});
});
