/** The title and help text of a field, read from the record's schema, so that the form has no copy of them. */
import * as v from 'valibot';
import { AliasRecord, DomainRecord } from '../../../model/record.ts';
import { SOCKET_SERVICE_ORDER, SOCKET_SERVICES } from '../../../model/service-ports.ts';

/** The names of services, for which the schema has no titles. */
const SERVICE_TITLES: Readonly<Record<string, string>> = {
	...Object.fromEntries(SOCKET_SERVICE_ORDER.map((service) => [`services.${service}`, SOCKET_SERVICES[service].title])),
	'services.jmap': 'JMAP',
	'services.caldav': 'CalDAV',
	'services.carddav': 'CardDAV',
	'services.webdav': 'WebDAV',
};

export interface FieldMetadata {
	readonly title: string;
	readonly help: string;
}

/** @param path for example `services.imap.host`. The title of a field without one in the schema is its key. */
export function fieldMetadata(path: string): FieldMetadata {
	const keys = path.split('.');
	const found = schemaAt(path === 'of' ? AliasRecord : DomainRecord, keys);
	const { title, description } = found === null ? { title: null, description: null } : schemaMetadata(found);
	return { title: title ?? SERVICE_TITLES[path] ?? keys.at(-1) ?? path, help: description ?? '' };
}

function schemaAt(schema: unknown, keys: readonly string[]): v.GenericSchema | null {
	const unwrapped = unwrapOptional(schema);
	const [key, ...rest] = keys;
	if (key === undefined) return isSchema(unwrapped) ? unwrapped : null;
	if (!isSchema(unwrapped)) return null;
	if ('entries' in unwrapped) {
		const entries: unknown = unwrapped.entries;
		return typeof entries === 'object' && entries !== null ? schemaAt(Reflect.get(entries, key), rest) : null;
	}
	// The schema of STARTTLS allows a port, null, or an object with an end date. Only the object has fields.
	const options: readonly unknown[] = 'options' in unwrapped && Array.isArray(unwrapped.options) ? unwrapped.options : [];
	return options.map((option) => schemaAt(option, keys)).find((found) => found !== null) ?? null;
}

/** The schema inside `v.optional`; any other schema unchanged. */
function unwrapOptional(schema: unknown): unknown {
	return isSchema(schema) && schema.type === 'optional' && 'wrapped' in schema ? schema.wrapped : schema;
}

function isSchema(value: unknown): value is v.GenericSchema {
	return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'schema';
}

function schemaMetadata(schema: v.GenericSchema): { readonly title: string | null; readonly description: string | null } {
	const { title, description } = v.getMetadata(schema);
	return { title: stringOrNull(v.getTitle(schema) ?? title), description: stringOrNull(v.getDescription(schema) ?? description) };
}

function stringOrNull(value: unknown): string | null {
	return typeof value === 'string' ? value : null;
}
