/**
 * `npm run schema`: writes what follows from the schemas: a record's JSON Schema, the README's tables of fields, of routes and of problem codes, the
 * OpenAPI document of the admin and its reference page.
 * With `--check` it compares instead.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toJsonSchema } from '@valibot/to-json-schema';
import { API_PROBLEMS, INTERNAL_FAILURE } from '../contract/api-problems.ts';
import { PROBLEM_DESCRIPTIONS } from '../model/problem.ts';
import { DomainRecord, ServiceRecord } from '../model/record.ts';
import { PROTOCOLS } from '../protocols/registry.ts';
import { renderOpenApi } from './openapi.ts';
import { renderApiReference } from './reference.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The part of JSON Schema that the tables read. */
interface JsonSchema {
	readonly title?: string;
	readonly description?: string;
	readonly type?: string;
	readonly default?: unknown;
	readonly const?: unknown;
	readonly enum?: readonly unknown[];
	readonly anyOf?: readonly JsonSchema[];
	readonly items?: JsonSchema;
	readonly properties?: Readonly<Record<string, JsonSchema>>;
	readonly required?: readonly string[];
}

// What is written in a record, not what it is turned into. Checks that JSON Schema has no words for are left to the service.
const JSON_SCHEMA_OPTIONS = { typeMode: 'input', errorMode: 'ignore' } as const;

function renderRecordSchema(): string {
	return `${JSON.stringify({ title: 'Signpost record', ...toJsonSchema(ServiceRecord, JSON_SCHEMA_OPTIONS) }, null, '\t')}\n`;
}

function renderFieldType(schema: JsonSchema): string {
	if (schema.enum !== undefined) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(', ');
	if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
	if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(renderFieldType))].join(' or ');
	if (schema.type === 'array') return schema.items?.enum === undefined ? 'list' : `list of ${renderFieldType(schema.items)}`;
	return schema.type ?? 'any';
}

interface FieldRow {
	readonly path: string;
	readonly cells: string;
}

/** One row a field. */
function fieldRows(schema: JsonSchema, path: string): readonly FieldRow[] {
	return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
		const at = path === '' ? name : `${path}.${name}`;
		const text = [field.title, field.description].filter((part) => part !== undefined).join(': ');
		const needed = schema.required?.includes(name) === true ? '**yes**' : '';
		const row = { path: at, cells: `${renderFieldType(field)} | ${needed} | ${text.replaceAll('|', '\\|')}` };
		return [row, ...fieldRows(field, at)];
	});
}

/** Services have most of their fields in common: rows that say the same share one. */
function renderFieldTable(): string {
	const shared = new Map<string, { readonly services: string[]; readonly path: string; readonly says: string }>();
	for (const { path, cells } of fieldRows(toJsonSchema(DomainRecord, JSON_SCHEMA_OPTIONS) as JsonSchema, '')) {
		const service = /^services\.(\w+)\./.exec(path)?.[1];
		const place = service === undefined ? path : path.replace(service, '*');
		const known = shared.get(`${place} ${cells}`);
		if (known !== undefined && service !== undefined) known.services.push(service);
		else shared.set(`${place} ${cells}`, { services: service === undefined ? [] : [service], path: place, says: cells });
	}
	const rows = [...shared.values()].map(
		({ services, path, says }) =>
			`| \`${path.replace('*', services.length > 1 ? `{${services.join(', ')}}` : services.join())}\` | ${says} |`,
	);
	return ['| field | type | needed | what it is |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function renderProblemTable(): string {
	const rows = Object.entries(PROBLEM_DESCRIPTIONS).map(([code, text]) => `| \`${code}\` | ${text} |`);
	return ['| code | what it means |', '| --- | --- |', ...rows].join('\n');
}

/** The admin API's codes, by status. */
function renderApiProblemTable(): string {
	const rows = [...Object.entries(API_PROBLEMS).map(([code, meaning]) => ({ code, ...meaning })), INTERNAL_FAILURE]
		.sort((one, other) => one.status - other.status)
		.map(({ status, code, title }) => `| ${status} | \`${code}\` | ${title} |`);
	return ['| status | code | what it means |', '| --- | --- | --- |', ...rows].join('\n');
}

function renderRouteTable(): string {
	const rows = PROTOCOLS.flatMap(({ title, endpoints }) =>
		endpoints.flatMap(({ method, locations }) =>
			locations.map(
				({ label, path }) => `| ${title} | ${method === 'ANY' ? 'every' : method} | \`${label === '' ? '' : `${label}.`}D${path}\` |`,
			),
		),
	);
	return ['| protocol | method | where (D is the mail domain) |', '| --- | --- | --- |', ...rows].join('\n');
}

/** The README with each generated part renewed. */
function renderReadme(readme: string): string {
	const tables = {
		fields: renderFieldTable(),
		problems: renderProblemTable(),
		'api-problems': renderApiProblemTable(),
		routes: renderRouteTable(),
	};
	let text = readme;
	for (const [name, table] of Object.entries(tables)) {
		const part = new RegExp(`(<!-- ${name}: written by npm run schema -->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
		if (!part.test(text)) throw new Error(`README.md has no place for the table of ${name}`);
		text = text.replace(part, (_, before: string, after: string) => `${before}${table}\n${after}`);
	}
	return text;
}

const { version }: { readonly version: string } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
const files = [
	{ file: 'public/record.schema.json', text: renderRecordSchema() },
	{ file: 'README.md', text: renderReadme(readme) },
	{ file: 'public/admin/api/openapi.json', text: `${JSON.stringify(renderOpenApi(version), null, '\t')}\n` },
	{ file: 'public/admin/reference.html', text: renderApiReference() },
];

for (const { file, text } of files) {
	if (!process.argv.includes('--check')) await writeFile(join(ROOT, file), text);
	else if ((await readFile(join(ROOT, file), 'utf8')) === text) process.stdout.write(`${file} is what the code says.\n`);
	else {
		process.stderr.write(`${file} is stale: run \`npm run schema\` and commit it.\n`);
		process.exitCode = 1;
	}
}
