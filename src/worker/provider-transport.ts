/** Sends requests to the APIs of providers, as the Workers runtime does it. */
import { createProviderTransport } from '../lib/http/provider-request.ts';

/** Milliseconds to wait for an answer. */
const TIMEOUT_MS = 20_000;
/** Bytes of an answer: a page of a thousand DNS records, or of fifty hostnames, has less than half of it. */
const MAX_ANSWER_BYTES = 2_000_000;

export const sendToProvider = createProviderTransport(
	// The Workers runtime knows no redirect: 'error'; what is not followed is an answer of 300 or above, and so a failure.
	({ method, url, headers, body }) => fetch(url, { method, headers, body, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) }),
	MAX_ANSWER_BYTES,
);
