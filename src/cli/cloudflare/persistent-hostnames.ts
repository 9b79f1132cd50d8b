/** Cloudflare's custom hostnames for a command that waits: a request is repeated where Cloudflare says "later", fails, or does not answer. */
import {
	type CustomHostnamesAccess,
	createCustomHostnamesApi,
	type HostnameFailure,
	type HostnameQuota,
	type HostnameResult,
} from '../../hostnames/custom-hostnames-api.ts';
import type { KnownHostname } from '../../hostnames/hostname-states.ts';
import type { ProviderTransport } from '../../lib/http/provider-request.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { SECOND_MS } from '../../lib/time.ts';
import type { Failure } from '../terminal.ts';

export interface CustomHostnames {
	list(): Promise<Result<readonly KnownHostname[], Failure>>;
	readQuota(): Promise<Result<HostnameQuota, Failure>>;
	/** Creates a custom hostname; succeeds where it exists already. */
	create(hostname: string): Promise<Result<null, Failure>>;
	/** Has Cloudflare check the hostname and its certificate again. */
	recheck(known: KnownHostname): Promise<Result<null, Failure>>;
	/** Removes a custom hostname; succeeds where it does not exist any more. */
	remove(known: KnownHostname): Promise<Result<null, Failure>>;
	/** Requests sent so far, repeated ones among them. */
	readonly requestCount: () => number;
}

/** How often a request is sent at most. */
const MAX_ATTEMPTS = 6;
/** Seconds before the second attempt; doubled for each further one, unless the answer has a Retry-After header. */
const FIRST_WAIT_SECONDS = 1;
const MAX_WAIT_SECONDS = 300;

/** @param wait resolves after so many milliseconds */
export function createCustomHostnames(
	access: CustomHostnamesAccess,
	send: ProviderTransport,
	wait: (ms: number) => Promise<void>,
): CustomHostnames {
	let requests = 0;
	const api = createCustomHostnamesApi(access, (request) => {
		requests += 1;
		return send(request);
	});

	async function persist<T>(call: () => Promise<HostnameResult<T>>): Promise<HostnameResult<T>> {
		for (let attempt = 0; ; attempt++) {
			const answer = await call();
			if (answer.ok || !['later', 'unreachable'].includes(answer.error.kind) || attempt + 1 >= MAX_ATTEMPTS) return answer;
			const seconds = answer.error.retryAfterSeconds ?? FIRST_WAIT_SECONDS * 2 ** attempt;
			await wait(Math.min(seconds, MAX_WAIT_SECONDS) * SECOND_MS);
		}
	}

	return {
		requestCount: () => requests,
		async list() {
			const known: KnownHostname[] = [];
			for (let page = 1; ; page++) {
				const answer = await persist(() => api.listPage(page));
				if (!answer.ok) return err(asFailure(answer.error));
				known.push(...answer.value.hostnames);
				if (answer.value.isLast) break;
			}
			// Pages shift while others create hostnames, so the same hostname may be on two pages.
			return ok([...new Map(known.map((each) => [each.hostname, each])).values()]);
		},
		async readQuota() {
			const answer = await persist(() => api.readQuota());
			return answer.ok ? answer : err(asFailure(answer.error));
		},
		create: async (hostname) => doneUnless(await persist(() => api.create(hostname)), 'duplicate'),
		recheck: async ({ id }) => doneUnless(await persist(() => api.recheck(id)), null),
		remove: async ({ id }) => doneUnless(await persist(() => api.remove(id)), 'not-found'),
	};
}

/** @param harmless the kind of failure that says that it was done before */
function doneUnless(answer: HostnameResult<unknown>, harmless: HostnameFailure['kind'] | null): Result<null, Failure> {
	if (answer.ok || answer.error.kind === harmless || answer.error.kind === 'unreadable') return ok(null);
	return err(asFailure(answer.error));
}

function asFailure({ kind, message, hint: reason }: HostnameFailure): Failure {
	const hint = kind === 'later' ? 'Cloudflare takes no more requests for now: run it again in five minutes.' : reason;
	return hint === undefined ? { message } : { message, hint };
}
