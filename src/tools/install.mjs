/**
 * `node src/tools/install.mjs serve|all`: installs what is missing, and says so before it begins. It runs before anything is installed, on
 * the Node of the machine, so it is plain JavaScript and needs nothing.
 *
 * `serve` is what the service needs to run and to be deployed; `all` is what its tests need as well, a browser among it. What is installed is
 * compared with the lock file by version, so that a checkout that is merely newer than node_modules installs nothing.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What npm downloads, unpacked, in megabytes: measured on Linux. */
const MEGABYTES = { serve: 450, all: 1200 };

/** @param {string} file @returns {Record<string, {version?: string, dev?: boolean, optional?: boolean, os?: string[], cpu?: string[], libc?: string[]}>} */
function readPackages(file) {
	try {
		return JSON.parse(readFileSync(file, 'utf8')).packages;
	} catch {
		// Nothing is installed yet, or npm was ended while it installed.
		return {};
	}
}

const wanted = process.argv[2] === 'all' ? 'all' : 'serve';
const installed = readPackages('node_modules/.package-lock.json');
const missing = Object.entries(readPackages('package-lock.json')).filter(
	([path, { version, dev, optional }]) =>
		// An optional package may be for another system, and a development package is not needed to serve.
		path !== '' && optional !== true && (wanted === 'all' || dev !== true) && installed[path]?.version !== version,
);
if (missing.length > 0) {
	// Whoever has the tests' packages already keeps them.
	const set = wanted === 'all' || Object.values(installed).some(({ dev }) => dev === true) ? 'all' : 'serve';
	const what = set === 'all' ? 'everything that the tests need, a browser among it' : 'what the service needs';
	process.stdout.write(`Installing ${what}: about ${MEGABYTES[set]} MB in node_modules, once. This takes up to a minute …\n`);
	const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', ...(set === 'all' ? [] : ['--omit=dev'])], {
		stdio: 'inherit',
		// On Windows npm is a script, which only a shell runs.
		shell: process.platform === 'win32',
	});
	process.exitCode = status ?? 1;
}
