import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DnsView, DomainView } from '../../../../src/contract/views.ts';
import { type DnsResult, describeNoTasks, overviewTasks } from '../../../../src/web/console/overview/overview-tasks.ts';

const VIEW: DomainView = {
	domain: 'example.org',
	revision: 1,
	state: 'live',
	copy: 'current',
	record: { kind: 'domain', provider: { name: 'Example' }, services: {} },
	latest: null,
	outside: null,
	warnings: [],
	dns: [],
};

const STATES = ['present', 'missing', 'different', 'addresses', 'unknown'] as const;

function dnsView(states: readonly (typeof STATES)[number][], leftover = 0): DnsView {
	return {
		domain: 'example.org',
		site: null,
		records: states.map((state, at) => ({
			protocol: 'srv',
			name: `n${at}.example.org`,
			ttl: 60,
			type: 'TXT',
			data: '""',
			state,
			found: [],
		})),
		leftover: Array.from({ length: leftover }, (_, at) => ({ name: `o${at}.example.org`, type: 'TXT', ttl: 60, data: '""' })),
		theirs: [],
		unlooked: [],
	};
}

const tasksOf = (view: DomainView, dns: DnsResult, hasDraft = false) => overviewTasks(view, dns, true, hasDraft, '2026-11-28');

describe('what a domain needs', () => {
	it('says that nothing is left to do only where every record was compared and is right', () => {
		fc.assert(
			fc.property(fc.array(fc.constantFrom(...STATES), { maxLength: 8 }), fc.nat(2), (states, leftover) => {
				const dns = dnsView(states, leftover);
				const isDone = states.every((state) => state === 'present') && leftover === 0;
				const claims = tasksOf(VIEW, dns).length === 0 && describeNoTasks(dns).startsWith('Nothing to do');
				expect(claims).toBe(isDone);
			}),
		);
	});

	it.each(['loading', 'failed'] as const)('claims nothing of DNS while the answer is %s', (dns) => {
		expect(tasksOf(VIEW, dns)).toEqual([]);
		expect(describeNoTasks(dns)).not.toContain('Nothing to do');
	});

	it('names every warning, and puts an edit by hand before all else', () => {
		const warnings = [{ code: 'long-name', path: 'provider.name', text: 'The name is long.' }];
		const tasks = tasksOf({ ...VIEW, copy: 'edited-outside', warnings }, dnsView(['missing', 'different', 'different'], 1), true);
		expect(tasks.map(({ page }) => page)).toEqual(['record', 'record', 'dns', 'dns', 'dns', 'record']);
		expect(tasks.map(({ text }) => text)).toContain('2 DNS records have other values.');
	});

	it('says that a record is missing in KV, whoever removed it', () => {
		const [first] = tasksOf({ ...VIEW, copy: 'edited-outside', outside: { text: null } }, dnsView([], 0), true);
		expect(first?.text).toContain('missing in KV');
	});

	it.each([
		['absent', 'record'],
		['deleted', 'history'],
	] as const)('leads on from a domain that is %s', (state, page) => {
		expect(tasksOf({ ...VIEW, state, record: null }, 'none')[0]).toMatchObject({ page });
	});
});
