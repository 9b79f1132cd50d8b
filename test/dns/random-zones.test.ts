/**
 * Random zones with records of others of every kind: the change takes out nothing that is not ours, and after it nothing is left to change.
 * ZONE_RUNS says how many zones; .ci/run asks for ten thousand.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { answersAt, drawZone, isOurs, lawful, OUTSIDE, randomZone, SITE } from '../support/random-zones.ts';
import { compareModel, createZoneModel, updateScript } from '../support/zone-model.ts';

const RUNS = Number(process.env.ZONE_RUNS ?? 300);

it('nothing that is not ours is taken out, and the second comparison is empty', async () => {
	await fc.assert(
		fc.asyncProperty(randomZone, async (choice) => {
			const { asking, hasApex, blind } = choice;
			const drawn = await drawZone(choice);
			const apex = hasApex ? [{ name: asking as string, type: 'MX', data: '10 mx.example.net.' }] : [];
			const zone = lawful([...OUTSIDE, ...apex, ...drawn.records]);
			const model = createZoneModel(zone, ({ name }) => blind.includes(name));
			const situation = { domain: asking, site: SITE.host, expected: drawn.expected, promised: drawn.promised, answersAt, prune: false };
			const first = compareModel(model, situation);
			const removed = model.update(updateScript(asking, first));
			for (const record of removed) expect({ record, isOurs: isOurs(record, zone, drawn) }).toMatchObject({ isOurs: true });
			const second = compareModel(model, situation);
			expect(second.changes).toEqual([]);
			// What could be changed says now what it should.
			const stuck = new Set([...second.blocked, ...second.unlooked].map(({ place }) => place.split(' ')[0]));
			for (const { name, state } of second.records) if (!stuck.has(name)) expect({ name, state }).toEqual({ name, state: 'present' });
		}),
		{ numRuns: RUNS },
	);
}, 600_000);
