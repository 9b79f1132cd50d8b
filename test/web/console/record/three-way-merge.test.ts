import { assert, constant, dictionary, jsonValue, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffJson } from '../../../../src/lib/json/json-diff.ts';
import { getAtPath, isDeepEqual, setAtPath } from '../../../../src/lib/json/json-path.ts';
import { mergeRecords, resolveConflicts } from '../../../../src/web/console/record/three-way-merge.ts';

const BASE_RECORD = {
	kind: 'domain',
	provider: { name: 'Example' },
	services: { imap: { host: 'imap.example.org' }, submission: { host: 'smtp.example.org', starttls: 587 } },
};

const editRecord = (path: string, value: unknown, record: unknown = BASE_RECORD) => setAtPath(record, path.split('.'), value);

describe('two edits of one record', () => {
	const clean: readonly (readonly [string, unknown, unknown, unknown])[] = [
		['the same edit twice', editRecord('provider.name', 'A'), editRecord('provider.name', 'A'), editRecord('provider.name', 'A')],
		['only mine', editRecord('provider.name', 'A'), BASE_RECORD, editRecord('provider.name', 'A')],
		['only theirs', BASE_RECORD, editRecord('provider.name', 'A'), editRecord('provider.name', 'A')],
		[
			'different fields of one service',
			editRecord('services.submission.host', 'out.example.org'),
			editRecord('services.submission.starttls', null),
			editRecord('services.submission.starttls', null, editRecord('services.submission.host', 'out.example.org')),
		],
		[
			'a service each',
			editRecord('services.pop3', { host: 'pop.example.org' }),
			editRecord('services.sieve', { host: 'sieve.example.org' }),
			editRecord('services.sieve', { host: 'sieve.example.org' }, editRecord('services.pop3', { host: 'pop.example.org' })),
		],
		[
			'one takes out, one changes elsewhere',
			editRecord('services.imap', undefined),
			editRecord('provider.name', 'A'),
			editRecord('provider.name', 'A', editRecord('services.imap', undefined)),
		],
	];
	it.each(clean)('goes together: %s', (_, mine, theirs, expected) => {
		const { merged, conflicts } = mergeRecords(BASE_RECORD, mine, theirs);
		expect(conflicts).toEqual([]);
		expect(merged).toEqual(expected);
	});

	const colliding: readonly (readonly [string, unknown, unknown, readonly string[]])[] = [
		['one field, two values', editRecord('provider.name', 'A'), editRecord('provider.name', 'B'), ['provider.name']],
		[
			'changed here, taken out there',
			editRecord('services.imap.host', 'a.example.org'),
			editRecord('services.imap', undefined),
			['services.imap'],
		],
		[
			'a port here, none there',
			editRecord('services.submission.starttls', { port: 587, until: '2027-01-01' }),
			editRecord('services.submission.starttls', null),
			['services.submission.starttls'],
		],
		['a domain here, an alias there', editRecord('provider.name', 'A'), { kind: 'alias', of: 'example.com' }, ['']],
		['deleted there', editRecord('provider.name', 'A'), null, ['']],
		['lists are one value', editRecord('mtaSts.mx', ['a', 'b']), editRecord('mtaSts.mx', ['a', 'c']), ['mtaSts.mx']],
	];
	it.each(colliding)('collides: %s', (_, mine, theirs, paths) => {
		const { conflicts } = mergeRecords(BASE_RECORD, mine, theirs);
		expect(conflicts.map(({ path }) => path.join('.'))).toEqual(paths);
	});

	it('is settled place by place', () => {
		const merged = mergeRecords(
			BASE_RECORD,
			editRecord('services.imap.host', 'mine.example.org', editRecord('provider.name', 'Mine')),
			editRecord('services.imap.host', 'theirs.example.org', editRecord('provider.name', 'Theirs')),
		);
		expect(merged.conflicts.map(({ path }) => path.join('.'))).toEqual(['provider.name', 'services.imap.host']);
		const settled = resolveConflicts(merged, ['theirs', 'mine']);
		expect(getAtPath(settled, ['provider', 'name'])).toBe('Theirs');
		expect(getAtPath(settled, ['services', 'imap', 'host'])).toBe('mine.example.org');
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
				const { merged, conflicts } = mergeRecords(base, base, theirs);
				expect(conflicts).toEqual([]);
				expect(isDeepEqual(merged ?? null, theirs)).toBe(true);
			}),
		);
	});

	it('both ways round collide in the same places, and settle to the same', () => {
		assert(
			property(json, json, json, (base, one, other) => {
				const [forth, back] = [mergeRecords(base, one, other), mergeRecords(base, other, one)];
				const paths = (found: typeof forth) => found.conflicts.map(({ path }) => JSON.stringify(path)).toSorted();
				expect(paths(back)).toEqual(paths(forth));
				const mine = resolveConflicts(
					forth,
					forth.conflicts.map(() => 'mine'),
				);
				const same_ = resolveConflicts(
					back,
					back.conflicts.map(() => 'theirs'),
				);
				expect(isDeepEqual(mine, same_)).toBe(true);
			}),
		);
	});

	it('changes, applied to what was, give what is', () => {
		assert(
			property(json, json, (before, after) => {
				const redone = diffJson(before, after).reduce<unknown>((value, { path, after: next }) => setAtPath(value, path, next), before);
				expect(isDeepEqual(redone, after)).toBe(true);
			}),
		);
	});
});
