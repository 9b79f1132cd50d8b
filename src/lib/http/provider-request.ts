/** One request to the API of a provider, and its answer: what such a client needs of HTTP, so that each platform can bring its own. */
import { errorMessage } from '../error-message.ts';
import { readTextLimited } from '../read-limited.ts';
import { err, ok, type Result } from '../result.ts';

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

/** What is read of an answer: the Response of every platform has it. */
interface ProviderAnswer {
	readonly status: number;
	readonly headers: { get(name: string): string | null };
	readonly body: AsyncIterable<Uint8Array> | null;
}

/**
 * @param send sends a request as the platform does it, and throws where no answer comes. It follows no redirect, which would carry the
 * secret to another host.
 * @param maxBytes how long an answer may be
 */
export function createProviderTransport(send: (request: ProviderRequest) => Promise<ProviderAnswer>, maxBytes: number): ProviderTransport {
	return async (request) => {
		try {
			const response = await send(request);
			const text = await readTextLimited(response.body, maxBytes);
			return text.ok
				? ok({ status: response.status, text: text.value, retryAfterSeconds: parseRetryAfter(response.headers.get('Retry-After')) })
				: err('the answer is too long');
		} catch (error) {
			return err(errorMessage(error));
		}
	};
}

/** RFC 9110 §10.2.3. A date is not read: the callers wait by themselves then. */
function parseRetryAfter(text: string | null): number | null {
	return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : null;
}
