/**
 * A whole Debian host with Postfix and Dovecot as its packages set them up, in a folder: debootstrap makes it once, a copy of it runs in
 * namespaces of its own, where the real ports are free and the network is loopback alone.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Debian 12 has Postfix 3.7 and Dovecot 2.3, Debian 13 Postfix 3.10 and Dovecot 2.4. */
export const DEBIAN_RELEASES = { bookworm: '2.3', trixie: '2.4' } as const;
export type DebianRelease = keyof typeof DEBIAN_RELEASES;

const ROOT = join(import.meta.dirname, '../..');
/** The folder with the Debian tree, which is kept from one run to the next; DEBIAN_CACHE names another one. */
const CACHE = process.env.DEBIAN_CACHE ?? join(ROOT, 'node_modules/.cache/debian');
/** The folder with what debootstrap makes of the release; nothing that runs from it may change it. */
export const debianTree = (release: DebianRelease) => join(CACHE, release);

const PACKAGES = 'postfix,dovecot-imapd,dovecot-pop3d,dovecot-lmtpd,dovecot-managesieved,dovecot-submissiond';

/** Why such hosts cannot be made here; null where they can. */
export function debianHostSkipReason(): string | null {
	if (process.getuid?.() !== 0) return 'not root, which debootstrap and namespaces need';
	const missing = ['/usr/sbin/debootstrap', '/usr/bin/nsenter', '/usr/bin/unshare', '/usr/bin/swaks'].filter((file) => !existsSync(file));
	if (missing.length > 0) return `${missing.join(', ')} missing (npm run test:servers installs them on Debian)`;
	return spawnSync('unshare', ['--net', '--mount', '--pid', '--fork', 'true']).status === 0 ? null : 'no namespaces may be made here';
}

/**
 * The archive of Debian that this machine's apt is set up for; null where there is none. Its security updates are in an archive of their
 * own.
 */
function findDebianArchive(): string | null {
	const { stdout } = spawnSync('apt-get', ['indextargets', '--format', '$(SITE) $(RELEASE)', 'Created-By: Packages'], { encoding: 'utf8' });
	const targets = stdout.split('\n').map((line) => line.split(' '));
	return targets.find(([, suite]) => suite !== undefined && !suite.endsWith('-security'))?.[0] ?? null;
}

/** Makes the folder if it is not there. @returns why it could not be made; null where it is there */
export function prepareDebian(release: DebianRelease): string | null {
	const folder = debianTree(release);
	const failure = existsSync(folder) ? null : bootstrapDebian(release, folder);
	// A folder that mkdtemp made is closed to all but root: programs that run from it change to users of their own.
	if (failure === null) chmodSync(folder, 0o755);
	return failure;
}

/** @returns why the folder could not be made; null where it was */
function bootstrapDebian(release: DebianRelease, folder: string): string | null {
	const archive = findDebianArchive();
	if (archive === null) return 'apt has no archive of Debian';
	mkdirSync(CACHE, { recursive: true });
	const partial = mkdtempSync(join(CACHE, `${release}.`));
	const made = spawnSync('debootstrap', ['--variant=minbase', `--include=${PACKAGES}`, release, partial, archive], { encoding: 'utf8' });
	if (made.status !== 0) {
		rmSync(partial, { recursive: true });
		return `debootstrap ${release}: ${made.stdout.trim().split('\n').at(-1) ?? ''}`;
	}
	// The folder gets its final name only when it is complete.
	renameSync(partial, folder);
	return null;
}

export interface CommandResult {
	readonly status: number | null;
	readonly out: string;
	readonly err: string;
}

export interface DebianHost {
	/** The folder that is the host's root directory. */
	readonly root: string;
	write(path: string, text: string, mode?: number): void;
	read(path: string): string;
	/** Runs a shell command on the host. */
	run(command: string): CommandResult;
	/** Runs a program of this machine on the host's network. */
	runOnNetwork(command: readonly string[], input?: string): CommandResult;
	/** Starts Postfix and Dovecot. @throws what they say if they do not */
	start(): Promise<void>;
	stop(): Promise<void>;
}

/** @throws why the host cannot be made */
export async function createDebianHost(release: DebianRelease): Promise<DebianHost> {
	const failure = prepareDebian(release);
	if (failure !== null) throw new Error(failure);
	const root = mkdtempSync(join(tmpdir(), `debian-${release}-`));
	spawnSync('cp', ['-a', '--reflink=auto', `${debianTree(release)}/.`, root]);
	// A folder that mkdtemp made is closed to all but root, and this one is the host's /: Postfix and Dovecot change to users of their own.
	chmodSync(root, 0o755);
	const script = `ip link set lo up && mount -t proc proc "$1/proc" && mount --bind /dev "$1/dev" && exec chroot "$1" sleep infinity`;
	const holder = spawn('unshare', ['--net', '--mount', '--pid', '--fork', '--kill-child', 'bash', '-c', script, 'bash', root], {
		stdio: 'ignore',
	});
	const inside = await firstChild(holder);
	let dovecot: ChildProcess | null = null;
	const enter = (flags: readonly string[], command: readonly string[], input?: string): CommandResult => {
		const args = ['-t', String(inside), ...flags, ...command];
		const { status, stdout, stderr } = spawnSync('nsenter', args, { encoding: 'utf8', ...(input === undefined ? {} : { input }) });
		return { status, out: stdout, err: stderr };
	};
	// Files that Debian's installer makes and debootstrap does not.
	rmSync(join(root, 'etc/mtab'), { force: true });
	symlinkSync('/proc/self/mounts', join(root, 'etc/mtab'));
	const run = (command: string) => enter(['-n', '-m', '-p'], ['chroot', root, 'bash', '-c', command]);
	return {
		root,
		write(path, text, mode = 0o644) {
			mkdirSync(dirname(join(root, path)), { recursive: true });
			writeFileSync(join(root, path), text, { mode });
		},
		read: (path) => readFileSync(join(root, path), 'utf8'),
		run,
		runOnNetwork: (command, input) => enter(['-n'], command, input),
		async start() {
			const begun = run('postfix start');
			if (begun.status !== 0) throw new Error(`postfix does not start: ${begun.out}${begun.err}`);
			dovecot = spawn('nsenter', ['-t', String(inside), '-n', '-m', '-p', 'chroot', root, 'dovecot', '-F'], { stdio: 'ignore' });
			for (let waited = 0; waited < 30_000; waited += 200) {
				if (run('doveadm service status').status === 0) return;
				if (dovecot.exitCode !== null) break;
				await sleep(200);
			}
			throw new Error(`dovecot does not start: ${run('doveconf -n >/dev/null; tail -n 5 /var/log/dovecot.log').err}`);
		},
		async stop() {
			// The first process of the namespace takes all others with it.
			const ended = new Promise((resolve) => holder.once('exit', resolve));
			holder.kill('SIGKILL');
			await ended;
			dovecot?.kill();
			// The mounts ended with the namespace.
			for (let tries = 0; tries < 20; tries += 1) {
				try {
					rmSync(root, { recursive: true, force: true });
					return;
				} catch {
					await sleep(200);
				}
			}
		},
	};
}

async function firstChild(holder: ChildProcess): Promise<number> {
	for (let waited = 0; waited < 10_000; waited += 50) {
		const children = readFileSync(`/proc/${holder.pid}/task/${holder.pid}/children`, 'utf8').trim();
		// bash replaces itself by chroot and that by sleep, so that it stays one process.
		if (children !== '' && readFileSync(`/proc/${children}/comm`, 'utf8').trim() === 'sleep') return Number(children);
		if (holder.exitCode !== null) break;
		await sleep(50);
	}
	throw new Error('the namespaces of the host could not be made');
}
