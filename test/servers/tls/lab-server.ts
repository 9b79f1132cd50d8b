/** What the servers of the TLS tests have in common, whatever their make. */
import type { FindingCode } from '../../../src/cli/check/finding-codes.ts';
import type { TlsServerName } from '../../../src/cli/check/tls/tls-settings.ts';
import { isListening, startServerProcess } from '../../support/server-process.ts';

export const LAB_HOST = 'mail.example.com';

/** A server with one fault of TLS, or a good one. */
export interface LabServer {
	/** The program, and what is wrong with its TLS. */
	readonly name: string;
	/** Findings that it must have; none for a good server, which has nothing that costs the grade. */
	readonly codes: readonly FindingCode[];
	/** What it speaks inside TLS, which begins with the first byte. */
	readonly protocol: 'smtp' | 'imap';
	/** Whether it greets and lists what a mail server has. */
	readonly isMailServer: boolean;
	/** Whether its fault shows at log-in alone, to which `check` does not come: the test logs in instead. */
	readonly showsAtLogin?: true;
	/** Whose settings it takes; null where it has none for which there is advice. */
	readonly software: TlsServerName | null;
	/** @param advice settings by which its fault is mended, as advice prints them */
	start(advice?: readonly string[]): Promise<RunningServer>;
}

export interface RunningServer {
	readonly address: string;
	readonly port: number;
	stop(): Promise<void>;
}

/** Files for which advice has placeholders: of a certificate with its intermediate, and of its key. */
export interface CertificateFiles {
	readonly fullchain: string;
	readonly privkey: string;
	readonly both: string;
}

/**
 * Puts the settings of advice in place of those that make the fault: no program takes the same one twice.
 * @returns the lines of a configuration
 */
export function followAdvice(settings: readonly string[], advice: readonly string[], files: CertificateFiles): readonly string[] {
	const advised = advice.map((line) =>
		line.replace('FULLCHAIN-AND-PRIVKEY.pem', files.both).replace('FULLCHAIN.pem', files.fullchain).replace('PRIVKEY.pem', files.privkey),
	);
	const names = new Set(advised.map(settingName));
	return [...settings.filter((line) => !names.has(settingName(line))), ...advised];
}

/** The name of a setting, whether `name = value`, `name: value` or `name value`. */
export const settingName = (line: string) => line.split(/[\s=:]/)[0] ?? '';

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
