/** The routes of the admin API: one for each operation, the checks that all of them share, and the static pages. */
import { type Context, Hono } from 'hono';
import { type ApiProblem, INTERNAL_FAILURE } from '../contract/api-problems.ts';
import { parseConsoleRoute } from '../contract/console-routes.ts';
import { API_BASE_PATH, needsProvedClaim, type Operation } from '../contract/operation.ts';
import { OPERATIONS, type OperationId } from '../contract/operations.ts';
import { roleAllows } from '../contract/roles.ts';
import { STRICT_TRANSPORT_SECURITY } from '../lib/http/strict-transport-security.ts';
import { err, type Result } from '../lib/result.ts';
import type { RecordFault } from '../model/record.ts';
import { parseRecordName, type RecordName } from '../model/record-name.ts';
import type { AdminDependencies } from './admin-dependencies.ts';
import { type Authenticator, createAuthenticator } from './auth/authenticator.ts';
import { findClaimProblem } from './auth/claim-check.ts';
import { ANONYMOUS, hasRole, type Principal } from './auth/principal.ts';
import { dependenciesFor } from './auth/visible-history.ts';
import { renderConsoleDocument } from './console-document.tsx';
import type { ApiResponse, Handler, HandlerContext, HandlerResult } from './handler.ts';
import { closeSession, openSession, readSession } from './handlers/browser-session.ts';
import { editRecords, undoBulkEdit } from './handlers/bulk-edit.ts';
import { exportRecords } from './handlers/bulk-export.ts';
import { importRecords } from './handlers/bulk-import.ts';
import { readDns, readDnsRecords } from './handlers/dns-comparison.ts';
import { readCheck, sendCheck } from './handlers/domain-checks.ts';
import { openClaim, proveClaim, readClaim, releaseClaim } from './handlers/domain-claims.ts';
import { rebuildDirectory, republishRecords } from './handlers/domain-directory.ts';
import { readAudit, readHistory, readRevision, restoreDomain } from './handlers/domain-history.ts';
import {
	adoptDomain,
	deleteDomain,
	listDomains,
	overwriteDomain,
	patchDomain,
	putDomain,
	readAliases,
	readDomain,
} from './handlers/domains.ts';
import { listHostnames, readHostnames, recheckHostnames } from './handlers/hostname-list.ts';
import { importAutoconfig, importAutomx2, importSrv } from './handlers/import.ts';
import { importConfiguration } from './handlers/import-configuration.ts';
import { readBackup } from './handlers/read-backup.ts';
import { preview } from './handlers/record-preview.ts';
import { restoreBackup } from './handlers/restore-backup.ts';
import { listTokens, mintToken, revokeToken } from './handlers/token-management.ts';
import { readUsage } from './handlers/usage-report.ts';
import { createWebhook, deleteWebhook, enableWebhook, listWebhooks, readDeliveries, testWebhook } from './handlers/webhook-management.ts';
import { publishDns, readPublication } from './handlers/zone-publishing.ts';
import { problemResponse, reportOutage } from './problem-json.ts';

const HANDLERS: Readonly<Record<Exclude<OperationId, 'readOpenapi'>, Handler>> = {
	readSession,
	openSession,
	closeSession,
	listDomains,
	readDomain,
	readAliases,
	readDns,
	readDnsRecords,
	readPublication,
	publishDns,
	readCheck,
	sendCheck,
	putDomain,
	patchDomain,
	editRecords,
	undoBulkEdit,
	deleteDomain,
	readHistory,
	readRevision,
	restoreDomain,
	adoptDomain,
	overwriteDomain,
	preview,
	importRecords,
	importAutoconfig,
	importSrv,
	importAutomx2,
	importConfiguration,
	exportRecords,
	listTokens,
	mintToken,
	revokeToken,
	readAudit,
	readUsage,
	listWebhooks,
	createWebhook,
	deleteWebhook,
	enableWebhook,
	testWebhook,
	readDeliveries,
	listHostnames,
	readHostnames,
	recheckHostnames,
	openClaim,
	proveClaim,
	readClaim,
	releaseClaim,
	readBackup,
	restoreBackup,
	rebuildDirectory,
	republishRecords,
};

/** Creates the admin application. It answers on any host name; the caller has checked it. */
export function createAdminRouter(parts: AdminDependencies): Hono {
	const auth = createAuthenticator(parts);
	const app = new Hono();
	app.onError(renderOutage);
	app.use('*', async (context, next) => {
		await next();
		if (new URL(context.req.url).protocol === 'https:') context.res.headers.set('Strict-Transport-Security', STRICT_TRANSPORT_SECURITY);
	});
	for (const operation of OPERATIONS) {
		const path = API_BASE_PATH + operation.path.replace(/\{(\w+)\}/g, ':$1');
		const handler = operation.id === 'readOpenapi' ? null : HANDLERS[operation.id];
		if (handler !== null) app.on(operation.method, path, guard(operation, handler, auth, parts));
	}
	app.all('*', (context) => fallback(context, parts));
	return app;
}

/** The checks before every operation: authentication, permission, and the limit of requests. */
function guard(operation: Operation, handler: Handler, auth: Authenticator, parts: AdminDependencies) {
	return async (context: Context): Promise<Response> => {
		const request = context.req.raw;
		const url = new URL(request.url);
		const variables = context.req.param();
		const name = variables.domain === undefined ? '*' : parseRecordName(variables.domain);
		// In another jurisdiction the same names are other, empty objects: nothing may be read as lost, or saved there.
		if (await parts.isDataElsewhere()) return problemResponse({ code: 'data-elsewhere' });
		const caller: Result<Principal, ApiProblem> =
			operation.permission.kind === 'open' ? await limitAnonymous(request, parts) : await auth.authenticate(request, url);
		const answered = caller.ok
			? await runHandler(operation, handler, name, {
					request,
					url,
					pathParameters: variables,
					principal: caller.value,
					dependencies: parts,
					authenticator: auth,
				})
			: caller;
		return answered.ok ? renderApiResponse(answered.value, prefersMinimal(operation, request)) : problemResponse(answered.error);
	};
}

/** Public operations need no credentials, but are limited for each client address. */
async function limitAnonymous(request: Request, { isWithinRequestLimit }: AdminDependencies): Promise<Result<Principal, ApiProblem>> {
	const from = request.headers.get('CF-Connecting-IP') ?? '';
	return (await isWithinRequestLimit(`open ${from}`)) ? { ok: true, value: ANONYMOUS } : err({ code: 'too-many' });
}

async function runHandler(
	operation: Operation,
	handler: Handler,
	name: RecordName | null,
	ask: Omit<HandlerContext, 'name'>,
): Promise<HandlerResult> {
	const { principal, dependencies } = ask;
	if (name === null) return err({ code: 'bad-domain' });
	const refusal = await authorizationProblem(operation, name, ask);
	if (refusal !== null) return err(refusal);
	// The operator is not limited.
	if (principal.domains !== 'all' && principal !== ANONYMOUS && !(await dependencies.isWithinRequestLimit(principal.account)))
		return err({ code: 'too-many' });
	const wrongParameters = queryParameterFaults(operation, ask.url);
	if (wrongParameters.length > 0) return err({ code: 'invalid', errors: wrongParameters });
	const claimProblem =
		principal.claim !== null && needsProvedClaim(operation) ? await findClaimProblem(principal.claim, dependencies) : null;
	return claimProblem === null ? handler({ ...ask, name, dependencies: dependenciesFor(principal, dependencies) }) : err(claimProblem);
}

/** How many wrong query parameters an answer names, and how many characters of each name: the sender chooses both. */
const MAX_PARAMETER_FAULTS = 8;
const MAX_PARAMETER_LENGTH = 32;
/** How many characters of a Prefer header are read. */
const MAX_PREFER_LENGTH = 512;

/**
 * A parameter that the operation does not have, or that is there twice. It is refused, because ignoring it does something else than what
 * was asked for: `dryrun=true` would really import.
 */
function queryParameterFaults({ query = [] }: Operation, url: URL): readonly RecordFault[] {
	const known = query.map(({ name }) => name);
	const seen = new Set<string>();
	const faults: RecordFault[] = [];
	for (const name of url.searchParams.keys()) {
		const path = name.slice(0, MAX_PARAMETER_LENGTH);
		const expected = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
		if (!known.includes(name)) faults.push({ path, reason: `is no parameter of this operation; ${expected}` });
		else if (seen.has(name)) faults.push({ path, reason: 'is there twice' });
		seen.add(name);
		if (faults.length === MAX_PARAMETER_FAULTS) break;
	}
	return faults;
}

/** The one place that decides who may call an operation. Operations on several domains also check each of them. */
async function authorizationProblem(
	{ permission }: Operation,
	name: RecordName,
	{ principal: caller, dependencies }: Pick<HandlerContext, 'principal' | 'dependencies'>,
): Promise<ApiProblem | null> {
	switch (permission.kind) {
		case 'open':
		case 'caller':
			return null;
		case 'operator':
			return caller.domains === 'all' ? null : { code: 'forbidden', needed: 'operator' };
		case 'domain':
			return (await hasRole(caller, permission.role, name, dependencies))
				? null
				: { code: 'forbidden', needed: `${permission.role} ${name}` };
		case 'scope':
			return roleAllows(caller.role, permission.role) ? null : { code: 'forbidden', needed: permission.role };
	}
}

/** RFC 7240 §4.2: a write can be answered with its revision alone, in the ETag. */
function prefersMinimal({ conditional }: Operation, { headers }: Request): boolean {
	const preferences = (headers.get('Prefer') ?? '').slice(0, MAX_PREFER_LENGTH).split(',');
	return conditional !== undefined && preferences.some((text) => text.trim().toLowerCase() === 'return=minimal');
}

function renderApiResponse({ status = 200, body, revision, cookie }: ApiResponse, isMinimal: boolean): Response {
	const headers = new Headers({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
	if (isMinimal) headers.set('Preference-Applied', 'return=minimal');
	if (revision !== undefined) headers.set('ETag', `"${revision}"`);
	if (cookie !== undefined) headers.set('Set-Cookie', cookie);
	if (isMinimal) return new Response(null, { status: 204, headers });
	if (body === null) return new Response(null, { status, headers });
	if (body instanceof ReadableStream) {
		headers.set('Content-Type', 'application/x-ndjson');
		return new Response(body, { status, headers });
	}
	headers.set('Content-Type', 'application/json');
	// The line ends for the sake of people who use curl on a terminal.
	return new Response(`${JSON.stringify(body)}\n`, { status, headers });
}

/** Answers requests without an operation: a known path with another method, a page of the console, a static file, or 404. */
async function fallback(context: Context, parts: AdminDependencies): Promise<Response> {
	const { method, path } = context.req;
	const allow = OPERATIONS.filter((operation) => isOperationPath(operation.path, path)).map((operation) => operation.method);
	const reads = method === 'GET' || method === 'HEAD';
	if (allow.length > 0 && !(reads && path === `${API_BASE_PATH}/openapi.json`)) {
		return problemResponse({ code: 'method-not-allowed', allow: [...new Set(allow)].join(', ') });
	}
	if (reads) {
		if (parseConsoleRoute(path) !== null) return renderConsoleDocument(parts, 200);
		const page = await parts.fetchAsset(context.req.raw);
		if (page.status < 400) return withSecurityHeaders(page);
		// Browsers ask for HTML; scripts, which ask the API, get its own errors.
		if (!path.startsWith(API_BASE_PATH) && (context.req.header('Accept') ?? '').includes('text/html'))
			return renderConsoleDocument(parts, 404);
	}
	return problemResponse({ code: 'not-found' });
}

function isOperationPath(pattern: string, path: string): boolean {
	const expected = (API_BASE_PATH + pattern).split('/');
	const segments = path.split('/');
	return (
		expected.length === segments.length &&
		expected.every((part, at) => (part.startsWith('{') ? segments[at] !== '' : part === segments[at]))
	);
}

/** The headers of the admin's pages, which run only their own scripts and cannot be framed. Swagger UI has its icons as `data:` URLs. */
function withSecurityHeaders(page: Response): Response {
	const headers = new Headers(page.headers);
	headers.set(
		'Content-Security-Policy',
		"default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
	);
	headers.set('X-Content-Type-Options', 'nosniff');
	headers.set('Referrer-Policy', 'no-referrer');
	return new Response(page.body, { status: page.status, headers });
}

function renderOutage(failure: Error): Response {
	const headers = { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store', 'Retry-After': '5' };
	return new Response(JSON.stringify(reportOutage(failure)), { status: INTERNAL_FAILURE.status, headers });
}
