/** The servers that are compared: the built Worker, the same without its log, and one that answers constants. */
import { readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { unstable_readConfig } from 'wrangler';
import { parseRecordText } from '../../src/model/record.ts';
import { renderStored } from '../../src/store/stored.ts';
import type { Answer } from './ask.ts';
import { renderCapnp, type WorkerConfig } from './capnp.ts';

/** The part of a Durable Object's binding that is used. */
interface ObjectBinding {
	readonly name: string;
	readonly class_name: string;
}

const HERE = import.meta.dirname;

const { compatibility_date: date = '', vars, durable_objects: objects } = unstable_readConfig({ config: 'wrangler.toml' });

export const compatibilityDate = date;

/** Writes the configuration of the built Worker, whose file stands in `folder`; `quiet` leaves the log out. */
export function writeOurs(folder: string, recordText: string, domain: string, quiet: boolean): string {
	const parsed = parseRecordText(recordText);
	if (!parsed.ok) throw new Error(`the record: ${JSON.stringify(parsed.error)}`);
	// As the keeper writes it: checked, so that no request runs the schema.
	const values = JSON.stringify({ [`record:${domain}`]: renderStored(parsed.value, 1) });
	for (const name of ['kv', 'quiet']) writeModule(folder, name);
	const ours: WorkerConfig = {
		modules: quiet ? ['quiet.js', 'worker.js'] : ['worker.js'],
		// As deployed, but for the redirect: the load comes by plain http.
		vars: { ...Object.fromEntries(Object.entries(vars).map(([name, value]) => [name, String(value)])), HTTPS_REDIRECT: 'off' },
		kv: { RECORDS: 'kv' },
		services: { ASSETS: 'kv' },
		objects: Object.fromEntries(objects.bindings.map(({ name, class_name }: ObjectBinding) => [name, class_name])),
		listens: true,
	};
	const kv: WorkerConfig = { modules: ['kv.js'], vars: { VALUES: values }, listens: false };
	return written(folder, quiet ? 'quiet' : 'ours', { main: ours, kv });
}

/** Writes the configuration of the constants: a Worker for each answer, so that none has to choose. `duties` does more for it than nothing. */
export function writeConstants(folder: string, answers: ReadonlyMap<string, Answer>, module: 'constant' | 'duties' = 'constant'): string {
	writeModule(folder, module);
	const workers = [...answers].map(([id, { headers, body }]): [string, WorkerConfig] => [
		id,
		{ modules: [`${module}.js`], vars: { BODY: body, HEADERS: JSON.stringify(headers) }, listens: true },
	]);
	return written(folder, `${module}s`, Object.fromEntries(workers));
}

function written(folder: string, name: string, workers: Readonly<Record<string, WorkerConfig>>): string {
	const file = join(folder, `${name}.capnp`);
	writeFileSync(file, renderCapnp(workers, compatibilityDate));
	return file;
}

function writeModule(folder: string, name: string): void {
	const source = readFileSync(join(HERE, `${name}.worker.ts`), 'utf8');
	writeFileSync(join(folder, `${name}.js`), stripTypeScriptTypes(source));
}
