/** What the schema says of a field: its title and its help, by path. The form has no second copy of them. */
import * as v from 'valibot';
import { AliasRecord, DomainRecord } from '../../../model/record.ts';
import { SOCKET_SERVICE_ORDER, SOCKET_SERVICES } from '../../../model/service-ports.ts';

/** What a service is called is said where its ports are. */
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

/** As `services.imap.host`. A field without a title is called by its name. */
export function fieldMetadata(path: string): FieldMetadata {
	const keys = path.split('.');
	const found = schemaAt(path === 'of' ? AliasRecord : DomainRecord, keys);
	const { title, description } = found === null ? { title: null, description: null } : schemaMetadata(found);
	return { title: title ?? SERVICE_TITLES[path] ?? keys.at(-1) ?? path, help: description ?? '' };
}

function schemaAt(schema: unknown, keys: readonly string[]): v.GenericSchema | null {
	const bare = unwrapOptional(schema);
	const [key, ...rest] = keys;
	if (key === undefined) return isSchema(bare) ? bare : null;
	if (!isSchema(bare)) return null;
	if ('entries' in bare) {
		const entries: unknown = bare.entries;
		return typeof entries === 'object' && entries !== null ? schemaAt(Reflect.get(entries, key), rest) : null;
	}
	// STARTTLS is a port, null, or an object with an end: only the object has fields.
	const options: readonly unknown[] = 'options' in bare && Array.isArray(bare.options) ? bare.options : [];
	return options.map((option) => schemaAt(option, keys)).find((found) => found !== null) ?? null;
}

/** The schema inside `optional`. */
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
