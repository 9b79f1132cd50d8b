/** A text as one word of a POSIX shell, whatever it holds (POSIX.1-2024 XCU §2.2.2). */
export function quoteForShell(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`;
}
