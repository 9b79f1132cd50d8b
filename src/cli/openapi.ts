/** The OpenAPI document of the admin API, from its table of operations and its schemas. An entry point's part: it looks into `admin/`. */
import { toJsonSchemaDefs } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import * as bodies from '../contract/bodies.ts';
import type { Operation } from '../contract/operation.ts';
import { OPERATIONS } from '../contract/operations.ts';
import { API_PROBLEMS, type ApiProblemCode } from '../contract/problems.ts';
import * as views from '../contract/views.ts';
import * as record from '../model/record.ts';

export type Json = null | string | number | boolean | readonly Json[] | { readonly [key: string]: Json };

const isSchema = (value: unknown): value is GenericSchema =>
	typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'schema';

/** Every schema that is exported, by its name. */
const SCHEMAS: Readonly<Record<string, GenericSchema>> = Object.fromEntries(
	[record, bodies, views]
		.flatMap((module) => Object.entries(module))
		.filter((entry): entry is [string, GenericSchema] => isSchema(entry[1])),
);

const ref = (name: string) => `#/components/schemas/${name}`;

function reference(schema: GenericSchema): Json {
	const name = Object.keys(SCHEMAS).find((candidate) => SCHEMAS[candidate] === schema);
	if (name === undefined) throw new Error('a schema of an operation is not exported');
	return { $ref: ref(name) };
}

/** Refusals that every operation of its kind has, and its own. */
export function refusalsOf({ need, refuses = [], body, bodyType, path, conditional, query = [] }: Operation): readonly ApiProblemCode[] {
	return [
		...new Set<ApiProblemCode>([
			...(need.kind === 'open' ? [] : (['unauthenticated', 'cross-site', 'not-configured'] as const)),
			...(need.kind === 'open' || need.kind === 'caller' ? [] : (['forbidden'] as const)),
			...(path.includes('{domain}') || query.some(({ name }) => name === 'domain') ? (['bad-domain'] as const) : []),
			...(query.length > 0 ? (['invalid'] as const) : []),
			...(body === undefined ? [] : (['too-large'] as const)),
			...(body === undefined || bodyType !== undefined ? [] : (['bad-json', 'invalid'] as const)),
			...(conditional === undefined ? [] : (['precondition-required'] as const)),
			...refuses,
			'too-many',
		]),
	];
}

function operationOf(operation: Operation): Json {
	const { id, title, says, need, query = [], path, conditional, body, bodyType, bodyOptional, status, view, viewType } = operation;
	const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => ({
		name: match[1] ?? '',
		in: 'path',
		required: true,
		schema: { type: 'string' },
	}));
	const inQuery = query.map(({ name, type, says: description }) => ({ name, in: 'query', description, schema: { type } }));
	const conditions = conditional === undefined ? [] : [header('If-Match', 'The revision it was made from, in quotes: the ETag.')];
	if (conditional === 'match-or-create') conditions.push(header('If-None-Match', '`*`: there must be no record yet.'));
	const failures = Map.groupBy(refusalsOf(operation), (code) => String(API_PROBLEMS[code].status));
	return {
		operationId: id,
		summary: title,
		description: `${says} ${whoMay(need)}`,
		tags: [path.split('/')[1] ?? ''],
		...(need.kind === 'open' ? { security: [] } : {}),
		parameters: [...inPath, ...inQuery, ...conditions],
		...(body === undefined
			? {}
			: {
					requestBody: {
						required: bodyOptional !== true,
						content: { [bodyType ?? 'application/json']: { schema: contentOf(body, bodyType) } },
					},
				}),
		responses: {
			[String(status)]: {
				description: title,
				...(view === null && viewType === undefined
					? {}
					: { content: { [viewType ?? 'application/json']: { schema: view === null ? { type: 'string' } : reference(view) } } }),
			},
			...Object.fromEntries([...failures].map(([code, codes]) => [code, problem(codes)])),
		},
	};
}

/** Documents are text to OpenAPI, and lines the schema of each (as 3.2's itemSchema has it; 3.1 allows the annotation). */
function contentOf(body: GenericSchema, type: Operation['bodyType']): Json {
	if (type === undefined) return reference(body);
	return type === 'application/xml' ? { type: 'string' } : { type: 'string', contentMediaType: type, contentSchema: reference(body) };
}

function header(name: string, description: string): { readonly [key: string]: Json } {
	return { name, in: 'header', description, schema: { type: 'string' } };
}

function problem(codes: readonly ApiProblemCode[]): Json {
	const description = codes.map((code) => `\`${code}\`: ${API_PROBLEMS[code].title}`).join(' ');
	return { description, content: { 'application/problem+json': { schema: { $ref: ref('ProblemView') } } } };
}

/** In words. */
export function whoMay(need: Operation['need']): string {
	switch (need.kind) {
		case 'open':
			return 'Needs no credentials.';
		case 'caller':
			return 'Needs any valid credentials.';
		case 'operator':
			return 'For operators.';
		case 'domain':
			return `Needs the role ${need.role} for the domain.`;
		case 'scope':
			return `Needs the role ${need.role}, and looks at each domain.`;
	}
}

/** The document, keys in a fixed order. */
export function openapi(version: string): Json {
	const { definitions } = definitionsOf();
	const paths: Record<string, Record<string, Json>> = {};
	for (const operation of OPERATIONS) {
		paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: operationOf(operation) };
	}
	const tags = [...new Set(OPERATIONS.map(({ path }) => path.split('/')[1] ?? ''))];
	return {
		openapi: '3.1.0',
		info: {
			title: 'Signpost admin API',
			version,
			description: 'Edits the records that mail clients are answered from. Errors are application/problem+json with a stable `code`.',
			license: { name: 'MIT', identifier: 'MIT' },
		},
		servers: [{ url: '/admin/api', description: 'This service, on its own host name (ADMIN_HOST).' }],
		security: [{ token: [] }, { session: [] }, { access: [] }],
		tags: tags.map((name) => ({ name, description: `Operations below /${name}.` })),
		paths,
		components: {
			securitySchemes: {
				token: { type: 'http', scheme: 'bearer', description: 'ADMIN_TOKEN, or a token minted here.' },
				session: { type: 'apiKey', in: 'cookie', name: '__Host-signpost', description: 'From POST /session.' },
				access: { type: 'apiKey', in: 'header', name: 'Cf-Access-Jwt-Assertion', description: 'Cloudflare Access adds it.' },
			},
			schemas: definitions,
		},
	};
}

function definitionsOf(): { readonly definitions: Json } {
	const defs = toJsonSchemaDefs(SCHEMAS, { typeMode: 'input', errorMode: 'ignore', overrideRef: ({ referenceId }) => ref(referenceId) });
	// Plain data by construction; through JSON it is so to the compiler too.
	return { definitions: JSON.parse(JSON.stringify(defs)) };
}
