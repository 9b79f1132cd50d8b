/** The reference page of the admin API. It is whole without its script, which only searches, and requests nothing from other hosts. */
import { toJsonSchema } from '@valibot/to-json-schema';
import { html } from 'hono/html';
import type { GenericSchema } from 'valibot';
import { quoteForShell } from '../../cli/shell-quote.ts';
import { API_PROBLEMS } from '../../contract/api-problems.ts';
import type { Operation } from '../../contract/operation.ts';
import { API_BASE_PATH } from '../../contract/operation.ts';
import { OPERATIONS } from '../../contract/operations.ts';
import { API_EXAMPLES, type ApiExample } from './api-examples.ts';
import { API_LIMITS } from './api-limits.ts';
import { type ExampleAnswers, operationTag, problemCodesOf, requiredRole } from './openapi.ts';

/** The part of JSON Schema that the lists of fields read. */
interface JsonSchema {
	readonly description?: string;
	readonly enum?: readonly unknown[];
	readonly properties?: Readonly<Record<string, JsonSchema>>;
	readonly required?: readonly string[];
}

const EXAMPLES: { readonly [operation: string]: ApiExample } = API_EXAMPLES;

/** @param answers what the service answered to the examples */
export function renderApiReference(answers: ExampleAnswers): string {
	const operations = OPERATIONS.map((operation) => renderOperationSection(operation, answers)).join('');
	const groups = [...Map.groupBy<string, Operation>(OPERATIONS, operationTag)].map(
		([tag, members]) => `<div>\n<h3>${tag}</h3>\n<ul>\n${members.map(renderIndexEntry).join('')}</ul>\n</div>\n`,
	);
	const problems = Object.entries(API_PROBLEMS).map(
		([code, { status, title }]) =>
			`<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${renderInlineText(title)}</td></tr>\n`,
	);
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Signpost admin API</title>
<meta name="color-scheme" content="light dark">
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/reference.css">
<script type="module" src="/assets/search-reference.js"></script>
</head>
<body>
<main>
<h1>Signpost admin API</h1>
<p>Everything is below <code>${API_BASE_PATH}</code>, on the service’s own host name. Credentials: <code>Authorization: Bearer</code> with the operator’s token or one that was created for you, the cookie of
<a href="#openSession">a browser session</a>, or Cloudflare Access. Roles, each with all before it: preview, read, write, admin. The machine-readable description is
<a href="${API_BASE_PATH}/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
<p>A record’s ETag is its revision. A change needs <code>If-Match</code> with it, a creation <code>If-None-Match: *</code>. Times are ISO 8601 in UTC.</p>
<pre><code>curl -H "Authorization: Bearer $TOKEN" https://…${API_BASE_PATH}/domains/example.org
curl -H "Authorization: Bearer $TOKEN" -H 'If-Match: "1"' -X PUT -d '{"record": {…}, "note": "why"}' https://…${API_BASE_PATH}/domains/example.org</code></pre>
<p><a href="/admin/reference/try">Try requests</a> in the browser, as you are logged in.</p>
<form id="search" role="search" hidden><label>Search <input type="search" autocomplete="off" aria-keyshortcuts="/"></label><output></output></form>
<h2>Operations</h2>
<nav id="operations" aria-label="Operations">
${groups.join('')}</nav>

${operations}<h2>Problems</h2>
<p>Errors are <code>application/problem+json</code>: <code>code</code> is stable, <code>errors</code> has the path of each field at fault, <code>current</code> the record as it stands.</p>
<table>
<thead><tr><th>code</th><th>status</th><th>what it means</th></tr></thead>
<tbody>
${problems.join('')}</tbody>
</table>
<h2>Limits</h2>
<table>
<tbody>
${API_LIMITS.map(([what, limit]) => `<tr><td>${what}</td><td>${limit}</td></tr>\n`).join('')}</tbody>
</table>
</main>
</body>
</html>
`;
}

function renderIndexEntry({ id, method, path, title }: Operation): string {
	return `<li><a href="#${id}">${title}</a>: <code>${method} ${path}</code></li>\n`;
}

function renderOperationSection(operation: Operation, answers: ExampleAnswers): string {
	const { id, method, path, title, description, permission, query = [], conditional, body, bodyType, view, viewType } = operation;
	const rows = query.map(({ name, description: text }) => `<li><code>${name}</code>: ${renderInlineText(text)}</li>\n`).join('');
	const conditions =
		conditional === undefined
			? ''
			: `<p>Needs <code>If-Match</code>${conditional === 'match' ? '' : ', or <code>If-None-Match: *</code>'}.</p>\n`;
	const refusals = problemCodesOf(operation)
		.map((code) => `<a href="#${code}"><code>${code}</code></a>`)
		.join(', ');
	return `<section id="${id}">
<h3>${title}</h3>
<p><code>${method} ${API_BASE_PATH}${path}</code></p>
<p>${renderInlineText(description)} ${requiredRole(permission)}</p>
${conditions}${rows === '' ? '' : `<ul>\n${rows}</ul>\n`}${renderFieldList(bodyType === 'application/x-ndjson' ? 'A line has' : 'The body has', body)}${
	viewType === undefined ? renderFieldList('The answer has', view ?? undefined) : ''
}<p>May refuse with ${refusals}.</p>
${renderExample(operation, answers)}<p><a href="/admin/reference/try#/${operationTag(operation)}/${id}" aria-label="Try it: ${title}">Try it</a></p>
</section>
`;
}

/** The example of an operation, as a command and what it prints. */
function renderExample(operation: Operation, answers: ExampleAnswers): string {
	const { id, viewType } = operation;
	const answer = answers[id];
	const lines =
		viewType !== undefined && Array.isArray(answer) ? answer.map((line) => JSON.stringify(line)) : [JSON.stringify(answer, null, 2)];
	const printed = answer === undefined ? '' : `<pre><code>${html`${lines.join('\n')}`}</code></pre>\n`;
	return `<details>
<summary>Example</summary>
<pre><code>${html`${renderCommand(operation, EXAMPLES[id] ?? {})}`}</code></pre>
${printed}</details>
`;
}

/** The request of an example as a command for a shell. */
function renderCommand(
	{ method, path, permission, bodyType }: Operation,
	{ path: variables = {}, query = {}, headers = {}, body }: ApiExample,
): string {
	const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => variables[name] ?? '');
	const parameters = Object.keys(query).length === 0 ? '' : `?${new URLSearchParams(query)}`;
	return [
		`curl -X ${method}`,
		...(permission.kind === 'open' ? [] : ['-H "Authorization: Bearer $TOKEN"']),
		...Object.entries(headers).map(([name, value]) => `-H ${quoteForShell(`${name}: ${value}`)}`),
		...(body === undefined ? [] : [`-H ${quoteForShell(`Content-Type: ${bodyType ?? 'application/json'}`)}`]),
		...(body === undefined ? [] : [`--data-binary ${quoteForShell(typeof body === 'string' ? body : JSON.stringify(body))}`]),
		quoteForShell(`https://signpost.example.net${API_BASE_PATH}${filled}${parameters}`),
	].join(' \\\n  ');
}

/** The fields of an object, one on each line; empty where the schema is not an object. */
function renderFieldList(begins: string, schema: GenericSchema | undefined): string {
	if (schema === undefined) return '';
	const json = JSON.stringify(toJsonSchema(schema, { typeMode: 'input', errorMode: 'ignore' }));
	const { properties, required = [] }: JsonSchema = JSON.parse(json);
	if (properties === undefined) return '';
	const told = Object.entries(properties).map(([name, { description = '', enum: words }]) => {
		const optional = begins === 'The answer has' || required.includes(name) ? '' : ' (optional)';
		const one = words === undefined ? '' : ` One of ${words.map((word) => `\`${word}\``).join(', ')}.`;
		const says = `${name === 'record' ? 'As `/record.schema.json` has it.' : description}${one}`.trim();
		return `<li><code>${name}</code>${optional}${says === '' ? '' : `: ${renderInlineText(says)}`}</li>\n`;
	});
	return `<p>${begins}</p>\n<ul>\n${told.join('')}</ul>\n`;
}

/** Text as HTML; what stands between back-quotes becomes a `code` element. */
function renderInlineText(text: string): string {
	const safe = String(html`${text}`);
	return safe.replace(/`([^`]+)`/g, '<code>$1</code>');
}
