/** Looking up an alias, for every state that its record and its target can be in. */
import { describe, expect, it } from 'vitest';
import { aliasTargetKey, type FoundRecord, resolveAlias } from '../../src/model/lookup.ts';
import type { Domain } from '../../src/model/names.ts';
import { type DomainRecord, parseRecord, type ServiceRecord } from '../../src/model/record.ts';

const DOMAIN = 'alias.example' as Domain;

function checked(input: object): ServiceRecord {
	const parsed = parseRecord(input);
	if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
	return parsed.value;
}

const SETTINGS = checked({
	kind: 'domain',
	provider: { name: 'Example' },
	services: { imap: { host: 'imap.example.org' } },
}) as DomainRecord;
const ALIAS: FoundRecord = { key: 'record:alias.example', record: checked({ kind: 'alias', of: 'example.org' }) };
const TARGET: FoundRecord = { key: 'record:example.org', record: SETTINGS };

describe('the record that a domain gets', () => {
	it('is its own, whatever else there is', () => {
		const own = { key: 'record:alias.example', record: SETTINGS };
		const resolved = { domain: DOMAIN, key: own.key, foundUnder: own.key, record: SETTINGS };
		expect(resolveAlias(DOMAIN, own, null)).toEqual({ ok: true, value: resolved });
		expect(resolveAlias(DOMAIN, own, TARGET)).toEqual({ ok: true, value: resolved });
		expect(aliasTargetKey(SETTINGS)).toBeNull();
	});

	it('is the target’s where it has an alias', () => {
		expect(aliasTargetKey(ALIAS.record)).toBe(TARGET.key);
		const resolved = { domain: DOMAIN, key: TARGET.key, foundUnder: ALIAS.key, record: SETTINGS };
		expect(resolveAlias(DOMAIN, ALIAS, TARGET)).toEqual({ ok: true, value: resolved });
	});

	it('keeps what both promised before', () => {
		const here = [{ until: 1, record: SETTINGS }];
		const there = [{ until: 2, record: SETTINGS }];
		const resolved = resolveAlias(DOMAIN, { ...ALIAS, superseded: here }, { ...TARGET, superseded: there });
		expect(resolved).toMatchObject({ ok: true, value: { superseded: [...here, ...there] } });
	});

	it.each([
		['no record', null, 'names a domain that has no record'],
		['another alias', { ...ALIAS, key: TARGET.key }, 'names another alias'],
	])('is none where the target is %s; the fault is the alias’s', (_, target, reason) => {
		expect(resolveAlias(DOMAIN, ALIAS, target)).toEqual({ ok: false, error: { code: 'bad-record', key: ALIAS.key, path: 'of', reason } });
	});
});
