/** What the configuration of another program says of its domains, whichever program it is. */
import type { ApiProblem } from '../../contract/api-problems.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { type Domain, parseDomain } from '../../model/names.ts';
import type { ImportSource } from './imported-record.ts';

/** Domains that share their settings: a record for the first, and an alias for each of the others. */
export interface ConfiguredDomains {
	readonly domains: readonly [Domain, ...Domain[]];
	readonly source: ImportSource;
}

export interface ParsedConfiguration {
	readonly groups: readonly ConfiguredDomains[];
	/** What concerns no domain in particular, as sentences. */
	readonly notes: readonly string[];
}

/**
 * @param files the texts of the program's files, in any order
 * @param domain whose record is wanted; null takes all domains that the files name
 */
export type ConfigurationParser = (files: readonly string[], domain: Domain | null) => Result<ParsedConfiguration, ApiProblem>;

/** The refusal of files in which a parser does not find what it needs. */
export function notUnderstood(reason: string): Result<never, ApiProblem> {
	return err({ code: 'source-empty', errors: [{ path: '', reason }] });
}

/** The domains that names stand for, each once; what is no domain name becomes a note. */
export function collectDomains(names: readonly { readonly path: string; readonly name: string }[], notes: string[]): readonly Domain[] {
	const domains = new Set<Domain>();
	for (const { path, name } of names) {
		const domain = parseDomain(name.trim());
		if (domain === null) notes.push(`${path}: "${name.slice(0, 100)}" is no domain name.`);
		else domains.add(domain);
	}
	return [...domains];
}

/**
 * One group of all domains, with the one that is wanted first.
 * @param named by the files
 */
export function groupOfAll(
	named: readonly Domain[],
	wanted: Domain | null,
	source: ImportSource,
	notes: readonly string[],
): Result<ParsedConfiguration, ApiProblem> {
	const first = wanted ?? named[0];
	if (first === undefined)
		return err({ code: 'invalid', errors: [{ path: 'domain', reason: 'is needed: the files name no mail domain' }] });
	const others = named.filter((domain) => domain !== first);
	const unnamed =
		wanted !== null && named.length > 0 && !named.includes(wanted) ? [`The files do not name ${wanted} among their domains.`] : [];
	return ok({ groups: [{ domains: [first, ...others], source }], notes: [...notes, ...unnamed] });
}

/** The value of a text that should be JSON; undefined where it is none. */
export function parseJsonText(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
