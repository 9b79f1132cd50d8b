/** Makes the OpenAPI document of the admin API from the table of operations and their schemas. */
import { toJsonSchemaDefs } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import { API_PROBLEMS, type ApiProblemCode } from '../../contract/api-problems.ts';
import * as backup from '../../contract/backup-lines.ts';
import * as bodies from '../../contract/bodies.ts';
import * as bulkEdit from '../../contract/bulk-edit-view.ts';
import * as checks from '../../contract/checks/check-results.ts';
import * as claims from '../../contract/claim-views.ts';
import * as hostnames from '../../contract/hostnames/hostname-views.ts';
import * as lines from '../../contract/line-views.ts';
import { needsProvedClaim, type Operation } from '../../contract/operation.ts';
import { OPERATIONS } from '../../contract/operations.ts';
import * as publication from '../../contract/publication/publication-views.ts';
import * as tokens from '../../contract/tokens/token-views.ts';
import * as views from '../../contract/views.ts';
import * as webhooks from '../../contract/webhooks/webhook-views.ts';
import * as record from '../../model/record.ts';
import { API_EXAMPLES, type ApiExample } from './api-examples.ts';
import type { JsonValue } from './json-value.ts';

/** What the service answered to the examples of `api-examples.ts`, by operation: an answer, or the lines of one. */
export type ExampleAnswers = { readonly [operation: string]: JsonValue };

const EXAMPLES: { readonly [operation: string]: ApiExample } = API_EXAMPLES;

const isSchema = (value: unknown): value is GenericSchema =>
	typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'schema';

/** Every exported schema, by its name. */
const SCHEMAS: Readonly<Record<string, GenericSchema>> = Object.fromEntries(
	[record, bodies, backup, bulkEdit, checks, claims, hostnames, lines, publication, tokens, views, webhooks]
		.flatMap((module) => Object.entries(module))
		.filter((entry): entry is [string, GenericSchema] => isSchema(entry[1])),
);

const schemaPath = (name: string) => `#/components/schemas/${name}`;

function schemaReference(schema: GenericSchema): JsonValue {
	const name = Object.keys(SCHEMAS).find((candidate) => SCHEMAS[candidate] === schema);
	if (name === undefined) throw new Error('a schema of an operation is not exported');
	return { $ref: schemaPath(name) };
}

/** The group that an operation stands in: the first part of its path. */
export function operationTag({ path }: Pick<Operation, 'path'>): string {
	return path.split('/')[1] ?? '';
}

/** The problems that an operation may answer with: those that every operation of its kind has, and its own. */
export function problemCodesOf(operation: Operation): readonly ApiProblemCode[] {
	const { permission, problems = [], body, bodyType, path, conditional, query = [] } = operation;
	return [
		...new Set<ApiProblemCode>([
			'data-elsewhere',
			...(permission.kind === 'open' ? [] : (['unauthenticated', 'cross-site', 'not-configured'] as const)),
			...(permission.kind === 'open' || permission.kind === 'caller' ? [] : (['forbidden'] as const)),
			// Whatever can be changed with the token of a claim.
			...(needsProvedClaim(operation) ? (['claim-unproved', 'source-unreachable'] as const) : []),
			...(path.includes('{domain}') || query.some(({ name }) => name === 'domain') ? (['bad-domain'] as const) : []),
			// Every operation refuses query parameters that it does not have.
			'invalid',
			...(body === undefined ? [] : (['too-large'] as const)),
			...(body === undefined || bodyType !== undefined ? [] : (['bad-json'] as const)),
			...(conditional === undefined ? [] : (['precondition-required'] as const)),
			...problems,
			'too-many',
		]),
	];
}

function renderOperation(operation: Operation, answers: ExampleAnswers): JsonValue {
	const {
		id,
		title,
		description: says,
		permission,
		query = [],
		path,
		conditional,
		body,
		bodyType,
		bodyOptional,
		status,
		view,
		viewType,
	} = operation;
	const example = EXAMPLES[id] ?? {};
	const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
		name,
		in: 'path',
		required: true,
		schema: { type: 'string' },
		...exampleMember(example.path?.[name]),
	}));
	const inQuery = query.map(({ name, type, description }) => ({
		name,
		in: 'query',
		description,
		schema: { type },
		...exampleMember(parseParameter(type, example.query?.[name])),
	}));
	const conditions =
		conditional === undefined
			? []
			: [headerParameter('If-Match', 'The revision it was made from, in quotes: the ETag.', example.headers?.['If-Match'])];
	if (conditional !== undefined)
		conditions.push(headerParameter('Prefer', '`return=minimal`: the answer is 204 with the new revision in the ETag, and nothing else.'));
	if (conditional === 'match-or-create')
		conditions.push(headerParameter('If-None-Match', '`*`: there must be no record yet.', example.headers?.['If-None-Match']));
	const failures = Map.groupBy(problemCodesOf(operation), (code) => String(API_PROBLEMS[code].status));
	return {
		operationId: id,
		summary: title,
		description: `${says} ${requiredRole(permission)}`,
		tags: [operationTag(operation)],
		...(permission.kind === 'open' ? { security: [] } : {}),
		parameters: [...inPath, ...inQuery, ...conditions],
		...(body === undefined
			? {}
			: {
					requestBody: {
						required: bodyOptional !== true,
						content: { [bodyType ?? 'application/json']: { schema: bodySchema(body, bodyType), ...exampleMember(example.body) } },
					},
				}),
		responses: {
			[String(status)]: {
				description: title,
				...(view === null && viewType === undefined
					? {}
					: {
							content: {
								[viewType ?? 'application/json']: {
									schema: view === null ? { type: 'string' } : schemaReference(view),
									...exampleMember(exampleAnswer(operation, answers)),
								},
							},
						}),
			},
			...(conditional === undefined ? {} : { '204': { description: `${title}, with \`Prefer: return=minimal\`.` } }),
			...Object.fromEntries([...failures].map(([code, codes]) => [code, problemResponse(codes)])),
		},
	};
}

/** The content of a body or an answer. For lines of JSON the schema describes one line, as `itemSchema` of OpenAPI 3.2 does; 3.1 allows it as an annotation. */
function bodySchema(body: GenericSchema, type: Operation['bodyType']): JsonValue {
	if (type === undefined) return schemaReference(body);
	if (type === 'application/merge-patch+json') return schemaReference(body);
	return type === 'application/xml' ? { type: 'string' } : { type: 'string', contentMediaType: type, contentSchema: schemaReference(body) };
}

function headerParameter(name: string, description: string, example?: string): { readonly [key: string]: JsonValue } {
	return { name, in: 'header', description, schema: { type: 'string' }, ...exampleMember(example) };
}

function exampleMember(example: JsonValue | undefined): { readonly example?: JsonValue } {
	return example === undefined ? {} : { example };
}

/** A parameter's value as JSON has it. */
function parseParameter(type: 'string' | 'integer' | 'boolean', text: string | undefined): JsonValue | undefined {
	return text === undefined || type === 'string' ? text : JSON.parse(text);
}

/** What the service answered to the example: a document, or the first of its lines, which is what the schema describes. */
function exampleAnswer({ id, viewType }: Operation, answers: ExampleAnswers): JsonValue | undefined {
	// The answer of this operation is the document itself.
	if (id === 'readOpenapi') return undefined;
	const answer = answers[id];
	if (answer === undefined) throw new Error(`api-examples.json has no answer to ${id}: test/admin/api-examples.test.ts writes it`);
	return viewType !== undefined && Array.isArray(answer) ? answer[0] : answer;
}

function problemResponse(codes: readonly ApiProblemCode[]): JsonValue {
	const description = codes.map((code) => `\`${code}\`: ${API_PROBLEMS[code].title}`).join(' ');
	return { description, content: { 'application/problem+json': { schema: { $ref: schemaPath('ProblemView') } } } };
}

/** Describes who may call an operation. */
export function requiredRole(need: Operation['permission']): string {
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

/** The whole document, with the answers to the examples. Its keys have a fixed order, so that equal input gives equal bytes. */
export function renderOpenApi(version: string, answers: ExampleAnswers): JsonValue {
	const { definitions } = schemaDefinitions();
	const paths: Record<string, Record<string, JsonValue>> = {};
	for (const operation of OPERATIONS) {
		paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: renderOperation(operation, answers) };
	}
	const tags = [...new Set(OPERATIONS.map(operationTag))];
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
				token: { type: 'http', scheme: 'bearer', description: 'ADMIN_TOKEN, or a token created here.' },
				session: { type: 'apiKey', in: 'cookie', name: '__Host-signpost', description: 'From POST /session.' },
				access: { type: 'apiKey', in: 'header', name: 'Cf-Access-Jwt-Assertion', description: 'Cloudflare Access adds it.' },
			},
			schemas: definitions,
		},
	};
}

function schemaDefinitions(): { readonly definitions: JsonValue } {
	const defs = toJsonSchemaDefs(SCHEMAS, {
		typeMode: 'input',
		errorMode: 'ignore',
		overrideRef: ({ referenceId }) => schemaPath(referenceId),
	});
	// It is plain data already; the way through JSON tells the compiler so.
	return { definitions: JSON.parse(JSON.stringify(defs)) };
}
