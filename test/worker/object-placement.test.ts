/** Which object a name stands for, by jurisdiction. The platform is made up: workerd has no jurisdictions. */
import { describe, expect, it } from 'vitest';
import { findMisplacement, type ObjectPlacement, placeObjects, placeObjectsOf } from '../../src/worker/object-placement.ts';

interface FakeNamespace {
	idFromName(name: string): DurableObjectId;
	idFromString(id: string): DurableObjectId;
	get(id: DurableObjectId, options?: { locationHint?: string }): string;
	jurisdiction(jurisdiction: string): FakeNamespace;
}

/** Names of objects as text: `NAME in JURISDICTION near HINT`. */
function createNamespace(jurisdiction: string | null): FakeNamespace {
	return {
		idFromName: (name) => ({ toString: () => `${name} in ${jurisdiction}`, equals: () => false }),
		idFromString: (id) => ({ toString: () => id, equals: () => false }),
		get: (id, options) => `${String(id)} near ${options?.locationHint ?? 'anybody'}`,
		jurisdiction: (other) => createNamespace(other),
	};
}

const ANYWHERE: ObjectPlacement = { jurisdiction: null, hint: null };
const open = (namespace: { idFromName(name: string): DurableObjectId; get(id: DurableObjectId): string }) =>
	namespace.get(namespace.idFromName('directory'));

describe('objects', () => {
	it('are where they always were, unless the settings say where', () => {
		expect(open(placeObjects(createNamespace(null), ANYWHERE))).toBe('directory in null near anybody');
		expect(open(placeObjects(createNamespace(null), { jurisdiction: 'eu', hint: 'weur' }))).toBe('directory in eu near weur');
	});

	it('do not keep a service from starting where the platform has no jurisdictions', () => {
		const workerd: FakeNamespace = {
			...createNamespace(null),
			jurisdiction() {
				throw new Error('not implemented');
			},
		};
		const placed = placeObjects(workerd, { jurisdiction: 'eu', hint: null });
		expect(() => open(placed)).toThrow('not implemented');
	});

	it('are not used where the settings name no jurisdiction that there is', () => {
		expect(() => open(placeObjects(createNamespace(null), { jurisdiction: 'unusable', hint: null }))).toThrow('DATA_JURISDICTION');
	});

	it('call others in their own jurisdiction alone', () => {
		const inEurope: ObjectPlacement = { jurisdiction: 'eu', hint: null };
		expect(open(placeObjectsOf('eu', createNamespace(null), inEurope))).toBe('directory in eu near anybody');
		expect(open(placeObjectsOf(undefined, createNamespace(null), ANYWHERE))).toBe('directory in null near anybody');
		for (const [own, placement] of [
			['eu', ANYWHERE],
			['us', inEurope],
			[undefined, inEurope],
		] as const)
			expect(() => open(placeObjectsOf(own, createNamespace(null), placement))).toThrow('DATA_JURISDICTION');
	});
});

describe('data', () => {
	it.each([
		['nobody-knows', 'eu', null],
		['eu', 'eu', null],
		[null, null, null],
		['eu', null, 'The data are in jurisdiction eu, and DATA_JURISDICTION says none: set it back.'],
		[null, 'eu', 'The data are in jurisdiction none, and DATA_JURISDICTION says eu: set it back.'],
	] as const)('that are in %s while the settings say %s', (known, jurisdiction, expected) => {
		const found = findMisplacement(known, { jurisdiction, hint: null });
		if (expected === null) expect(found).toBeNull();
		else expect(found).toContain(expected);
	});
});
