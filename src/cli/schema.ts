/** `npm run schema`: writes the JSON Schema of a record from the schema that checks it. `--check` compares instead. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toJsonSchema } from '@valibot/to-json-schema';
import { ServiceRecord } from '../model/record.ts';

const FILE = join(import.meta.dirname, '../../public/record.schema.json');

/** What is written in a record, not what it is turned into: checks that JSON Schema has no words for are left to the service. */
function rendered(): string {
	const schema = toJsonSchema(ServiceRecord, { typeMode: 'input', errorMode: 'ignore' });
	return `${JSON.stringify({ title: 'Signpost record', ...schema }, null, '\t')}\n`;
}

if (process.argv.includes('--check')) {
	if ((await readFile(FILE, 'utf8')) === rendered()) process.stdout.write('public/record.schema.json is what the code says.\n');
	else {
		process.stderr.write('public/record.schema.json is stale: run `npm run schema` and commit it.\n');
		process.exitCode = 1;
	}
} else await writeFile(FILE, rendered());
