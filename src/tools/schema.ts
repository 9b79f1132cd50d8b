/**
 * `npm run schema`: writes what follows from the schemas: a record's JSON Schema, the tables in README.md and docs/, what docs/cli.md prints of
 * the tool's help, the OpenAPI document of the admin and its reference page. With `--check` it compares instead.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toJsonSchema } from '@valibot/to-json-schema';
import { ServiceRecord } from '../model/record.ts';
import { readExampleAnswers } from './api/api-example-answers.ts';
import { renderApiReference } from './api/api-reference.ts';
import { renderOpenApi } from './api/openapi.ts';
import { renderClientOutcomes } from './client-tables.ts';
import { readCommandHelp } from './command-help.ts';
import { renderCorpusTable } from './corpus-table.ts';
import { renderDocTables } from './doc-tables.ts';
import { renderLicenceTable } from './licence-table.ts';
import { renderNamesTable } from './names-table.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Where a generated table stands in a page: everything between the two comments is replaced. */
const GENERATED = /(<!-- ([a-z-]+): written by npm run schema -->\n)[\s\S]*?(<!-- \/\2 -->)/g;

interface GeneratedFile {
	/** The path, relative to the checkout. */
	readonly file: string;
	readonly text: string;
}

// The schema describes a record as it is written, before defaults are filled in. JSON Schema cannot express every check; the service makes the rest.
function renderRecordSchema(): string {
	const schema = toJsonSchema(ServiceRecord, { typeMode: 'input', errorMode: 'ignore' });
	return `${JSON.stringify({ title: 'Signpost record', ...schema }, null, '\t')}\n`;
}

/** README.md and the pages of docs/, with their tables generated anew. Throws where a page asks for an unknown table, or no page asks for a table. */
async function renderPages(): Promise<readonly GeneratedFile[]> {
	const tables: Readonly<Record<string, string>> = {
		...renderDocTables(await readText('wrangler.toml')),
		names: await renderNamesTable(),
		'real-clients': renderClientOutcomes(await readText('test/real-clients/outcomes.json')),
		corpus: renderCorpusTable(await readText('test/corpus/outcomes.json')),
		licences: renderLicenceTable(await readText('package-lock.json')),
		commands: await readCommandHelp(ROOT),
	};
	const unused = new Set(Object.keys(tables));
	const names = (await readdir(join(ROOT, 'docs'))).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`);
	const pages: GeneratedFile[] = [];
	for (const file of ['README.md', ...names]) {
		const text = (await readText(file)).replace(GENERATED, (_, before: string, name: string, after: string) => {
			const table = tables[name];
			if (table === undefined) throw new Error(`${file} asks for a table "${name}", which there is not`);
			unused.delete(name);
			return `${before}${table}\n${after}`;
		});
		pages.push({ file, text });
	}
	if (unused.size > 0) throw new Error(`no page has a place for ${[...unused].join(', ')}`);
	return pages;
}

function readText(file: string): Promise<string> {
	return readFile(join(ROOT, file), 'utf8');
}

const { version }: { readonly version: string } = JSON.parse(await readText('package.json'));
const files: readonly GeneratedFile[] = [
	{ file: 'public/record.schema.json', text: renderRecordSchema() },
	...(await renderPages()),
	{ file: 'public/admin/api/openapi.json', text: `${JSON.stringify(renderOpenApi(version, readExampleAnswers()), null, '\t')}\n` },
	{ file: 'public/admin/reference.html', text: renderApiReference(readExampleAnswers()) },
];

for (const { file, text } of files) {
	if (!process.argv.includes('--check')) await writeFile(join(ROOT, file), text);
	else if ((await readText(file)) !== text) {
		process.stderr.write(`${file} is stale: run \`npm run schema\` and commit it.\n`);
		process.exitCode = 1;
	}
}
if (process.exitCode === undefined) process.stdout.write(`${files.length} files are what the code says.\n`);
