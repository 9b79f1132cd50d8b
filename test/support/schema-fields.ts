/** The fields of a domain's record, read from the published JSON schema. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface JsonSchema {
	readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** The paths of all fields that hold a value, for example `services.imap.host`. `$schema` and `kind` are left out: no form asks for them. */
export function domainRecordFields(): readonly string[] {
	const schema: { readonly oneOf: readonly [JsonSchema] } = JSON.parse(
		readFileSync(join(import.meta.dirname, '../../public/record.schema.json'), 'utf8'),
	);
	return fieldPaths(schema.oneOf[0], '').filter((path) => !['$schema', 'kind'].includes(path));
}

function fieldPaths({ properties = {} }: JsonSchema, prefix: string): readonly string[] {
	return Object.entries(properties).flatMap(([key, schema]) => {
		const path = `${prefix}${key}`;
		return schema.properties === undefined ? [path] : fieldPaths(schema, `${path}.`);
	});
}
