/** The fixture records, by file name: one of every shape that was ever released. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ResolvedRecord, resolveAlias } from '../../src/model/lookup.ts';
import { parseRecordText, type ServiceRecord } from '../../src/model/record.ts';
import { domain } from './valid-names.ts';

const RECORDS_FOLDER = join(import.meta.dirname, '../fixtures/records');

/** The time at which the tests take place; every clock in them shows it. */
export const NOW = Date.parse('2026-11-23T12:00:00Z');

export function fixtureNames(): readonly string[] {
	return readdirSync(RECORDS_FOLDER).map((file) => file.replace(/\.json$/, ''));
}

export function fixtureText(name: string): string {
	return readFileSync(join(RECORDS_FOLDER, `${name}.json`), 'utf8');
}

/** The record that a fixture gives for a domain; an alias is followed to its target, `template`. */
export function resolvedFixture(name: string, asking = 'example.com'): ResolvedRecord {
	const key = `record:${asking}`;
	const target = { key: 'record:template.example', record: parseFixture('template') };
	const resolved = resolveAlias(domain(asking), { key, record: parseFixture(name) }, target);
	if (!resolved.ok) throw new Error(`${name}: ${resolved.error.code}`);
	return resolved.value;
}

/** The parsed record of a fixture; the same object each time, as a store gives it. */
function parseFixture(name: string): ServiceRecord {
	const known = parsedFixtures.get(name);
	if (known !== undefined) return known;
	const parsed = parseRecordText(fixtureText(name));
	if (!parsed.ok) throw new Error(`${name}: ${JSON.stringify(parsed.error)}`);
	parsedFixtures.set(name, parsed.value);
	return parsed.value;
}

const parsedFixtures = new Map<string, ServiceRecord>();
