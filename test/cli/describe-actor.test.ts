import { expect, it } from 'vitest';
import { describeActor } from '../../src/cli/describe-actor.ts';

it.each([
	['operator', 'operator', null, 'operator'],
	['ada@example.net', 'person', null, 'ada@example.net (person)'],
	['deployment', 'token', '4f2a', 'deployment (token 4f2a)'],
	['deployment', undefined, '4f2a', 'deployment (token 4f2a)'],
	['owner of a.example', 'owner', '9c1d', 'owner of a.example (owner 9c1d)'],
] as const)('%s, %s, %s: %s', (who, kind, token, text) => {
	expect(describeActor(who, kind, token)).toBe(text);
});
