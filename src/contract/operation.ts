/** One thing that can be done with the admin API. */
import type { GenericSchema } from 'valibot';
import type { ApiProblemCode } from './api-problems.ts';
import type { Role } from './roles.ts';

/**
 * Who may. `open`: everybody. `caller`: whoever has shown something valid. `domain`: this role for the domain in the path. `scope`: this
 * role for some domain; the handler looks at each. `operator`: nobody else.
 */
export type Permission = { readonly kind: 'open' | 'caller' | 'operator' } | { readonly kind: 'domain' | 'scope'; readonly role: Role };

/** Below which every operation is. */
export const API_BASE_PATH = '/admin/api';

export interface QueryParameter {
	readonly name: string;
	readonly type: 'string' | 'integer' | 'boolean';
	readonly description: string;
}

export interface Operation {
	readonly id: string;
	readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
	/** Below `API_BASE_PATH`; parts in braces are variables. */
	readonly path: string;
	readonly title: string;
	readonly description: string;
	readonly permission: Permission;
	readonly query?: readonly QueryParameter[];
	/** Whether it asks for If-Match, or If-None-Match: * to create. */
	readonly conditional?: 'match' | 'match-or-create';
	readonly body?: GenericSchema;
	/** The body's type where it is not JSON. */
	readonly bodyType?: 'application/xml' | 'application/x-ndjson';
	readonly bodyOptional?: true;
	readonly status: 200 | 201 | 204;
	/** What is answered, or each line of it where `viewType` says so; null where the answer has no content. */
	readonly view: GenericSchema | null;
	readonly viewType?: 'application/x-ndjson';
	/** Refusals beside those that every operation of its kind has. */
	readonly problems?: readonly ApiProblemCode[];
}
