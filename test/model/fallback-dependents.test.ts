/** Who is cut off by the end of 587 is what the real clients did, as `npm run test:clients` recorded it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clientsCutOff, FALLBACK_DEPENDENTS } from '../../src/model/fallback-dependents.ts';

interface Outcome {
	readonly client: string;
	readonly record: string;
	readonly outgoing: string | null;
}

const { versions, outcomes }: { readonly versions: Readonly<Record<string, string>>; readonly outcomes: readonly Outcome[] } = JSON.parse(
	readFileSync(join(import.meta.dirname, '../real-clients/outcomes.json'), 'utf8'),
);

describe('the end of the fallback', () => {
	const run = FALLBACK_DEPENDENTS.filter(({ evidence }) => evidence.startsWith('run'));

	it.each(run.map((each) => [`${each.client} ${each.version}`, each] as const))('%s: as it was run', (_, { client, version, effect }) => {
		const id = client.toLowerCase().replace(' ', '-');
		expect(versions[id]?.startsWith(version)).toBe(true);
		const outcome = outcomes.find((each) => each.client === id && each.record === 'fallback ended');
		expect(outcome?.outgoing?.includes('465') === true ? 'nothing' : 'cut-off').toBe(effect);
	});

	it('has a row for every client that is run', () => {
		expect(run.map(({ client }) => client.toLowerCase().replace(' ', '-')).sort()).toEqual(Object.keys(versions).sort());
	});

	it('names those who are cut off', () => {
		expect(clientsCutOff()).toBe('Claws Mail 4.3 and aerc 0.20');
	});
});
