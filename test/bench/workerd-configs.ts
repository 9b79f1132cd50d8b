/** The servers that are compared: the built Worker, and one that answers constants. */
import { readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { unstable_readConfig } from 'wrangler';
import { parseRecordText } from '../../src/model/record.ts';
import { renderStored } from '../../src/model/stored-record.ts';
import { renderCapnp, type WorkerConfig } from './capnp.ts';
import type { BenchResponse } from './send-request.ts';

/** The part of a Durable Object's binding that is used. */
interface ObjectBinding {
	readonly name: string;
	readonly class_name: string;
}

const HERE = import.meta.dirname;

const { compatibility_date: date = '', vars, durable_objects: objects } = unstable_readConfig({ config: 'wrangler.toml' });

export const compatibilityDate = date;

/**
 * Writes the configuration of the built Worker, whose file stands in `folder`.
 * @param around the module of a Worker around it, in this folder; null for the Worker alone
 */
export function writeWorkerConfig(folder: string, recordText: string, domain: string, around: 'in-isolate' | null): string {
	const parsed = parseRecordText(recordText);
	if (!parsed.ok) throw new Error(`the record: ${JSON.stringify(parsed.error)}`);
	// As the keeper writes it: checked, so that no request runs the schema.
	const values = JSON.stringify({ [`record:${domain}`]: renderStored(parsed.value, 1, []) });
	for (const name of ['kv', ...(around === null ? [] : [around])]) writeModule(folder, name);
	const ours = builtWorker(around === null ? ['entry.js'] : [`${around}.js`, 'entry.js']);
	const kv: WorkerConfig = { modules: ['kv.js'], vars: { VALUES: values }, hasSocket: false };
	return writeCapnp(folder, around ?? 'ours', { main: ours, kv });
}

/** Writes the configuration of a constant in the place of the built Worker, with the same bindings. */
export function writeBoundConstantConfig(folder: string): string {
	for (const name of ['kv', 'bound-constant']) writeModule(folder, name);
	const kv: WorkerConfig = { modules: ['kv.js'], vars: { VALUES: '{}' }, hasSocket: false };
	return writeCapnp(folder, 'bound-constant', { main: builtWorker(['bound-constant.js']), kv });
}

/**
 * Writes the configuration of the built Worker with the module scale.worker.ts around it, and KV at a port of 127.0.0.1.
 * @param name of the file
 */
export function writeScaleConfig(folder: string, name: string, kvPort: number): string {
	writeModule(folder, 'scale');
	return writeCapnp(folder, name, { main: builtWorker(['scale.js', 'entry.js']) }, { kv: kvPort });
}

/** The built Worker as deployed, but for the redirect: the load comes by plain http. KV is the service "kv". */
function builtWorker(modules: readonly string[]): WorkerConfig {
	return {
		modules,
		vars: { ...Object.fromEntries(Object.entries(vars).map(([name, value]) => [name, String(value)])), HTTPS_REDIRECT: 'off' },
		kv: { RECORDS: 'kv' },
		services: { ASSETS: 'kv' },
		objects: Object.fromEntries(objects.bindings.map(({ name, class_name }: ObjectBinding) => [name, class_name])),
		hasSocket: true,
	};
}

/** Writes the configuration of the constants: a Worker for each answer, so that none has to choose. `baseline` also reads the URL and the headers, as every answer needs. */
export function writeConstantsConfig(
	folder: string,
	answers: ReadonlyMap<string, BenchResponse>,
	module: 'constant' | 'baseline' = 'constant',
): string {
	writeModule(folder, module);
	const workers = [...answers].map(([id, { headers, body }]): [string, WorkerConfig] => [
		id,
		{ modules: [`${module}.js`], vars: { BODY: body, HEADERS: JSON.stringify(headers) }, hasSocket: true },
	]);
	return writeCapnp(folder, `${module}s`, Object.fromEntries(workers));
}

/** Writes a configuration again with flags for V8, and returns the new file. */
export function withV8Flags(file: string, flags: readonly string[]): string {
	const copy = file.replace(/\.capnp$/, '.flags.capnp');
	const begin = 'const config :Workerd.Config = (';
	writeFileSync(copy, readFileSync(file, 'utf8').replace(begin, `${begin}\n  v8Flags = ${JSON.stringify(flags)},`));
	return copy;
}

function writeCapnp(
	folder: string,
	name: string,
	workers: Readonly<Record<string, WorkerConfig>>,
	external: Readonly<Record<string, number>> = {},
): string {
	const file = join(folder, `${name}.capnp`);
	writeFileSync(file, renderCapnp(workers, compatibilityDate, external));
	return file;
}

function writeModule(folder: string, name: string): void {
	const source = readFileSync(join(HERE, `${name}.worker.ts`), 'utf8');
	writeFileSync(join(folder, `${name}.js`), stripTypeScriptTypes(source));
}
