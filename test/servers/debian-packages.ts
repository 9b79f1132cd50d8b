/** Programs of Debian's packages that cannot be installed beside others, run from a folder into which they are unpacked. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Unpacks a package, and what it needs and this machine lacks, into the folder `root`. Nothing is installed.
 *
 * @param program the file that must be there then, from the root
 * @returns why it could not; null where it did
 */
export function unpackPackage(folder: string, name: string, program: string): string | null {
	const [packages, root] = [join(folder, 'deb'), join(folder, 'root')];
	mkdirSync(packages, { recursive: true });
	const apt = (args: readonly string[]) =>
		spawnSync('apt-get', ['-qq', ...args], { cwd: packages, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' }, timeout: 120_000 });
	const planned = apt(['install', '--simulate', '--no-install-recommends', name]);
	const missing = [...(planned.stdout ?? '').matchAll(/^Inst (\S+)/gm)].map(([, each = '']) => each);
	const fetched = apt(['download', ...new Set([name, ...missing])]);
	if (fetched.status !== 0) return `the package ${name} cannot be had: ${fetched.error?.message ?? fetched.stderr}`;
	for (const file of readdirSync(packages)) spawnSync('dpkg', ['-x', join(packages, file), root]);
	return existsSync(join(root, program)) ? null : `the package ${name} has no ${program}`;
}
