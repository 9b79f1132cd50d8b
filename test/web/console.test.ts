import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { consolePath, parseConsoleRoute } from '../../src/contract/console-routes.ts';
import { parseRecord, type ServiceRecord } from '../../src/model/record.ts';
import { recordWarnings } from '../../src/model/warnings.ts';
import { fieldMetadata } from '../../src/web/console/form/field-metadata.ts';
import { axisMaximum, computeUsageChart } from '../../src/web/console/pages/usage-series.ts';
import { type RecordStatus, recordStatuses } from '../../src/web/console/record/record-status.ts';

describe('where the console is', () => {
	it.each([
		['/admin', { page: 'domains', domain: '' }],
		['/admin/', { page: 'domains', domain: '' }],
		['/admin/domains/example.org', { page: 'domain', domain: 'example.org' }],
		['/admin/domains/*.example.org/dns', { page: 'dns', domain: '*.example.org' }],
		['/admin/domains/%2A/history', { page: 'history', domain: '*' }],
		['/admin/usage', { page: 'usage', domain: '' }],
	])('%s', (path, place) => expect(parseConsoleRoute(path)).toEqual(place));

	it.each(['/admin/api/session', '/admin/reference', '/admin/domains', '/admin/domains/a/b/c', '/admin/domains/%E0', '/', '/adminx'])(
		'%s is none of its pages',
		(path) => expect(parseConsoleRoute(path)).toBeNull(),
	);

	it('a path leads where it was made for', () => {
		for (const name of ['example.org', '*.example.org', '*'])
			for (const page of ['domain', 'dns', 'history'] as const)
				expect(parseConsoleRoute(consolePath(page, name))).toEqual({ page, domain: name });
	});
});

describe("the form's words", () => {
	it('are the schema’s, for every field there is', () => {
		const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../public/record.schema.json'), 'utf8'));
		const [domain] = schema.oneOf;
		const paths = schemaFieldPaths(domain, '').filter((path) => !['$schema', 'kind'].includes(path));
		expect(paths.length).toBeGreaterThan(40);
		// A field without a title would be called by its key.
		expect(paths.filter((path) => fieldMetadata(path).title === path.split('.').at(-1) && !path.startsWith('provider'))).toEqual([]);
		expect(fieldMetadata('services.submission.starttls.until').title).toBe('Offered until');
		expect(fieldMetadata('of').title).toBe('Served like');
		expect(fieldMetadata('no.such.field')).toEqual({ title: 'field', help: '' });
	});
});

interface JsonSchema {
	readonly properties?: Readonly<Record<string, JsonSchema>>;
}

function schemaFieldPaths({ properties = {} }: JsonSchema, path: string): readonly string[] {
	return Object.entries(properties).flatMap(([key, schema]) => {
		const here = path === '' ? key : `${path}.${key}`;
		return [...(schema.properties === undefined ? [here] : []), ...schemaFieldPaths(schema, here)];
	});
}

describe('how a record stands', () => {
	const TODAY = '2026-11-24';
	const live = (starttls: unknown = undefined) => {
		const submission = { host: 'smtp.example.org', ...(starttls === undefined ? {} : { starttls }) };
		const parsed = parseRecord({ kind: 'domain', provider: { name: 'E' }, services: { imap: { host: 'imap.example.org' }, submission } });
		if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
		return view(parsed.value);
	};
	const view = (record: ServiceRecord | null, more: object = {}) => ({
		state: record === null ? ('deleted' as const) : ('live' as const),
		copy: 'current' as const,
		outside: null,
		warnings: record === null ? [] : recordWarnings(record, TODAY),
		record,
		...more,
	});
	const codes: readonly (readonly [string, Parameters<typeof recordStatuses>[0], readonly RecordStatus['code'][]])[] = [
		['as it should be', live(), ['in-sync']],
		['a fallback that ends in a month', live({ port: 587, until: '2026-12-24' }), ['fallback-ends', 'in-sync']],
		['a fallback that ends in two', live({ port: 587, until: '2027-01-24' }), ['in-sync']],
		['a fallback that has ended', live({ port: 587, until: '2026-11-24' }), ['fallback-ends', 'in-sync']],
		['a warning', live(588), ['warnings', 'in-sync']],
		['just saved', { ...live(), copy: 'propagating' }, ['propagating']],
		['deleted', view(null), ['deleted']],
		['never saved', view(null, { state: 'absent' }), ['absent']],
		[
			'another record by hand',
			view(null, { state: 'absent', copy: 'edited-outside', outside: { text: '{"kind":"alias","of":"example.com"}' } }),
			['edited-outside'],
		],
		[
			'a copy with the mark by hand',
			{
				...live(),
				copy: 'edited-outside',
				outside: { text: '{"checked":1,"revision":9,"record":{"kind":"alias","of":"example.com"}}' },
			},
			['edited-outside'],
		],
		['nonsense by hand', { ...live(), copy: 'edited-outside', outside: { text: '{"kind":' } }, ['invalid']],
		['taken out by hand', { ...live(), copy: 'edited-outside', outside: { text: null } }, ['edited-outside']],
	];
	it.each(codes)('%s', (_, shown, expected) => expect(recordStatuses(shown, TODAY).map(({ code }) => code)).toEqual(expected));
});

describe('usage, drawn', () => {
	const usage = {
		from: '2026-11-24T00:00:00.000Z',
		to: '2026-11-24T03:00:00.000Z',
		step: 'hour' as const,
		source: 'counter' as const,
		rows: [
			{ at: '2026-11-24T00:00:00.000Z', protocol: 'autoconfig', client: 'thunderbird', outcome: 'ok', count: 5 },
			{ at: '2026-11-24T00:00:00.000Z', protocol: 'autoconfig', client: 'other', outcome: 'ok', count: 2 },
			{ at: '2026-11-24T02:00:00.000Z', protocol: 'pacc', client: 'other', outcome: 'not-offered', count: 9 },
			{ at: '2026-11-24T02:00:00.000Z', protocol: 'mta-sts', client: 'other', outcome: 'ok', count: 1 },
		],
	};

	it('has every step, and the largest first', () => {
		const { steps, series, maximum, total } = computeUsageChart(usage, 'protocol', 7);
		expect(steps.length).toBe(3);
		expect(series.map(({ name, counts }) => [name, ...counts])).toEqual([
			['pacc', 0, 0, 9],
			['autoconfig', 7, 0, 0],
			['mta-sts', 0, 0, 1],
		]);
		expect([maximum, total]).toEqual([10, 17]);
	});

	it('sums up what there is no colour for', () => {
		expect(computeUsageChart(usage, 'protocol', 2).series.map(({ name, total }) => [name, total])).toEqual([
			['pacc', 9],
			['others', 8],
		]);
	});

	it('counts nothing twice, whichever way it is cut', () => {
		for (const by of ['protocol', 'client', 'outcome'] as const) expect(computeUsageChart(usage, by, 2).total).toBe(17);
		expect(computeUsageChart({ ...usage, rows: [] }, 'client', 7)).toMatchObject({ series: [], maximum: 0, total: 0 });
	});

	it.each([
		[0, 1],
		[1, 1],
		[7, 10],
		[11, 20],
		[201, 500],
		[1000, 1000],
	])('%i fits under %i', (highest, top) => expect(axisMaximum(highest)).toBe(top));
});
