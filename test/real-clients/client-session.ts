/** Runs one client in a session of its own: the driver's last line says what the client wrote into its own configuration. */
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PASSWORD } from './mail-server.ts';

/** The clients that are driven, by the name of their driver. */
export const REAL_CLIENTS = ['thunderbird', 'evolution', 'geary', 'kmail', 'delta-chat', 'aerc', 'claws-mail'] as const;
export type RealClient = (typeof REAL_CLIENTS)[number];

export interface ServerOutcome {
	readonly kind: string;
	readonly host: string;
	readonly port: number;
	readonly security: 'tls' | 'starttls' | 'plain';
	readonly username: string;
}

/** The outcome of setting up an account. */
export interface ClientOutcome {
	readonly version: string;
	readonly incoming: ServerOutcome | null;
	readonly outgoing: ServerOutcome | null;
	/** Why there is no account; absent where there is one. */
	readonly failed?: string;
	/** The session has no outcome: it hung and was ended, or its driver knew no way on once there was an account; where, and why. */
	readonly brokenOff?: string;
	/** Thunderbird: the foreign domain that it asks the user about. */
	readonly asks?: string;
	/** Whether the client shows the message that waits in the mailbox, or has it in its own store; absent where there is no account. */
	readonly read?: boolean;
	/** What the driver was doing when the session ended, and after how many seconds of it that had begun. */
	readonly lastStep: string;
}

/** The messages of one session: one waits in the mailbox and is to be read, one is to be written. Each is known by a word of its own. */
export interface SessionMail {
	readonly subjectToRead: string;
	readonly recipient: string;
	readonly subjectToSend: string;
	/** Puts the message to read into the mailbox: when a session begins, and when the driver asks for it. */
	deliver(): void;
	/** Whether the message to write has arrived: then there is nothing more to wait for, and the session is ended. */
	hasArrived(): boolean;
}

const MOUNTS = `
mount --make-rprivate /
mount --bind /dev "$1/dev"
mount --bind /dev/pts "$1/dev/pts"
mount -t tmpfs tmpfs "$1/dev/shm"
mount -t tmpfs tmpfs "$1/tmp"
mount -t proc proc "$1/proc"
mount -t sysfs sysfs "$1/sys" 2>/dev/null
mount --bind "$2/resolv.conf" "$1/etc/resolv.conf"
mount --bind "$2/hosts" "$1/etc/hosts"
tree=$1
shift 2
chroot "$tree" setpriv --reuid user --regid user --init-groups env -i LANG=C.UTF-8 PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/usr/libexec "$@"
# Not exec: a process that becomes another user is no longer told that its parent has ended, and --kill-child would be without effect.
exit $?
`;

/** Copies the drivers into the tree, and makes the folder for the pictures that they take of a screen on which they know no way on. */
export function installDrivers(tree: string): void {
	mkdirSync(join(tree, 'shots'), { recursive: true });
	// The drivers run as a user of the tree.
	chmodSync(join(tree, 'shots'), 0o1777);
	cpSync(join(import.meta.dirname, 'drivers'), join(tree, 'drivers'), { recursive: true });
}

/**
 * @param network a folder with the session's resolv.conf and hosts
 * @param display a number that no other session has at the same time
 * @returns the outcome, and all that the driver printed
 */
export async function runClient(
	tree: string,
	network: string,
	client: RealClient,
	address: string,
	mail: SessionMail,
	display: number,
): Promise<{ readonly outcome: ClientOutcome; readonly output: string }> {
	const { subjectToRead, recipient, subjectToSend } = mail;
	mail.deliver();
	const task = [address, PASSWORD, subjectToRead, recipient, subjectToSend];
	const driver = ['/bin/bash', '/drivers/session.sh', String(display), `/drivers/${client}.py`, ...task];
	// A PID namespace and a process group of its own: when the session ends, everything that it started ends with it. And it ends when this
	// process does, however that ends: a driver that waits for something would go on by itself.
	const namespace = ['--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child'];
	const child = spawn('setpriv', [...namespace, 'bash', '-c', MOUNTS, 'session', tree, network, ...driver], {
		stdio: ['ignore', 'pipe', 'pipe'],
		detached: true,
	});
	let output = '';
	let asked = 0;
	for (const stream of [child.stdout, child.stderr])
		stream.on('data', (chunk) => {
			output += String(chunk);
			for (const asks = output.split('\n').filter((line) => line === 'DELIVER').length; asked < asks; asked += 1) mail.deliver();
		});
	let hung = false;
	const limit = setTimeout(() => {
		hung = true;
		killGroup(child.pid);
	}, SESSION_LIMIT_MS);
	const watch = setInterval(() => {
		if (output.split('\n').includes('SENDING') && mail.hasArrived()) killGroup(child.pid);
	}, WATCH_MS);
	// Not `close`: a program that has left the session may hold its output open.
	await new Promise((resolve) => child.on('exit', resolve));
	clearTimeout(limit);
	clearInterval(watch);
	killGroup(child.pid);
	return { outcome: parseOutcome(output, hung), output };
}

/** The last lines of a driver that begin so: `OUTCOME` tells a part of the outcome, `STEP` what the driver does next. */
function parseOutcome(output: string, hung: boolean): ClientOutcome {
	const lines = output.split('\n');
	const told = lines.filter((line) => line.startsWith('OUTCOME ')).map((line) => JSON.parse(line.slice('OUTCOME '.length)));
	const { version = '', incoming = null, outgoing = null, asks, read, failed } = Object.assign({}, ...told);
	const step = lines.findLast((line) => line.startsWith('STEP '))?.slice('STEP '.length) ?? 'starting the session';
	const reason = told.length === 0 ? `the driver ended without an outcome at: ${step}` : failed;
	const brokenOff = hung
		? `hung, and was ended after ${SESSION_LIMIT_MS / 1000} seconds at: ${step}`
		: incoming !== null && reason
			? `${reason}, at: ${step}`
			: null;
	return {
		version,
		incoming,
		outgoing,
		lastStep: step,
		...(reason ? { failed: reason } : {}),
		...(brokenOff === null ? {} : { brokenOff }),
		...(asks ? { asks } : {}),
		...(read === undefined ? {} : { read }),
	};
}

/** A session that takes longer hangs: the slowest of them is done in two minutes, and on a busy machine in five; all waits together are nine. */
const SESSION_LIMIT_MS = 600_000;

/** How often the mail server is asked whether the message has arrived. */
const WATCH_MS = 300;

function killGroup(pid: number | undefined): void {
	try {
		if (pid !== undefined) process.kill(-pid, 'SIGKILL');
	} catch {
		// The group has ended by itself.
	}
}
