/**
 * The configuration of the deployed service: `wrangler.toml`, with the operator's own settings laid over it. Those stand in
 * `wrangler.local.toml`, which git does not track, so that a new version is pulled without a conflict. `npm start` does not read it: routes
 * there would make every local request look as if it came to the deployed host.
 */
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, TomlError } from 'smol-toml';
import { hasErrorCode } from '../../lib/error-message.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Failure } from '../terminal.ts';

/** The operator's settings, where no other file is named. */
export const LOCAL_SETTINGS_FILE = 'wrangler.local.toml';

/** What wrangler is given: beside wrangler.toml, since paths in it are relative to its folder. Ignored by git. */
const MERGED_FILE = '.wrangler.merged.json';

type ConfigValue = unknown;
type ConfigTable = Readonly<Record<string, ConfigValue>>;

/**
 * Lays `own` over `base`. Tables are merged key by key. Lists of bindings are merged by the binding's name, so that the id of one KV namespace
 * can be given without repeating the others. Every other value replaces what was there.
 */
export function mergeConfig(base: ConfigTable, own: ConfigTable): ConfigTable {
	const merged: Record<string, ConfigValue> = { ...base };
	for (const [key, value] of Object.entries(own)) merged[key] = mergeValue(merged[key], value);
	return merged;
}

function mergeValue(base: ConfigValue, own: ConfigValue): ConfigValue {
	if (isTable(base) && isTable(own)) return mergeConfig(base, own);
	if (!isBindingList(base) || !isBindingList(own)) return own;
	const added = own.filter((entry) => !base.some((other) => bindingName(other) === bindingName(entry)));
	const changed = base.map((entry) => {
		const over = own.find((other) => bindingName(other) === bindingName(entry));
		return over === undefined ? entry : mergeConfig(entry, over);
	});
	return [...changed, ...added];
}

function isTable(value: ConfigValue): value is ConfigTable {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isBindingList(value: ConfigValue): value is readonly ConfigTable[] {
	return Array.isArray(value) && value.length > 0 && value.every((entry) => isTable(entry) && bindingName(entry) !== null);
}

/** KV and Analytics Engine call it `binding`, Durable Objects and rate limits `name`. */
function bindingName({ binding, name }: ConfigTable): string | null {
	if (typeof binding === 'string') return binding;
	return typeof name === 'string' ? name : null;
}

/**
 * The file that wrangler is to read for the deployed service: `wrangler.toml` itself where there are no own settings, else a file with both.
 * @param folder the checkout
 * @param settings the operator's settings, relative to the checkout; null: `wrangler.local.toml`, where it exists
 */
export async function writeDeploymentConfig(folder: string, settings: string | null): Promise<Result<string, Failure>> {
	const base = join(folder, 'wrangler.toml');
	if (settings === null && !(await exists(join(folder, LOCAL_SETTINGS_FILE)))) return ok(base);
	const own = join(folder, settings ?? LOCAL_SETTINGS_FILE);
	const texts: ConfigTable[] = [];
	for (const file of [base, own]) {
		const table = await readToml(file);
		if (!table.ok) return table;
		texts.push(table.value);
	}
	const merged = join(folder, MERGED_FILE);
	await writeFile(merged, `${JSON.stringify(mergeConfig(texts[0] ?? {}, texts[1] ?? {}), null, '\t')}\n`);
	return ok(merged);
}

async function readToml(file: string): Promise<Result<ConfigTable, Failure>> {
	const text = await readFile(file, 'utf8').catch((error: unknown) => (hasErrorCode(error, 'ENOENT') ? null : Promise.reject(error)));
	if (text === null) return err({ message: `${file} is not there`, hint: 'Name a file of settings, or leave --settings out.' });
	try {
		return ok(parse(text));
	} catch (error) {
		if (!(error instanceof TomlError)) throw error;
		return err({ message: `${file} is not TOML: ${error.message}`, hint: `See line ${error.line}.` });
	}
}

async function exists(file: string): Promise<boolean> {
	return access(file).then(
		() => true,
		(error: unknown) => (hasErrorCode(error, 'ENOENT') ? false : Promise.reject(error)),
	);
}
