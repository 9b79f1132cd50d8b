/** Whatever lies in a folder of records: it is read, or each thing that is wrong is named with its file. Nothing throws. */
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readRecordFolder, recordDigest } from '../../../src/cli/workspace/record-folder.ts';
import { fixtureText } from '../../support/fixture-records.ts';

type Entry = readonly [name: string, make: (path: string) => Promise<unknown>];

const record = fixtureText('minimal');

const content = fc.oneof(
	fc.constantFrom(
		record,
		'',
		'null',
		'{}',
		'[]',
		'{"kind": "alias", "of": "example.org"}',
		'kind: alias\nof: example.org\n',
		`<<<<<<< HEAD\n${record}=======\n{}\n>>>>>>> theirs\n`,
		'&a [*a, *a]',
		'{"kind": "domain", "kind": "domain"}',
		record.replace('{', '{"__proto__": {"kind": "alias"},'),
		'"\\ud800"',
		'!!js/function x',
	),
	fc.string({ unit: 'binary', maxLength: 40 }),
);

const bytes = fc.uint8Array({ maxLength: 40 });

const name = fc.oneof(
	fc.constantFrom(
		'example.org.json',
		'EXAMPLE.org.yaml',
		'münchen.example.json',
		'xn--mnchen-3ya.example.yml',
		'*.example.org.json',
		'notes.json',
		'.signpost.json',
		'.hidden.json',
		'README.md',
		'.json',
		'a..example.json',
		`${'a'.repeat(64)}.example.json`,
	),
	fc.stringMatching(/^[a-z0-9.*@ -]{1,20}$/).map((text) => `${text}.json`),
);

const entry: fc.Arbitrary<Entry> = fc.oneof(
	{ weight: 4, arbitrary: fc.tuple(name, content).map(([each, text]): Entry => [each, (path) => writeFile(path, text)]) },
	fc.tuple(name, bytes).map(([each, data]): Entry => [each, (path) => writeFile(path, data)]),
	name.map((each): Entry => [each, (path) => mkdir(path)]),
	fc
		.tuple(name, fc.constantFrom('gone.json', '.', '..', 'example.org.json', '/dev/null', '/dev/zero'))
		.map(([each, target]): Entry => [each, (path) => symlink(target, path)]),
	// A sparse file: it has the length, and takes no room.
	fc
		.tuple(name, fc.constantFrom(300_000, 3_000_000_000))
		.map(([each, length]): Entry => [each, (path) => writeFile(path, '').then(() => truncate(path, length))]),
);

it('a folder is read, or what is wrong is named', { timeout: 120_000 }, async () => {
	let [read, refused] = [0, 0];
	await fc.assert(
		fc.asyncProperty(fc.uniqueArray(entry, { maxLength: 5, selector: ([each]) => each }), async (entries) => {
			const folder = await mkdtemp(join(tmpdir(), 'signpost-folder-'));
			try {
				// A link to itself, or two names that the file system takes for one, cannot be made.
				for (const [each, make] of entries) await make(join(folder, each)).catch(() => undefined);
				const result = await readRecordFolder(folder);
				if (result.ok) {
					read += 1;
					for (const [domain, { record: one, digest }] of result.value.files) {
						expect(domain).toBe(domain.toLowerCase());
						expect(recordDigest(one)).toBe(digest);
					}
				} else {
					refused += 1;
					expect(result.error.message).toContain(folder);
					expect(result.error.message).not.toMatch(/\n\s+at /);
				}
			} finally {
				await rm(folder, { recursive: true });
			}
		}),
		{ numRuns: 120 },
	);
	expect([read > 5, refused > 20]).toEqual([true, true]);
});

it.each([
	['<<<<<<< HEAD\nkind: domain\n=======\nkind: alias\n>>>>>>> theirs\n', 'has the marks that git leaves where it could not merge'],
	['', 'the record must be an object'],
	['null', 'the record must be an object'],
	['"text"', 'the record must be an object'],
	['[]', 'kind is missing'],
	['{"kind": "x"}', 'kind must be "domain" or "alias"'],
])('says of %j what is wrong with it', async (text, reason) => {
	const folder = await mkdtemp(join(tmpdir(), 'signpost-folder-'));
	try {
		await writeFile(join(folder, 'a.example.json'), text);
		const result = await readRecordFolder(folder);
		expect(result.ok ? '' : result.error.message).toContain(`${join(folder, 'a.example.json')}`);
		expect(result.ok ? '' : result.error.message).toContain(reason);
	} finally {
		await rm(folder, { recursive: true });
	}
});

it('reads only the files that are asked for: the faults of others do not count', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'signpost-folder-'));
	try {
		await writeFile(join(folder, 'a.example.json'), record);
		await writeFile(join(folder, 'b.example.json'), '{');
		const result = await readRecordFolder(folder, (domain) => domain === 'a.example');
		expect(result.ok && [...result.value.files.keys()]).toEqual(['a.example']);
	} finally {
		await rm(folder, { recursive: true });
	}
});
