import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { disagreedLicences } from '../../src/tools/licence-table.ts';

const lockOf = (name: string, license?: string) => JSON.stringify({ packages: { '': {}, [`node_modules/${name}`]: { license } } });

it('every package has a licence that was agreed to', () => {
	expect(disagreedLicences(readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8'))).toEqual([]);
});

it.each([
	['MIT', true],
	['(MIT OR GPL-3.0-only)', true],
	['MIT AND GPL-3.0-only', false],
	['GPL-3.0-only', false],
	['LGPL-3.0-or-later', false],
	[undefined, false],
] as const)('%s: agreed %s', (license, agreed) => {
	expect(disagreedLicences(lockOf('example', license))).toHaveLength(agreed ? 0 : 1);
});

it('an exception is for its packages alone', () => {
	expect(disagreedLicences(lockOf('@img/sharp-libvips-linux-x64', 'LGPL-3.0-or-later'))).toEqual([]);
});
