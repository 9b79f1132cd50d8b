/** Reads INI files as Python's configparser does: sections, `name = value` or `name: value`, continued lines, a DEFAULT section. */
import { err, ok, type Result } from '../result.ts';

/** The options of a section by name, in lower case; each section has those of `[DEFAULT]` too. */
export type IniFile = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** @returns the error names the line */
export function parseIniFile(text: string): Result<IniFile, string> {
	const own = new Map<string, Map<string, string>>();
	let section: Map<string, string> | null = null;
	let continued: string | null = null;
	for (const [at, raw] of text.split('\n').entries()) {
		const line = raw.trim();
		if (line === '' || line.startsWith('#') || line.startsWith(';')) {
			if (line === '') continued = null;
			continue;
		}
		if (section !== null && continued !== null && /^[ \t]/.test(raw)) {
			section.set(continued, `${section.get(continued) ?? ''}\n${line}`);
			continue;
		}
		if (line.startsWith('[')) {
			const end = line.indexOf(']');
			if (end < 2) return err(`line ${at + 1} is no section`);
			const name = line.slice(1, end);
			section = own.get(name) ?? new Map();
			own.set(name, section);
			continued = null;
			continue;
		}
		const split = line.search(/[=:]/);
		if (section === null || split < 1) return err(`line ${at + 1} is no option of a section`);
		continued = line.slice(0, split).trim().toLowerCase();
		section.set(continued, line.slice(split + 1).trim());
	}
	const defaults = own.get('DEFAULT') ?? new Map<string, string>();
	return ok(new Map([...own].filter(([name]) => name !== 'DEFAULT').map(([name, options]) => [name, new Map([...defaults, ...options])])));
}
