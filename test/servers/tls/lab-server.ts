/** What the servers of the TLS tests have in common, whatever their make. */
import type { FindingCode } from '../../../src/cli/check/finding-codes.ts';
import { isListening, startServerProcess } from '../../support/server-process.ts';

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

/**
 * Starts a program, and waits until it listens.
 * @returns what ends it
 * @throws why it does not listen
 */
export async function startProgram(
	program: string,
	args: readonly string[],
	port: number,
	address = '127.0.0.1',
): Promise<() => Promise<void>> {
	const server = startServerProcess(program, args, { signal: 'SIGKILL', hasOpenInput: true });
	await server.waitUntil(() => isListening(port, address));
	return server.stop;
}
