/** What the servers of the TLS tests have in common, whatever their make. */
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FindingCode } from '../../../src/cli/check/finding-codes.ts';

export const LAB_HOST = 'mail.example.com';

/** A server with one fault of TLS, or a good one. */
export interface LabServer {
	/** The program, and what is wrong with its TLS. */
	readonly name: string;
	/** Findings that cost the grade; none for a good server. */
	readonly codes: readonly FindingCode[];
	/** What it speaks inside TLS, which begins with the first byte. */
	readonly protocol: 'smtp' | 'imap';
	/** Whether it greets and lists what a mail server has. */
	readonly isMailServer: boolean;
	start(): Promise<RunningServer>;
}

export interface RunningServer {
	readonly address: string;
	readonly port: number;
	stop(): Promise<void>;
}

/** Milliseconds that a program has to listen: many start at once. */
const START_MS = 30_000;

/**
 * @returns what ends it
 * @throws why it does not listen
 */
export async function startProgram(
	program: string,
	args: readonly string[],
	port: number,
	address = '127.0.0.1',
): Promise<() => Promise<void>> {
	const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'pipe'] });
	let said = '';
	child.stderr.on('data', (chunk) => {
		said = `${said}${chunk}`.slice(-2000);
	});
	const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
	const stop = async () => {
		child.kill('SIGKILL');
		await ended;
	};
	for (let waited = 0; waited < START_MS; waited += 100) {
		if (child.exitCode !== null) throw new Error(`${program} ${args.join(' ')} ended with ${child.exitCode}: ${said}`);
		if (await isListening(port, address)) return stop;
		await sleep(100);
	}
	await stop();
	throw new Error(`${program} does not listen: ${said}`);
}

export function isListening(port: number, address: string): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(port, address);
		socket.once('connect', () => {
			socket.destroy();
			resolve(true);
		});
		socket.once('error', () => resolve(false));
	});
}
