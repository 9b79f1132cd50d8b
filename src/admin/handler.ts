/** What a handler of the admin API gets and returns. */
import type { ApiProblem } from '../contract/api-problems.ts';
import type { Result } from '../lib/result.ts';
import type { RecordName } from '../model/record-name.ts';
import type { AdminDependencies } from './admin-dependencies.ts';
import type { Authenticator } from './auth/authenticator.ts';
import type { Principal } from './auth/principal.ts';

export interface HandlerContext {
	readonly request: Request;
	readonly url: URL;
	/** The name of the record in the path, where the path has one. */
	readonly name: RecordName;
	/** The other variables of the path. */
	readonly pathParameters: Readonly<Record<string, string>>;
	readonly principal: Principal;
	readonly dependencies: AdminDependencies;
	readonly authenticator: Authenticator;
}

export interface ApiResponse {
	readonly status?: 200 | 201 | 204;
	/** The answer, sent as JSON; a stream is sent as lines of JSON. */
	readonly body: object | null;
	readonly revision?: number;
	readonly cookie?: string;
}

export type HandlerResult = Result<ApiResponse, ApiProblem>;
export type Handler = (context: HandlerContext) => Promise<HandlerResult>;
