/** Whether an answer has the shape of its view, as far as reading it depends on that. */
import type { GenericSchema } from 'valibot';

/**
 * Looks for the first place where an answer is not what its view says: a missing member, a list that is none, a number that is text.
 * Looser than the schema on purpose. A newer service may send members and words that this program does not know yet, and a record may be older
 * than its present schema; neither is a reason to show nothing.
 * @returns the path of that place, such as `domains.0.revision` (`''` for the whole answer), or null where all is well
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
			// A record, or a document of any kind: whoever reads it looks at it with its own schema.
			return null;
	}
}

function wrapped(schema: GenericSchema): GenericSchema {
	return 'wrapped' in schema ? (schema.wrapped as GenericSchema) : schema;
}

function optionsOf(schema: GenericSchema): readonly GenericSchema[] {
	return 'options' in schema ? (schema.options as readonly GenericSchema[]) : [];
}
