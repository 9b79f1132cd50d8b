/** The licences of every package in package-lock.json: the table of docs/security.md, and those that nobody has agreed to. */
import * as v from 'valibot';
import { renderTable } from './doc-tables.ts';

const LockFile = v.object({
	packages: v.record(v.string(), v.object({ license: v.optional(v.string(), 'unknown'), dev: v.optional(v.boolean(), false) })),
});

/** Licences (SPDX identifiers) that ask for nothing but to be named, or, as MPL-2.0, for nothing as long as the files are not changed. */
const AGREED_LICENCES: ReadonlySet<string> = new Set([
	'0BSD',
	'Apache-2.0',
	'BSD-2-Clause',
	'BSD-3-Clause',
	'BlueOak-1.0.0',
	'CC0-1.0',
	'ISC',
	'MIT',
	'MPL-2.0',
	'PSF-2.0',
	'Python-2.0',
	'Unlicense',
	'Zlib',
]);

/** Packages under another licence, and why they may stay. */
const EXCEPTIONS: readonly { readonly name: RegExp; readonly licence: string }[] = [
	// Image programs that wrangler brings for a feature that is not used here. They are run on their own, and are in nothing that is published.
	{ name: /^@img\/sharp-/, licence: 'LGPL-3.0-or-later' },
];

interface LicensedPackage {
	readonly name: string;
	readonly licence: string;
	/** Whether the package is needed for development alone. */
	readonly dev: boolean;
}

function parseLockFile(lockFile: string): readonly LicensedPackage[] {
	const { packages } = v.parse(LockFile, JSON.parse(lockFile));
	return Object.entries(packages).flatMap(([path, { license, dev }]) =>
		path === '' ? [] : [{ name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length), licence: license, dev }],
	);
}

/** Whether one of the alternatives of an SPDX expression has agreed licences only. */
function isAgreed({ name, licence }: LicensedPackage): boolean {
	const agreed = (word: string) =>
		AGREED_LICENCES.has(word) || EXCEPTIONS.some((exception) => exception.licence === word && exception.name.test(name));
	return licence
		.replace(/[()]/g, '')
		.split(' OR ')
		.some((alternative) => alternative.split(' AND ').every((word) => agreed(word.trim())));
}

/**
 * The packages whose licence nobody has agreed to, those without one among them.
 * @param lockFile text of package-lock.json
 */
export function disagreedLicences(lockFile: string): readonly string[] {
	return parseLockFile(lockFile).flatMap((each) => (isAgreed(each) ? [] : [`${each.name}: ${each.licence}`]));
}

/** @param lockFile text of package-lock.json */
export function renderLicenceTable(lockFile: string): string {
	const byLicence = new Map<string, { dev: number; other: number }>();
	for (const { licence, dev } of parseLockFile(lockFile)) {
		const counts = byLicence.get(licence) ?? { dev: 0, other: 0 };
		counts[dev ? 'dev' : 'other'] += 1;
		byLicence.set(licence, counts);
	}
	const rows = [...byLicence]
		.toSorted(([a], [b]) => (a < b ? -1 : 1))
		.map(([licence, { dev, other }]) => [licence, String(other), String(dev)]);
	return renderTable(['licence', 'packages to serve and deploy', 'packages for development alone'], rows);
}
