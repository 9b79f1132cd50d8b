/** Runs one client in a session of its own: the driver's last line says what the client wrote into its own configuration. */
import { spawn } from 'node:child_process';
import { cpSync } from 'node:fs';
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
	/** Thunderbird: the foreign domain that it asks the user about. */
	readonly asks?: string;
	/** Whether a message of the client was taken by the outgoing server; absent where the driver sends none. */
	readonly sent?: boolean;
	/** Whether the client then read it over the incoming server. */
	readonly read?: boolean;
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
exec chroot "$tree" setpriv --reuid user --regid user --init-groups env -i LANG=C.UTF-8 PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/usr/libexec "$@"
`;

/** Copies the drivers into the tree. */
export function installDrivers(tree: string): void {
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
	display: number,
): Promise<{ readonly outcome: ClientOutcome; readonly output: string }> {
	const driver = ['/bin/bash', '/drivers/session.sh', String(display), `/drivers/${client}.py`, address, PASSWORD];
	const child = spawn(
		'unshare',
		['--mount', '--pid', '--fork', '--kill-child', 'bash', '-c', MOUNTS, 'session', tree, network, ...driver],
		{
			stdio: ['ignore', 'pipe', 'pipe'],
			// A PID namespace and a process group of its own: when the session ends, everything that it started ends with it.
			detached: true,
		},
	);
	let output = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
	const limit = setTimeout(() => killGroup(child.pid), SESSION_LIMIT_MS);
	await new Promise((resolve) => child.on('close', resolve));
	clearTimeout(limit);
	killGroup(child.pid);
	const line = output.split('\n').findLast((text) => text.startsWith('OUTCOME '));
	if (line === undefined) return { outcome: { version: '', incoming: null, outgoing: null, failed: 'the driver told no outcome' }, output };
	const { version = '', incoming = null, outgoing = null, failed, asks, sent, read } = JSON.parse(line.slice('OUTCOME '.length));
	const more = {
		...(failed ? { failed } : {}),
		...(asks ? { asks } : {}),
		...(sent === undefined ? {} : { sent }),
		...(read === undefined ? {} : { read }),
	};
	return { outcome: { version, incoming, outgoing, ...more }, output };
}

/** A session that takes longer hangs: the slowest of them is done in two minutes, and on a busy machine in five. */
const SESSION_LIMIT_MS = 480_000;

function killGroup(pid: number | undefined): void {
	try {
		if (pid !== undefined) process.kill(-pid, 'SIGKILL');
	} catch {
		// The group has ended by itself.
	}
}
