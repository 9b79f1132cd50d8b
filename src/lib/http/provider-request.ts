/** One request to the API of a provider, and its answer: what such a client needs of HTTP, so that each platform can bring its own. */
import type { Result } from '../result.ts';

/** Where Cloudflare's API is. */
export const CLOUDFLARE_API = 'https://api.cloudflare.com/client/v4';

/** One HTTP request to a provider. */
export interface ProviderRequest {
	readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	/** JSON; null for none. */
	readonly body: string | null;
}

export interface ProviderResponse {
	readonly status: number;
	readonly text: string;
	/** What the header Retry-After asks for, in seconds; null where there is none that says seconds. */
	readonly retryAfterSeconds: number | null;
}

/** Sends a request. Fails where no answer came, with the reason. */
export type ProviderTransport = (request: ProviderRequest) => Promise<Result<ProviderResponse, string>>;
