import { describe, expect, it } from 'vitest';
import { actorKind, isReservedName } from '../../src/contract/acts.ts';
import { claimHolderName } from '../../src/store/ports/claims.ts';

describe('the kind of whoever has done something', () => {
	it.each([
		['operator', null, 'operator'],
		// The first release let a token be called so.
		['operator', '0f7c', 'token'],
		['owner of a.example', '0f7c', 'token'],
		['deploy', '0f7c', 'token'],
		[claimHolderName('a.example'), null, 'owner'],
		['ada@a.example', null, 'person'],
	] as const)('%s with token %s', (who, token, kind) => {
		expect(actorKind(who, token)).toBe(kind);
	});

	it('cannot be imitated by a name', () => {
		for (const name of ['operator', 'OPERATOR', 'nobody', claimHolderName('a.example')]) expect(isReservedName(name)).toBe(true);
		for (const name of ['operator@a.example', 'operators', 'ada@a.example', 'deploy']) expect(isReservedName(name), name).toBe(false);
	});
});
