/**
 * Random zones that are brought up to date step by step, and broken off after each: at every moment clients find the old or the new, an
 * alias stands beside nothing, a changed MTA-STS id comes after its policy, and what was there goes only when what replaces it is known.
 * ZONE_RUNS says how many zones.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectedRecords } from '../../src/dns/expected.ts';
import { bind } from '../../src/dns/formats/bind.ts';
import { givenRecords } from '../../src/dns/given-records.ts';
import { planPublication } from '../../src/dns/publish/publish-plan.ts';
import { resolveConfig } from '../../src/model/config.ts';
import { fixtureNames, NOW, resolvedFixture } from '../support/fixture-records.ts';
import { domain } from '../support/valid-names.ts';
import { compareModel, createZoneModel, toZoneRecord, type ZoneRecord } from '../support/zone-model.ts';

const RUNS = Number(process.env.ZONE_RUNS ?? 300);
const SITE = { host: domain('signpost.example.net'), names: 'all' as const };
const DOMAIN = domain('example.org');
const FIXTURES = fixtureNames().filter((name) => name !== 'alias' && resolvedFixture(name).record.kind === 'domain');

async function wantedOf(name: string) {
	const { record } = resolvedFixture(name, DOMAIN);
	const config = resolveConfig(record, DOMAIN, { kind: 'domain', domain: DOMAIN }, NOW);
	if (!config.ok) throw new Error(name);
	const expected = await expectedRecords(config.value, SITE, []);
	const promised = await givenRecords([record], DOMAIN, SITE, NOW);
	return { expected, promised, records: expected.flatMap(({ records }) => records) };
}

const WANTED = new Map(await Promise.all(FIXTURES.map(async (name) => [name, await wantedOf(name)] as const)));

const OTHERS: readonly ZoneRecord[] = [
	{ name: 'autoconfig.example.org', type: 'A', data: '192.0.2.80' },
	{ name: 'autoconfig.example.org', type: 'AAAA', data: '2001:db8::80' },
	{ name: 'autodiscover.example.org', type: 'CNAME', data: 'autodiscover.outlook.com.' },
	{ name: '_imaps._tcp.example.org', type: 'SRV', data: '0 1 993 old.example.com.' },
	{ name: '_mta-sts.example.org', type: 'TXT', data: '"v=STSv1; id=00112233445566778899;"' },
	{ name: '_ua-auto-config.example.org', type: 'TXT', data: '"hello"' },
	{ name: 'www.example.org', type: 'A', data: '192.0.2.80' },
];

it('every prefix of a plan leaves a zone that works, and the whole of it leaves nothing to do', () =>
	fc.assert(
		fc.property(
			fc.constantFrom(...FIXTURES),
			fc.constantFrom(...FIXTURES),
			fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
			fc.subarray([...OTHERS]),
			(before, after, coins, others) => {
				const [old, wanted] = [WANTED.get(before), WANTED.get(after)];
				if (old === undefined || wanted === undefined) throw new Error('no such fixture');
				const otherNames = new Set(others.map(({ name }) => name));
				// Some of the old record's zone, and others' records in the place of some of it.
				const initial = [
					...old.records.filter((record, at) => coins[at % coins.length] === true && !otherNames.has(record.name)).map(toZoneRecord),
					...others,
				];
				const model = createZoneModel(initial);
				const situation = {
					domain: DOMAIN,
					site: SITE.host,
					expected: wanted.expected,
					promised: [...old.promised, ...wanted.promised],
					// Who answers at the old host is known: another.
					answersAt: () => 'elsewhere' as const,
					prune: false,
				};
				const comparison = compareModel(model, situation);
				const { steps } = planPublication(DOMAIN, comparison.changes, 300);
				const flat = steps.flatMap(({ changes }) => changes);
				const count = (list: typeof flat) =>
					list.reduce((sum, { add, remove, removeIfPresent }) => sum + add.length + remove.length + removeIfPresent.length, 0);
				expect(count(flat)).toBe(count([...comparison.changes]));
				const conditions = steps.map(({ condition }) => condition);
				expect(conditions).toEqual([...conditions].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b)));

				let policyIsServed = false;
				let cachesAreExpired = false;
				for (const { condition, changes } of steps) {
					if (condition === 'policy-served') policyIsServed = true;
					if (condition === 'caches-expired') cachesAreExpired = true;
					const here = new Set(model.records.map(lineOf));
					model.update(bind.renderChange({ domain: DOMAIN, origin: DOMAIN }, changes).text);
					const now = model.records;
					for (const { name, type } of now) if (type === 'CNAME') expect(now.filter((record) => record.name === name)).toHaveLength(1);
					// A policy's id is new only when the policy is served.
					const newId = now.find(({ name, data }) => name === `_mta-sts.${DOMAIN}` && !here.has(lineOf({ name, type: 'TXT', data })));
					if (newId !== undefined) expect(policyIsServed).toBe(true);
					// Until resolvers have forgotten, every name and type that had an answer has one, if only a better one.
					if (!cachesAreExpired)
						for (const line of here) {
							const [name] = line.split(' ');
							expect(now.some((record) => record.name === name)).toBe(true);
						}
					// What goes, goes only when everything that is to be there is.
					if (condition === 'caches-expired') {
						const present = new Set(now.map(lineOf));
						const added = comparison.changes.flatMap(({ add }) => add.map(toZoneRecord)).filter(({ data }) => !data.endsWith(' .'));
						expect(added.filter((record) => !present.has(lineOf(record)))).toEqual([]);
					}
				}
				expect(compareModel(model, situation).changes).toEqual([]);
			},
		),
		{ numRuns: RUNS },
	));

const ORDER = ['nothing', 'policy-served', 'caches-expired'];

function lineOf({ name, type, data }: ZoneRecord): string {
	return `${name} ${type} ${data}`;
}

it('the digest of a new PACC document is there before the old one goes', () => {
	const live = { name: '_ua-auto-config.example.org', type: 'TXT', data: '"v=UAAC1; a=sha256; d=b2xk"', ttl: 7200 };
	const add = [{ type: 'TXT' as const, name: live.name, text: 'v=UAAC1; a=sha256; d=bmV3' }];
	const plan = planPublication(DOMAIN, [{ name: live.name, type: 'TXT', keep: [], remove: [live], removeIfPresent: [], add }], 300);
	expect(plan.cacheSeconds).toBe(7200);
	expect(
		plan.steps.map(({ condition, changes: [change] }) => [condition, change?.add.length, change?.remove.length, change?.keep.length]),
	).toEqual([
		['nothing', 1, 0, 1],
		['caches-expired', 0, 1, 1],
	]);
});

it('the host of an MTA-STS policy goes after the text that leads to it', () => {
	const gone = (name: string, type: string, data: string) => ({
		name,
		type,
		keep: [],
		remove: [{ name, type, data, ttl: 3600 }],
		removeIfPresent: [],
		add: [],
	});
	const { steps } = planPublication(
		DOMAIN,
		[
			gone('mta-sts.example.org', 'CNAME', 'signpost.example.net.'),
			gone('_mta-sts.example.org', 'TXT', '"v=STSv1; id=1"'),
			gone('autoconfig.example.org', 'CNAME', 'signpost.example.net.'),
		],
		300,
	);
	expect(steps.map(({ changes }) => changes.map(({ name }) => name))).toEqual([
		['_mta-sts.example.org', 'autoconfig.example.org'],
		['mta-sts.example.org'],
	]);
});
