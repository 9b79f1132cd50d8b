/** The pages' files are built while a service serves them: `npm start` builds them, in a checkout where another one may run. */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildWebInto } from '../../src/tools/web-assets.ts';

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'signpost-assets-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('builds what is missing, replaces what is different, removes what is left over, and touches nothing else', async () => {
	await buildWebInto(folder);
	const names = await readdir(folder);
	expect(names).toEqual(expect.arrayContaining(['console.css', 'console.js', 'icon.svg', 'setup.css', 'setup.js']));
	const inodes = new Map<string, number>();
	for (const name of names) inodes.set(name, (await stat(join(folder, name))).ino);
	const setup = await readFile(join(folder, 'setup.js'), 'utf8');
	await writeFile(join(folder, 'setup.js'), 'of an earlier release');
	await writeFile(join(folder, 'chunk-OLD.js'), '');
	await buildWebInto(folder);
	expect(await readdir(folder)).toEqual(names);
	expect(await readFile(join(folder, 'setup.js'), 'utf8')).toBe(setup);
	for (const name of names) if (name !== 'setup.js') expect([name, (await stat(join(folder, name))).ino]).toEqual([name, inodes.get(name)]);
});

it('has every file, whole, at any moment of another build', async () => {
	await buildWebInto(folder);
	const files = new Map<string, string>();
	for (const name of await readdir(folder)) files.set(name, await readFile(join(folder, name), 'utf8'));
	let isBuilding = true;
	const building = Promise.all([buildWebInto(folder), buildWebInto(folder)]).finally(() => {
		isBuilding = false;
	});
	let looks = 0;
	for (; isBuilding; looks += 1) for (const [name, text] of files) expect(await readFile(join(folder, name), 'utf8')).toBe(text);
	await building;
	expect(looks).toBeGreaterThan(0);
});
