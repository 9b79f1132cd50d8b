/** The title and help text of a field, read from the record's schema, so that the form has no copy of them. */
import * as v from 'valibot';
import { AliasRecord, DomainRecord } from '../../../model/record.ts';
import { SOCKET_SERVICE_ORDER, SOCKET_SERVICES } from '../../../model/service-ports.ts';

/** The names of services, for which the schema has no titles. */
const SERVICE_TITLES: Readonly<Record<string, string>> = {
	...Object.fromEntries(SOCKET_SERVICE_ORDER.map((service) => [`services.${service}`, SOCKET_SERVICES[service].title])),
	provider: 'Provider',
	'services.jmap': 'JMAP',
	'services.caldav': 'CalDAV',
	'services.carddav': 'CardDAV',
	'services.webdav': 'WebDAV',
	'services.activesync': 'ActiveSync',
	// Fields of requests beside the record.
	domains: 'Domains',
	domain: 'Domain',
	days: 'Valid for',
	tags: 'Tags',
	url: 'URL',
	events: 'Events',
	note: 'Reason',
};

/**
 * Help for the form where the schema's own is for people who write JSON: it names values that the form offers as choices. The keys are
 * paths, or the last part of a path.
 */
const FORM_HELP: Readonly<Record<string, string>> = {
	implicit: 'Encrypted from the first byte; every current mail app can use it.',
	starttls: 'For older apps: begins without encryption and upgrades.',
	auth: 'In order of preference. OAuth 2.0 needs its addresses below.',
	names: 'Which host names of the domain lead to this service. Choose fewer where another service has some of them.',
	login: 'What the user logs in with. %EMAILADDRESS% and %EMAILLOCALPART% stand for the address and the part before the @.',
	services: 'What your servers offer. Order, ports and security of what apps are told follow from it.',
	autodiscover: 'Where Outlook and others ask for the settings of this domain: here, or at another service that has the name in DNS.',
	loginDomain: 'For domains with letters beyond a to z: how the server wants the domain in a user name.',
	without: 'Fields of the other domain that do not hold for this one. It has their defaults, or none.',
	'mtaSts.mode': 'Begin with testing, and enforce when the reports show no failures.',
	'provider.logo':
		'Address of a picture that every visitor of the set-up page fetches, or the picture itself as a data: URL of 12 KB at most.',
	'tlsRpt.rua': 'Addresses such as mailto:tls@example.org, or https addresses.',
};

const SECTION_TITLES: Readonly<Record<string, string>> = { oauth: 'OAuth 2.0' };

export interface FieldMetadata {
	readonly title: string;
	readonly help: string;
}

/** @param path for example `services.imap.host`. The title of a field without one in the schema is its key. */
export function fieldMetadata(path: string): FieldMetadata {
	const keys = path.split('.');
	const found = schemaAt(path === 'of' || path === 'without' ? AliasRecord : DomainRecord, keys);
	const { title, description } = found === null ? { title: null, description: null } : schemaMetadata(found);
	return {
		title: title ?? SERVICE_TITLES[path] ?? keys.at(-1) ?? path,
		help: FORM_HELP[path] ?? FORM_HELP[keys.at(-1) ?? ''] ?? description ?? '',
	};
}

/** What a path is called in a sentence: the service and the field, as `IMAP: Host`; the place in a list where the path has one. */
export function fieldLabel(path: string): string {
	const keys = path.split('.');
	const index = Number(keys.at(-1));
	const isEntry = keys.length > 1 && Number.isInteger(index);
	const bare = isEntry ? keys.slice(0, -1).join('.') : path;
	const section = /^(?:services\.\w+|oauth|mtaSts|tlsRpt)(?=\.)/.exec(bare)?.[0];
	const title =
		section === undefined
			? fieldMetadata(bare).title
			: `${SECTION_TITLES[section] ?? fieldMetadata(section).title}: ${fieldMetadata(bare).title}`;
	return isEntry ? `${title}, line ${index + 1}` : title;
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
