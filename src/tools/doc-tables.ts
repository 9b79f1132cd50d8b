/** The tables of README.md and docs/ that follow from the code, as Markdown. */
import { toJsonSchema } from '@valibot/to-json-schema';
import { API_PROBLEMS, INTERNAL_FAILURE } from '../contract/api-problems.ts';
import { CONFIGURATION_FORMATS } from '../contract/imports/configuration-formats.ts';
import { LOG_CODES } from '../lib/log.ts';
import { FALLBACK_DEPENDENTS } from '../model/fallback-dependents.ts';
import { PROBLEM_DESCRIPTIONS } from '../model/problem.ts';
import { ALIAS_OVERRIDES, DomainRecord } from '../model/record.ts';
import { PROTOCOLS } from '../protocols/registry.ts';
import { API_LIMITS } from './api/api-limits.ts';
import { COST_COLUMNS, costRows } from './cost-table.ts';

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

export function renderTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
	return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
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
	readonly type: string;
	readonly needed: string;
	readonly text: string;
}

/** A row for each field; the fields of an object follow the object itself. */
function fieldRows(schema: JsonSchema, path: string): readonly FieldRow[] {
	return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
		const at = path === '' ? name : `${path}.${name}`;
		const text = [field.title, field.description].filter((part) => part !== undefined).join(': ');
		const needed = schema.required?.includes(name) === true ? '**yes**' : '';
		const row = { path: at, type: renderFieldType(field), needed, text: text.replaceAll('|', '\\|') };
		return [row, ...fieldRows(field, at)];
	});
}

function renderFallbackDependents(): string {
	return renderTable(
		['client', 'what happens when 587 is no longer told', 'evidence'],
		FALLBACK_DEPENDENTS.map(({ client, version, happens, evidence }) => [`${client} ${version}`, happens, evidence]),
	);
}

/** The fields of a record. Services have most of their fields in common: fields that say the same share a row. */
function renderFieldTable(): string {
	const shared = new Map<string, { readonly services: string[]; readonly row: FieldRow }>();
	for (const row of fieldRows(toJsonSchema(DomainRecord, { typeMode: 'input', errorMode: 'ignore' }) as JsonSchema, '')) {
		const service = /^services\.(\w+)\./.exec(row.path)?.[1];
		const path = service === undefined ? row.path : row.path.replace(service, '*');
		const key = [path, row.type, row.needed, row.text].join(' | ');
		const known = shared.get(key);
		if (known !== undefined && service !== undefined) known.services.push(service);
		else shared.set(key, { services: service === undefined ? [] : [service], row: { ...row, path } });
	}
	const rows = [...shared.values()].map(({ services, row: { path, type, needed, text } }) => {
		const names = services.length > 1 ? `{${services.join(', ')}}` : services.join();
		const inAlias = ALIAS_OVERRIDES.some((field) => field === path) ? ' An alias may have its own.' : '';
		return [`\`${path.replace('*', names)}\``, type, needed, `${text}${inAlias}`.trim()];
	});
	return renderTable(['field', 'type', 'needed', 'what it is'], rows);
}

/** The problems that mail clients can be answered with. */
function renderProblemTable(): string {
	return renderTable(
		['code', 'what it means'],
		Object.entries(PROBLEM_DESCRIPTIONS).map(([code, text]) => [`\`${code}\``, text]),
	);
}

/** The admin API's codes, by status. */
function renderApiProblemTable(): string {
	const rows = [...Object.entries(API_PROBLEMS).map(([code, meaning]) => ({ code, ...meaning })), INTERNAL_FAILURE]
		.sort((one, other) => one.status - other.status)
		.map(({ status, code, title }) => [status, `\`${code}\``, title]);
	return renderTable(['status', 'code', 'what it means'], rows);
}

/** Every code of a line in the log, with what to do. */
function renderLogTable(): string {
	return renderTable(
		['code', 'level', 'what has happened', 'what to do'],
		Object.entries(LOG_CODES).map(([code, { level, meaning, action }]) => [
			`\`${code}\``,
			level,
			meaning,
			action === '' ? 'Nothing.' : action,
		]),
	);
}

function renderRouteTable(): string {
	const rows = PROTOCOLS.flatMap(({ title, endpoints }) =>
		endpoints.flatMap(({ method, locations }) =>
			locations.map(({ label, path }) => [title, method === 'ANY' ? 'every' : method, `\`${label === '' ? '' : `${label}.`}D${path}\``]),
		),
	);
	return renderTable(['protocol', 'method', 'where (D is the mail domain)'], rows);
}

/** Every variable of wrangler.toml, with its default and the comment above it. */
function renderSettingTable(wranglerToml: string): string {
	const section = /^\[vars\]\n([\s\S]*?)^(?:\[|# \[)/m.exec(wranglerToml)?.[1] ?? '';
	const rows: string[][] = [];
	let comment: string[] = [];
	for (const line of section.split('\n')) {
		const setting = /^([A-Z_]+) = "(.*)"$/.exec(line);
		if (line.startsWith('# ')) comment.push(line.slice(2));
		else if (setting !== null) {
			// A comment in wrangler.toml stands above the first of the settings that it describes.
			rows.push([`\`${setting[1]}\``, setting[2] === '' ? '' : `\`${setting[2]}\``, comment.join(' ').replaceAll('|', '\\|')]);
			comment = [];
		}
	}
	return renderTable(['variable', 'default', 'meaning'], rows);
}

/** The programs whose configuration is imported. */
function renderConfigurationFormats(): string {
	return renderTable(
		['name', 'program', 'files', 'as it is described in'],
		Object.entries(CONFIGURATION_FORMATS).map(([name, { title, files, source }]) => [`\`${name}\``, title, files, source]),
	);
}

/** Every table, by the name under which the pages ask for it. */
export function renderDocTables(wranglerToml: string): Readonly<Record<string, string>> {
	return {
		fields: renderFieldTable(),
		problems: renderProblemTable(),
		'api-problems': renderApiProblemTable(),
		'api-limits': renderTable(['what', 'limit'], API_LIMITS),
		costs: renderTable(COST_COLUMNS, costRows()),
		'log-codes': renderLogTable(),
		routes: renderRouteTable(),
		settings: renderSettingTable(wranglerToml),
		'fallback-dependents': renderFallbackDependents(),
		'configuration-formats': renderConfigurationFormats(),
	};
}
