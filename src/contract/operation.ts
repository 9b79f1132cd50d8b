/** The type of an operation of the admin API: its method, path, permission, body and answer. */
import type { GenericSchema } from 'valibot';
import type { ApiProblemCode } from './api-problems.ts';
import { type Role, roleAllows } from './roles.ts';

/**
 * Who may call an operation. `open`: everyone. `caller`: everyone with valid credentials. `domain`: those who have this role for the domain
 * in the path. `scope`: those who have this role for any domain; the handler checks each domain. `operator`: the operator alone.
 */
export type Permission = { readonly kind: 'open' | 'caller' | 'operator' } | { readonly kind: 'domain' | 'scope'; readonly role: Role };

/** The path of every operation begins with this. */
export const API_BASE_PATH = '/admin/api';

export interface QueryParameter {
	readonly name: string;
	readonly type: 'string' | 'integer' | 'boolean';
	readonly description: string;
}

export interface Operation {
	readonly id: string;
	readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	/** Below `API_BASE_PATH`; parts in braces are variables. */
	readonly path: string;
	readonly title: string;
	readonly description: string;
	readonly permission: Permission;
	readonly query?: readonly QueryParameter[];
	/** Whether a request needs If-Match; `match-or-create` also accepts If-None-Match: *, which creates a record. */
	readonly conditional?: 'match' | 'match-or-create';
	readonly body?: GenericSchema;
	/** The Content-Type of the body where it is not JSON. */
	readonly bodyType?: 'application/xml' | 'application/x-ndjson' | 'application/merge-patch+json';
	readonly bodyOptional?: true;
	readonly status: 200 | 201 | 204;
	/** The schema of the answer, or of each of its lines where `viewType` is set; null where the answer has no content. */
	readonly view: GenericSchema | null;
	readonly viewType?: 'application/x-ndjson';
	/** Errors in addition to those that every operation of this kind can have. */
	readonly problems?: readonly ApiProblemCode[];
}

/**
 * Whether an operation can change a record, or who may change it: with a token that comes from a claim it needs the claim's TXT record in
 * DNS. Giving a domain up does not.
 */
export function needsProvedClaim({ id, method, permission }: Operation): boolean {
	return method !== 'GET' && 'role' in permission && roleAllows(permission.role, 'write') && id !== 'releaseClaim';
}
