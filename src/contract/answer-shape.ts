/** Checks that an answer of the admin API has the structure of its view, as far as the code that reads it depends on that. */
import type { GenericSchema } from 'valibot';

/**
 * Finds the first member of an answer that is not what its view says: one that is missing, or has another type. This is less strict than
 * the schema, on purpose: a newer service may send members and values that this program does not know yet, and a record may be older than
 * its present schema. The rest of such an answer is still of use.
 * @returns the path of that member, such as `domains.0.revision` (`''` for the whole answer); null where there is no fault
 */
export function findShapeFault(schema: GenericSchema, value: unknown, path = ''): string | null {
	const below = (inner: GenericSchema, member: unknown, key: string | number) =>
		findShapeFault(inner, member, path === '' ? String(key) : `${path}.${key}`);
	switch (schema.type) {
		case 'string':
		case 'number':
		case 'boolean':
			return typeof value === schema.type ? null : path;
		case 'picklist':
			return typeof value === 'string' ? null : path;
		case 'nullable':
			return value === null ? null : findShapeFault(wrapped(schema), value, path);
		case 'optional':
			return value === undefined ? null : findShapeFault(wrapped(schema), value, path);
		case 'union':
			return optionsOf(schema).some((option) => findShapeFault(option, value) === null) ? null : path;
		case 'array': {
			if (!Array.isArray(value)) return path;
			const item = 'item' in schema ? (schema.item as GenericSchema) : null;
			for (const [at, member] of value.entries()) {
				const fault = item === null ? null : below(item, member, at);
				if (fault !== null) return fault;
			}
			return null;
		}
		case 'object':
		case 'loose_object': {
			if (typeof value !== 'object' || value === null || Array.isArray(value)) return path;
			for (const [name, inner] of Object.entries('entries' in schema ? (schema.entries as Record<string, GenericSchema>) : {})) {
				const fault = below(inner, Reflect.get(value, name), name);
				if (fault !== null) return fault;
			}
			return null;
		}
		case 'literal':
			return 'literal' in schema && schema.literal === value ? null : path;
		default:
			// A record, or a document of any kind: the code that reads it validates it with a schema of its own.
			return null;
	}
}

function wrapped(schema: GenericSchema): GenericSchema {
	return 'wrapped' in schema ? (schema.wrapped as GenericSchema) : schema;
}

function optionsOf(schema: GenericSchema): readonly GenericSchema[] {
	return 'options' in schema ? (schema.options as readonly GenericSchema[]) : [];
}
