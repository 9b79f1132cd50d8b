/** Asks the admin API, as its contract has it. */
import type { GenericSchema, InferOutput } from 'valibot';
import { API_BASE_PATH } from '../../contract/api-path.ts';
import type { ApiProblemCode } from '../../contract/api-problems.ts';
import type { Operation } from '../../contract/operation.ts';
import { OPERATIONS, type OperationId } from '../../contract/operations.ts';
import type { DomainView } from '../../contract/views.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { RecordFault } from '../../model/record.ts';

type ListedOperation = (typeof OPERATIONS)[number];

/** What an operation answers. */
export type OperationOutput<Id extends OperationId> = Extract<ListedOperation, { readonly id: Id }>['view'] extends infer View
	? View extends GenericSchema
		? InferOutput<View>
		: null
	: never;

/** Why not. `offline`: nothing came back; `failed`: the service broke. */
export interface ApiError {
	readonly code: ApiProblemCode | 'offline' | 'failed';
	readonly title: string;
	readonly status: number;
	readonly needed?: string;
	readonly errors?: readonly RecordFault[];
	/** With `stale`, `exists` and `edited-outside`: the record as it stands. */
	readonly current?: DomainView;
}

export interface RequestArguments {
	readonly path?: Readonly<Record<string, string | number>>;
	readonly query?: Readonly<Record<string, string | number | boolean | null | undefined>>;
	/** The revision that a write was made from; `create` where there must be none. */
	readonly ifRevision?: number | 'create';
	/** JSON unless it is text. */
	readonly body?: unknown;
}

export type ApiResult<T> = Promise<Result<T, ApiError>>;

const OFFLINE_ERROR: ApiError = { code: 'offline', status: 0, title: 'The service did not answer. What you typed is kept; try again.' };

/** Called when the service says that nobody is logged in. */
let unauthenticatedListener: () => void = () => {};

export function onUnauthenticated(listener: () => void): void {
	unauthenticatedListener = listener;
}

export function callApi<Id extends OperationId>(id: Id, sent: RequestArguments = {}): ApiResult<OperationOutput<Id>> {
	// Every id is in the list that it was taken from.
	const operation: Operation = OPERATIONS.find((listed) => listed.id === id) ?? OPERATIONS[0];
	return sendRequest(operation, sent);
}

async function sendRequest<T>({ method, path: pattern, bodyType }: Operation, sent: RequestArguments): ApiResult<T> {
	const path = pattern.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(sent.path?.[name] ?? ''));
	const query = new URLSearchParams();
	for (const [name, value] of Object.entries(sent.query ?? {}))
		if (value !== null && value !== undefined && value !== '') query.set(name, String(value));
	const headers = new Headers();
	if (sent.ifRevision === 'create') headers.set('If-None-Match', '*');
	else if (sent.ifRevision !== undefined) headers.set('If-Match', `"${sent.ifRevision}"`);
	if (sent.body !== undefined) headers.set('Content-Type', bodyType ?? 'application/json');
	const body = sent.body === undefined || typeof sent.body === 'string' ? (sent.body ?? null) : JSON.stringify(sent.body);
	try {
		const response = await fetch(`${API_BASE_PATH}${path}${query.size === 0 ? '' : `?${query}`}`, { method, headers, body });
		const text = await response.text();
		if (response.ok) return ok(text === '' ? null : JSON.parse(text));
		const refusal = parseApiError(response.status, text);
		if (refusal.code === 'unauthenticated') unauthenticatedListener();
		return err(refusal);
	} catch {
		// No connection, or an answer cut off.
		return err(OFFLINE_ERROR);
	}
}

function parseApiError(status: number, text: string): ApiError {
	try {
		const document: ApiError = JSON.parse(text);
		if (typeof document.code === 'string' && typeof document.title === 'string') return { ...document, status };
	} catch {
		// A proxy's page, not ours: said below.
	}
	return { code: 'failed', status, title: `The service answered ${status}.` };
}

/** A refusal in one sentence, its evidence included. */
export function describeApiError({ title, needed, errors = [] }: ApiError): string {
	if (errors.length > 0) return errors.map(({ path, reason }) => `${path === '' ? 'It' : path} ${reason}.`).join(' ');
	return needed === undefined ? title : `${title} Needed: ${needed}.`;
}
