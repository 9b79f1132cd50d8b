/** The admin's routes: one for every operation, the door they share, and the static pages beside them. */
import { type Context, Hono } from 'hono';
import { API } from '../contract/api-path.ts';
import { parsePlace } from '../contract/console-pages.ts';
import type { Operation } from '../contract/operation.ts';
import { OPERATIONS, type OperationId } from '../contract/operations.ts';
import { type ApiProblem, FAILED } from '../contract/problems.ts';
import { err, type Result } from '../lib/result.ts';
import { parseRecordName, type RecordName } from '../model/record-name.ts';
import { allows } from '../model/role.ts';
import type { Answer, Answered, Ask, Handler } from './ask.ts';
import { type Authenticator, authenticator } from './auth.ts';
import { exportRecords, importRecords } from './bulk.ts';
import { type Caller, may, NOBODY } from './caller.ts';
import { openClaim, proveClaim } from './claims.ts';
import { consolePage } from './console.tsx';
import { readDns } from './dns.ts';
import { adoptDomain, deleteDomain, listDomains, overwriteDomain, putDomain, readDomain } from './domains.ts';
import { readAudit, readHistory, readRevision, restoreDomain } from './history.ts';
import type { AdminParts } from './parts.ts';
import { preview } from './preview.ts';
import { rebuildDirectory } from './rebuild.ts';
import { outageDocument, problemResponse } from './refusal.ts';
import { closeSession, openSession, readSession } from './sessions.ts';
import { importAutoconfig, importAutomx2, importSrv } from './sources.ts';
import { listTokens, mintToken, revokeToken } from './tokens.ts';
import { readUsage } from './usage.ts';

const HANDLERS: Readonly<Record<Exclude<OperationId, 'readOpenapi'>, Handler>> = {
	readSession,
	openSession,
	closeSession,
	listDomains,
	readDomain,
	readDns,
	putDomain,
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
	exportRecords,
	listTokens,
	mintToken,
	revokeToken,
	readAudit,
	readUsage,
	openClaim,
	proveClaim,
	rebuildDirectory,
};

/** The application that edits records. It answers whatever host it is called for: the caller has looked at that. */
export function administer(parts: AdminParts): Hono {
	const auth = authenticator(parts);
	const app = new Hono();
	app.onError(failed);
	for (const operation of OPERATIONS) {
		const path = API + operation.path.replace(/\{(\w+)\}/g, ':$1');
		const handler = operation.id === 'readOpenapi' ? null : HANDLERS[operation.id];
		if (handler !== null) app.on(operation.method, path, door(operation, handler, auth, parts));
	}
	app.all('*', (context) => elsewhere(context, parts));
	return app;
}

/** What every operation passes: who asks, whether he may, whether too often. */
function door(operation: Operation, handler: Handler, auth: Authenticator, parts: AdminParts) {
	return async (context: Context): Promise<Response> => {
		const request = context.req.raw;
		const url = new URL(request.url);
		const variables = context.req.param();
		const name = variables.domain === undefined ? '*' : parseRecordName(variables.domain);
		const caller: Result<Caller, ApiProblem> =
			operation.need.kind === 'open' ? await open(request, parts) : await auth.identify(request, url);
		const answered = caller.ok
			? await perform(operation, handler, name, { request, url, variables, caller: caller.value, parts, auth })
			: caller;
		return answered.ok ? respond(answered.value) : problemResponse(answered.error);
	};
}

/** Nobody is asked for anything, but nobody asks without end. */
async function open(request: Request, { limitCaller }: AdminParts): Promise<Result<Caller, ApiProblem>> {
	const from = request.headers.get('CF-Connecting-IP') ?? '';
	return (await limitCaller(`open ${from}`)) ? { ok: true, value: NOBODY } : err({ code: 'too-many' });
}

async function perform(operation: Operation, handler: Handler, name: RecordName | null, ask: Omit<Ask, 'name'>): Promise<Answered> {
	const { caller, parts } = ask;
	if (name === null) return err({ code: 'bad-domain' });
	const refusal = refused(operation, name, caller);
	if (refusal !== null) return err(refusal);
	// The operator is his own guard.
	if (caller.domains !== 'all' && caller !== NOBODY && !(await parts.limitCaller(caller.token ?? caller.who)))
		return err({ code: 'too-many' });
	return handler({ ...ask, name });
}

/** The one place that says who may call what; operations on several domains look at each of them besides. */
function refused({ need }: Operation, name: RecordName, caller: Caller): ApiProblem | null {
	switch (need.kind) {
		case 'open':
		case 'caller':
			return null;
		case 'operator':
			return caller.domains === 'all' ? null : { code: 'forbidden', needed: 'operator' };
		case 'domain':
			return may(caller, need.role, name) ? null : { code: 'forbidden', needed: `${need.role} ${name}` };
		case 'scope':
			return allows(caller.role, need.role) ? null : { code: 'forbidden', needed: need.role };
	}
}

function respond({ status = 200, body, revision, cookie }: Answer): Response {
	const headers = new Headers({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
	if (revision !== undefined) headers.set('ETag', `"${revision}"`);
	if (cookie !== undefined) headers.set('Set-Cookie', cookie);
	if (body === null) return new Response(null, { status, headers });
	if (body instanceof ReadableStream) {
		headers.set('Content-Type', 'application/x-ndjson');
		return new Response(body, { status, headers });
	}
	headers.set('Content-Type', 'application/json');
	// The line's end is for people at a terminal.
	return new Response(`${JSON.stringify(body)}\n`, { status, headers });
}

/** A known path asked in another way, the console, a static page, or nothing. */
async function elsewhere(context: Context, parts: AdminParts): Promise<Response> {
	const { method, path } = context.req;
	const allow = OPERATIONS.filter((operation) => matches(operation.path, path)).map((operation) => operation.method);
	const reads = method === 'GET' || method === 'HEAD';
	if (allow.length > 0 && !(reads && path === `${API}/openapi.json`)) {
		return problemResponse({ code: 'method-not-allowed', allow: [...new Set(allow)].join(', ') });
	}
	if (reads) {
		if (parsePlace(path) !== null) return consolePage(parts);
		const page = await parts.assets(context.req.raw);
		if (page.status < 400) return withPolicy(page);
	}
	return problemResponse({ code: 'not-found' });
}

function matches(pattern: string, path: string): boolean {
	const expression = pattern.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+');
	return new RegExp(`^${API}${expression}$`).test(path);
}

/** The admin's pages run their own code only, in nobody's frame. */
function withPolicy(page: Response): Response {
	const headers = new Headers(page.headers);
	headers.set('Content-Security-Policy', "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'");
	headers.set('X-Content-Type-Options', 'nosniff');
	headers.set('Referrer-Policy', 'no-referrer');
	return new Response(page.body, { status: page.status, headers });
}

function failed(failure: Error): Response {
	const headers = { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store', 'Retry-After': '5' };
	return new Response(JSON.stringify(outageDocument(failure)), { status: FAILED.status, headers });
}
