/** Asks on the terminal for confirmation. */
import { createInterface } from 'node:readline/promises';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Failure } from '../terminal.ts';

/** Fails where the answer is not yes, or there is no terminal. */
export async function confirmOnTerminal(question: string): Promise<Result<null, Failure>> {
	if (process.stdin.isTTY !== true)
		return err({ message: 'nobody is there to ask', hint: 'Nothing was changed. --yes goes on without a question.' });
	const terminal = createInterface({ input: process.stdin, output: process.stderr });
	const answer = await terminal.question(`${question} [y/N] `);
	terminal.close();
	return /^y(es)?$/i.test(answer.trim()) ? ok(null) : err({ message: 'nothing was changed' });
}
