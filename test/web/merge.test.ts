import { assert, constant, dictionary, jsonValue, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { same, valueAt, withValue } from '../../src/web/console/json.ts';
import { changesBetween, merge, settle } from '../../src/web/console/merge.ts';

const BASE = {
	kind: 'domain',
	provider: { name: 'Example' },
	services: { imap: { host: 'imap.example.org' }, submission: { host: 'smtp.example.org', starttls: 587 } },
};

const edit = (path: string, value: unknown, record: unknown = BASE) => withValue(record, path.split('.'), value);

describe('two edits of one record', () => {
	const clean: readonly (readonly [string, unknown, unknown, unknown])[] = [
		['the same edit twice', edit('provider.name', 'A'), edit('provider.name', 'A'), edit('provider.name', 'A')],
		['only mine', edit('provider.name', 'A'), BASE, edit('provider.name', 'A')],
		['only theirs', BASE, edit('provider.name', 'A'), edit('provider.name', 'A')],
		[
			'different fields of one service',
			edit('services.submission.host', 'out.example.org'),
			edit('services.submission.starttls', null),
			edit('services.submission.starttls', null, edit('services.submission.host', 'out.example.org')),
		],
		[
			'a service each',
			edit('services.pop3', { host: 'pop.example.org' }),
			edit('services.sieve', { host: 'sieve.example.org' }),
			edit('services.sieve', { host: 'sieve.example.org' }, edit('services.pop3', { host: 'pop.example.org' })),
		],
		[
			'one takes out, one changes elsewhere',
			edit('services.imap', undefined),
			edit('provider.name', 'A'),
			edit('provider.name', 'A', edit('services.imap', undefined)),
		],
	];
	it.each(clean)('goes together: %s', (_, mine, theirs, expected) => {
		const { merged, collisions } = merge(BASE, mine, theirs);
		expect(collisions).toEqual([]);
		expect(merged).toEqual(expected);
	});

	const colliding: readonly (readonly [string, unknown, unknown, readonly string[]])[] = [
		['one field, two values', edit('provider.name', 'A'), edit('provider.name', 'B'), ['provider.name']],
		['changed here, taken out there', edit('services.imap.host', 'a.example.org'), edit('services.imap', undefined), ['services.imap']],
		[
			'a port here, none there',
			edit('services.submission.starttls', { port: 587, until: '2027-01-01' }),
			edit('services.submission.starttls', null),
			['services.submission.starttls'],
		],
		['a domain here, an alias there', edit('provider.name', 'A'), { kind: 'alias', of: 'example.com' }, ['']],
		['deleted there', edit('provider.name', 'A'), null, ['']],
		['lists are one value', edit('mtaSts.mx', ['a', 'b']), edit('mtaSts.mx', ['a', 'c']), ['mtaSts.mx']],
	];
	it.each(colliding)('collides: %s', (_, mine, theirs, paths) => {
		const { collisions } = merge(BASE, mine, theirs);
		expect(collisions.map(({ path }) => path.join('.'))).toEqual(paths);
	});

	it('is settled place by place', () => {
		const merged = merge(
			BASE,
			edit('services.imap.host', 'mine.example.org', edit('provider.name', 'Mine')),
			edit('services.imap.host', 'theirs.example.org', edit('provider.name', 'Theirs')),
		);
		expect(merged.collisions.map(({ path }) => path.join('.'))).toEqual(['provider.name', 'services.imap.host']);
		const settled = settle(merged, ['theirs', 'mine']);
		expect(valueAt(settled, ['provider', 'name'])).toBe('Theirs');
		expect(valueAt(settled, ['services', 'imap', 'host'])).toBe('mine.example.org');
	});
});

describe('for whatever JSON', () => {
	const json = oneof(
		jsonValue({ maxDepth: 3 }),
		dictionary(
			string({ maxLength: 2 }).filter((key) => key !== '__proto__'),
			jsonValue({ maxDepth: 2 }),
		),
		constant({ kind: 'domain' }),
	).filter((value) => !JSON.stringify(value).includes('__proto__'));

	it('who changed nothing gets the other side, and no collision', () => {
		assert(
			property(json, json, (base, theirs) => {
				const { merged, collisions } = merge(base, base, theirs);
				expect(collisions).toEqual([]);
				expect(same(merged ?? null, theirs)).toBe(true);
			}),
		);
	});

	it('both ways round collide in the same places, and settle to the same', () => {
		assert(
			property(json, json, json, (base, one, other) => {
				const [forth, back] = [merge(base, one, other), merge(base, other, one)];
				const paths = (found: typeof forth) => found.collisions.map(({ path }) => JSON.stringify(path)).toSorted();
				expect(paths(back)).toEqual(paths(forth));
				const mine = settle(
					forth,
					forth.collisions.map(() => 'mine'),
				);
				const same_ = settle(
					back,
					back.collisions.map(() => 'theirs'),
				);
				expect(same(mine, same_)).toBe(true);
			}),
		);
	});

	it('changes, applied to what was, give what is', () => {
		assert(
			property(json, json, (before, after) => {
				const redone = changesBetween(before, after).reduce<unknown>(
					(value, { path, after: next }) => withValue(value, path, next),
					before,
				);
				expect(same(redone, after)).toBe(true);
			}),
		);
	});
});
