/** Asks the admin API, as its contract has it. */
import type { GenericSchema, InferOutput } from 'valibot';
import { API } from '../../contract/api-path.ts';
import type { Operation } from '../../contract/operation.ts';
import { OPERATIONS, type OperationId } from '../../contract/operations.ts';
import type { ApiProblemCode } from '../../contract/problems.ts';
import type { DomainView } from '../../contract/views.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { RecordFault } from '../../model/record.ts';

type Listed = (typeof OPERATIONS)[number];

/** What an operation answers. */
export type Answer<Id extends OperationId> = Extract<Listed, { readonly id: Id }>['view'] extends infer View
	? View extends GenericSchema
		? InferOutput<View>
		: null
	: never;

/** Why not. `offline`: nothing came back; `failed`: the service broke. */
export interface Refusal {
	readonly code: ApiProblemCode | 'offline' | 'failed';
	readonly title: string;
	readonly status: number;
	readonly needed?: string;
	readonly errors?: readonly RecordFault[];
	/** With `stale`, `exists` and `edited-outside`: the record as it stands. */
	readonly current?: DomainView;
}

export interface Sent {
	readonly path?: Readonly<Record<string, string | number>>;
	readonly query?: Readonly<Record<string, string | number | boolean | null | undefined>>;
	/** The revision that a write was made from; `create` where there must be none. */
	readonly from?: number | 'create';
	/** JSON unless it is text. */
	readonly body?: unknown;
}

export type Answered<T> = Promise<Result<T, Refusal>>;

const OFFLINE: Refusal = { code: 'offline', status: 0, title: 'The service did not answer. What you typed is kept; try again.' };

/** Called when the service says that nobody is logged in. */
let signedOut: () => void = () => {};

export function onSignedOut(listener: () => void): void {
	signedOut = listener;
}

export function ask<Id extends OperationId>(id: Id, sent: Sent = {}): Answered<Answer<Id>> {
	// Every id is in the list that it was taken from.
	const operation: Operation = OPERATIONS.find((listed) => listed.id === id) ?? OPERATIONS[0];
	return send(operation, sent);
}

async function send<T>({ method, path: pattern, bodyType }: Operation, sent: Sent): Answered<T> {
	const path = pattern.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(sent.path?.[name] ?? ''));
	const query = new URLSearchParams();
	for (const [name, value] of Object.entries(sent.query ?? {}))
		if (value !== null && value !== undefined && value !== '') query.set(name, String(value));
	const headers = new Headers();
	if (sent.from === 'create') headers.set('If-None-Match', '*');
	else if (sent.from !== undefined) headers.set('If-Match', `"${sent.from}"`);
	if (sent.body !== undefined) headers.set('Content-Type', bodyType ?? 'application/json');
	const body = sent.body === undefined || typeof sent.body === 'string' ? (sent.body ?? null) : JSON.stringify(sent.body);
	try {
		const response = await fetch(`${API}${path}${query.size === 0 ? '' : `?${query}`}`, { method, headers, body });
		const text = await response.text();
		if (response.ok) return ok(text === '' ? null : JSON.parse(text));
		const refusal = refusalOf(response.status, text);
		if (refusal.code === 'unauthenticated') signedOut();
		return err(refusal);
	} catch {
		// No connection, or an answer cut off.
		return err(OFFLINE);
	}
}

function refusalOf(status: number, text: string): Refusal {
	try {
		const document: Refusal = JSON.parse(text);
		if (typeof document.code === 'string' && typeof document.title === 'string') return { ...document, status };
	} catch {
		// A proxy's page, not ours: said below.
	}
	return { code: 'failed', status, title: `The service answered ${status}.` };
}

/** A refusal in one sentence, its evidence included. */
export function sentence({ title, needed, errors = [] }: Refusal): string {
	if (errors.length > 0) return errors.map(({ path, reason }) => `${path === '' ? 'It' : path} ${reason}.`).join(' ');
	return needed === undefined ? title : `${title} Needed: ${needed}.`;
}
