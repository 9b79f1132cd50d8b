import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DomainCheckView } from '../../../../src/contract/checks/check-results.ts';
import type { DnsView, DomainView } from '../../../../src/contract/views.ts';
import type { CheckResult } from '../../../../src/web/console/overview/check-summary.ts';
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

const NOW = Date.parse('2026-11-28T12:00:00Z');

/** A domain that was never checked, which most are. */
const UNCHECKED: DomainCheckView = { domain: 'example.org', overall: null, areas: [] };

const tasksOf = (view: DomainView, dns: DnsResult, hasDraft = false, check: CheckResult = UNCHECKED) =>
	overviewTasks(view, dns, check, true, hasDraft, NOW);

describe('what a domain needs', () => {
	it('says that nothing is left to do only where every record was compared and is right', () => {
		fc.assert(
			fc.property(fc.array(fc.constantFrom(...STATES), { maxLength: 8 }), fc.nat(2), (states, leftover) => {
				const dns = dnsView(states, leftover);
				const isDone = states.every((state) => state === 'present') && leftover === 0;
				const claims = tasksOf(VIEW, dns).length === 0 && describeNoTasks(dns, UNCHECKED).startsWith('Nothing to do');
				expect(claims).toBe(isDone);
			}),
		);
	});

	it.each(['loading', 'failed'] as const)('claims nothing of DNS while the answer is %s', (dns) => {
		expect(tasksOf(VIEW, dns)).toEqual([]);
		expect(describeNoTasks(dns, UNCHECKED)).not.toContain('Nothing to do');
	});

	it.each(['loading', 'failed'] as const)('claims nothing of the last check while the answer is %s', (check) => {
		expect(tasksOf(VIEW, dnsView(['present']), false, check)).toEqual([]);
		expect(describeNoTasks(dnsView(['present']), check)).not.toContain('Nothing to do');
	});

	it('says of the mail servers that nothing is known where no check was sent', () => {
		expect(describeNoTasks(dnsView(['present']), UNCHECKED)).toBe(
			'Nothing to do: the record is published and so is all of its DNS. Nothing is known of the mail servers: no check was sent.',
		);
	});

	it('puts what a check found behind DNS, and what it could not tell behind all else', () => {
		const found = (severity: 'error' | 'warning') => ({ severity, code: 'x', place: 'p', wanted: 'w', found: 'f', advice: 'a' });
		const area = (name: 'dns' | 'http' | 'mail', findings: readonly ReturnType<typeof found>[], unknowns = 0) => ({
			area: name,
			looked: 1,
			findings: [...findings],
			furtherFindings: 0,
			unknowns: [],
			furtherUnknowns: unknowns,
			grade: null,
			at: '2026-11-28T06:00:00.000Z',
			by: 'operator',
			kind: 'operator' as const,
			isCurrentRecord: true,
		});
		const areas = [area('dns', [found('warning')]), area('http', [], 1), area('mail', [found('error')])];
		const warnings = [{ code: 'long-name', path: 'provider.name', text: 'The name is long.' }];
		const tasks = tasksOf({ ...VIEW, warnings }, dnsView(['missing']), false, { ...UNCHECKED, areas });
		expect(tasks.map(({ tone, page }) => `${tone} ${page}`)).toEqual(['bad dns', 'bad check', 'warn check', 'warn record', 'plain check']);
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
