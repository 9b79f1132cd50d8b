/** Looking up an alias, for every state that its record and its target can be in. */
import { describe, expect, it } from 'vitest';
import { aliasTargetKey, badFieldProblem, type FoundRecord, type LookupResult, resolveAlias } from '../../src/model/lookup.ts';
import type { Domain } from '../../src/model/names.ts';
import {
	ALIAS_OVERRIDES,
	ALIAS_WITHOUT_CHOICES,
	type AliasRecord,
	type DomainRecord,
	parseRecord,
	type ServiceRecord,
} from '../../src/model/record.ts';

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
		expect(resolved).toMatchObject({ ok: true, value: { superseded: [...there, ...here] } });
	});

	it.each([
		['no record', null, 'names a domain that has no record'],
		['another alias', { ...ALIAS, key: TARGET.key }, 'names another alias'],
	])('is none where the target is %s; the fault is the alias’s', (_, target, reason) => {
		expect(resolveAlias(DOMAIN, ALIAS, target)).toEqual({ ok: false, error: { code: 'bad-record', key: ALIAS.key, path: 'of', reason } });
	});
});

describe('an alias with fields of its own', () => {
	const own = {
		provider: { name: 'Customer' },
		login: '%EMAILLOCALPART%',
		loginDomain: 'u-label',
		autodiscover: { redirectUrl: 'https://a.example/' },
		names: 'none',
	};
	const policies = { mtaSts: { mode: 'testing', mx: ['mx.example.org'] }, tlsRpt: { rua: ['mailto:a@example.org'] } };
	const alias = checked({ kind: 'alias', of: 'example.org', ...own, ...policies }) as AliasRecord;
	const found: FoundRecord = { key: ALIAS.key, record: alias };

	it('is served with them, and with the rest of its target', () => {
		const resolved = resolveAlias(DOMAIN, found, TARGET);
		expect(resolved).toMatchObject({
			ok: true,
			value: { key: TARGET.key, foundUnder: ALIAS.key, overrides: ALIAS_OVERRIDES, record: { ...SETTINGS, ...own, ...policies } },
		});
		expect(resolved.ok ? Object.keys(resolved.value.record) : []).not.toContain('of');
		expect(parseRecord(resolved.ok ? resolved.value.record : null)).toMatchObject({ ok: true });
	});

	it.each(ALIAS_OVERRIDES.map((field) => [field] as const))('may have %s alone', (field) => {
		const one = { kind: 'alias', of: 'example.org', [field]: alias[field] };
		const record = checked(one);
		expect(resolveAlias(DOMAIN, { key: ALIAS.key, record }, TARGET)).toMatchObject({
			ok: true,
			value: { overrides: [field], record: { ...SETTINGS, [field]: alias[field] } },
		});
	});

	it.each(ALIAS_WITHOUT_CHOICES.map((field) => [field] as const))('may do without %s', (field) => {
		const shared = checked({ ...SETTINGS, ...own, ...policies }) as DomainRecord;
		const record = checked({ kind: 'alias', of: 'example.org', without: [field] });
		const { [field]: _, ...left } = shared;
		const resolved = resolveAlias(DOMAIN, { key: ALIAS.key, record }, { ...TARGET, record: shared });
		expect(resolved).toEqual({
			ok: true,
			value: { domain: DOMAIN, key: TARGET.key, foundUnder: ALIAS.key, record: left, overrides: [field] },
		});
		expect(resolved.ok ? Object.keys(resolved.value.record) : []).not.toContain('without');
		// What the target does not have either is no loss.
		expect(resolveAlias(DOMAIN, { key: ALIAS.key, record }, TARGET)).toMatchObject({ ok: true, value: { record: SETTINGS } });
	});

	it.each([
		[{ without: ['tlsRpt'], ...policies }, 'without', /tlsRpt/],
		[{ without: ['mtaSts', 'mtaSts'] }, 'without', /repeat/],
		[{ without: ['services'] }, 'without.0', /must be "login"/],
		[{ without: [] }, 'without', /at least one/],
	])('is refused with %j', (fields, path, reason) => {
		const parsed = parseRecord({ kind: 'alias', of: 'example.org', ...fields });
		expect(parsed).toMatchObject({ ok: false, error: [{ path, reason: expect.stringMatching(reason) }] });
	});

	it('gives the same object as long as both records are the same, as the cache of answers needs', () => {
		const record = (of: FoundRecord, target: FoundRecord) => {
			const resolved = resolveAlias(DOMAIN, of, target);
			return resolved.ok ? resolved.value.record : null;
		};
		expect(record(found, TARGET)).toBe(record(found, TARGET));
		expect(record(found, TARGET)).not.toBe(record(found, { ...TARGET, record: { ...SETTINGS } }));
		expect(record(found, TARGET)).not.toBe(record({ ...found, record: { ...alias } }, TARGET));
		// Without fields of its own it is the target's.
		expect(record(ALIAS, TARGET)).toBe(SETTINGS);
	});

	it('blames the record in which the field stands', () => {
		const resolved = resolveAlias(DOMAIN, found, TARGET);
		if (!resolved.ok) throw new Error('not resolved');
		expect(badFieldProblem(resolved.value, { path: 'mtaSts.mx.0', reason: 'x' }).key).toBe(ALIAS.key);
		expect(badFieldProblem(resolved.value, { path: 'services.imap.host', reason: 'x' }).key).toBe(TARGET.key);
	});

	it('keeps every combination of which one part was replaced, until the first of them is over', () => {
		const [oldAlias, oldTarget] = [
			{ ...alias, login: 'old-%EMAILADDRESS%' },
			{ ...SETTINGS, services: {} },
		];
		const otherAlias = { ...alias, of: 'other.example' as Domain };
		const here = [
			{ until: 5, record: oldAlias },
			{ until: 4, record: otherAlias },
			{ until: 3, record: SETTINGS },
		];
		const resolved = resolveAlias(DOMAIN, { ...found, superseded: here }, { ...TARGET, superseded: [{ until: 2, record: oldTarget }] });
		expect(resolved.ok ? resolved.value.superseded : null).toEqual([
			{ until: 5, record: { ...SETTINGS, ...own, ...policiesOf(resolved), login: oldAlias.login } },
			{ until: 3, record: SETTINGS },
			{ until: 2, record: { ...oldTarget, ...own, ...policiesOf(resolved) } },
			{ until: 2, record: { ...oldTarget, ...own, ...policiesOf(resolved), login: oldAlias.login } },
		]);
	});

	function policiesOf(resolved: LookupResult) {
		return resolved.ok ? { mtaSts: resolved.value.record.mtaSts, tlsRpt: resolved.value.record.tlsRpt } : {};
	}
});
