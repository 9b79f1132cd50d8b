/**
 * The part of Cloudflare's API that deals with custom hostnames (Cloudflare for SaaS). Requests and answers are those of the client library
 * cloudflare 7.3.0, which is 120 MB and is not needed for five calls. The codes of errors are those of
 * developers.cloudflare.com/cloudflare-for-platforms/cloudflare-for-saas/reference/status-codes/custom-hostnames/ (read 2026-11).
 */
import * as v from 'valibot';
import type { ProviderRequest, ProviderTransport } from '../../dns/publish/zone-editor.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { SECOND_MS } from '../../lib/time.ts';
import type { Failure } from '../terminal.ts';
import type { KnownHostname } from './plan-hostnames.ts';

export interface HostnameQuota {
	readonly used: number;
	/** How many hostnames are included in the price. */
	readonly allocated: number;
	/** How many hostnames can be created at most. */
	readonly hardCap: number;
}

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

export interface CustomHostnamesAccess {
	/** `https://api.cloudflare.com/client/v4`. */
	readonly url: string;
	/** The id of the service's own zone. */
	readonly zoneId: string;
	/** A token with SSL and Certificates: Edit for that zone, and nothing more. */
	readonly token: string;
}

const ValidationRecord = v.object({
	txt_name: v.optional(v.string()),
	txt_value: v.optional(v.string()),
	cname: v.optional(v.string()),
	cname_target: v.optional(v.string()),
});
const Hostname = v.object({
	id: v.string(),
	hostname: v.string(),
	status: v.optional(v.string(), 'pending'),
	verification_errors: v.optional(v.nullable(v.array(v.string()))),
	ownership_verification: v.optional(v.object({ name: v.optional(v.string()), value: v.optional(v.string()) })),
	ssl: v.optional(
		v.nullable(
			v.object({
				status: v.optional(v.string(), 'initializing'),
				validation_errors: v.optional(v.nullable(v.array(v.object({ message: v.optional(v.string(), '') })))),
				validation_records: v.optional(v.nullable(v.array(ValidationRecord))),
				dcv_delegation_records: v.optional(v.nullable(v.array(ValidationRecord))),
			}),
		),
	),
});
const Page = v.object({ result: v.array(Hostname), result_info: v.optional(v.object({ total_pages: v.optional(v.number(), 1) })) });
const Quota = v.object({ result: v.object({ allocated: v.number(), used: v.number(), hard_cap: v.number() }) });
const Errors = v.object({ errors: v.array(v.object({ code: v.number(), message: v.string() })) });
const Anything = v.unknown();

const HOSTNAMES_PER_PAGE = 50;

/** The code for a duplicate: the hostname has been created before, perhaps by a request whose answer was lost. */
const DUPLICATE = 1406;
/** The code for a hostname that does not exist. */
const NOT_FOUND = 1436;

/** How often a request is sent at most: it is repeated after an answer that says "later", and where no answer comes. */
const MAX_ATTEMPTS = 6;
/** Seconds before the second attempt; doubled for each further one, unless the answer has a Retry-After header. */
const FIRST_WAIT_SECONDS = 1;
const MAX_WAIT_SECONDS = 300;

/** @param wait resolves after so many milliseconds */
export function createCustomHostnames(
	{ url, zoneId, token }: CustomHostnamesAccess,
	send: ProviderTransport,
	wait: (ms: number) => Promise<void>,
): CustomHostnames {
	const base = `${url}/zones/${zoneId}/custom_hostnames`;
	const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
	// With HTTP validation the customer's CNAME is enough, for the first certificate and for every renewal.
	const ssl = { method: 'http', type: 'dv' } as const;
	let requests = 0;

	async function call<T>(
		method: ProviderRequest['method'],
		path: string,
		body: unknown,
		schema: v.GenericSchema<unknown, T>,
	): Promise<Result<T, ApiFailure>> {
		let failure: ApiFailure = { code: 0, failure: { message: 'Cloudflare was not asked' } };
		for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
			requests += 1;
			const response = await send({ method, url: `${base}${path}`, headers, body: body === null ? null : JSON.stringify(body) });
			let seconds = Math.min(FIRST_WAIT_SECONDS * 2 ** attempt, MAX_WAIT_SECONDS);
			if (response.ok) {
				const { status, text, retryAfterSeconds } = response.value;
				if (status < 300) {
					const parsed = v.safeParse(schema, parseJson(text));
					return parsed.success ? ok(parsed.output) : err({ code: 0, failure: { message: 'Cloudflare answers in an unknown form' } });
				}
				failure = describeFailure(status, text);
				if (status !== 429 && status < 500) return err(failure);
				if (retryAfterSeconds !== null) seconds = Math.min(retryAfterSeconds, MAX_WAIT_SECONDS);
			} else failure = { code: 0, failure: { message: `Cloudflare does not answer: ${response.error}` } };
			await wait(seconds * SECOND_MS);
		}
		return err(failure);
	}

	const asFailure = <T>(result: Result<T, ApiFailure>): Result<T, Failure> => (result.ok ? result : err(result.error.failure));

	return {
		requestCount: () => requests,
		async list() {
			const known: KnownHostname[] = [];
			for (let page = 1; ; page++) {
				const answer = await call('GET', `?per_page=${HOSTNAMES_PER_PAGE}&page=${page}`, null, Page);
				if (!answer.ok) return asFailure(answer);
				known.push(...answer.value.result.map(toKnownHostname));
				if (page >= (answer.value.result_info?.total_pages ?? 1)) break;
			}
			// Pages shift while others create hostnames, so the same hostname may be on two pages.
			return ok([...new Map(known.map((each) => [each.hostname, each])).values()]);
		},
		async readQuota() {
			const answer = await call('GET', '/quota', null, Quota);
			if (!answer.ok) return asFailure(answer);
			const { used, allocated, hard_cap: hardCap } = answer.value.result;
			return ok({ used, allocated, hardCap });
		},
		async create(hostname) {
			const answer = await call('POST', '', { hostname, ssl }, Anything);
			return answer.ok || answer.error.code === DUPLICATE ? ok(null) : asFailure(answer);
		},
		async recheck({ id }) {
			const answer = await call('PATCH', `/${id}`, { ssl }, Anything);
			return answer.ok ? ok(null) : asFailure(answer);
		},
		async remove({ id }) {
			const answer = await call('DELETE', `/${id}`, null, Anything);
			return answer.ok || answer.error.code === NOT_FOUND ? ok(null) : asFailure(answer);
		},
	};
}

interface ApiFailure {
	/** Cloudflare's own code; 0 where there is none. */
	readonly code: number;
	readonly failure: Failure;
}

function toKnownHostname({
	id,
	hostname,
	status,
	ssl,
	verification_errors,
	ownership_verification,
}: v.InferOutput<typeof Hostname>): KnownHostname {
	const { name, value } = ownership_verification ?? {};
	const validation = [...(ssl?.dcv_delegation_records ?? []), ...(ssl?.validation_records ?? [])].flatMap((record) => [
		...(record.cname === undefined || record.cname_target === undefined ? [] : [`${record.cname} CNAME ${record.cname_target}`]),
		...(record.txt_name === undefined || record.txt_value === undefined ? [] : [`${record.txt_name} TXT "${record.txt_value}"`]),
	]);
	return {
		id,
		hostname: hostname.toLowerCase(),
		status,
		certificateStatus: ssl?.status ?? 'initializing',
		errors: [...(verification_errors ?? []), ...(ssl?.validation_errors ?? []).map(({ message }) => message)],
		validationRecords: [...new Set([...(name === undefined || value === undefined ? [] : [`${name} TXT "${value}"`]), ...validation])],
	};
}

function describeFailure(status: number, text: string): ApiFailure {
	const parsed = v.safeParse(Errors, parseJson(text));
	const [first] = parsed.success ? parsed.output.errors : [];
	const code = first?.code ?? 0;
	const said = first === undefined ? '' : `: ${first.message.slice(0, 300)} (${first.code})`;
	return { code, failure: { message: `Cloudflare answers ${status}${said}`, hint: hintFor(status, code) } };
}

function hintFor(status: number, code: number): string | undefined {
	if (code === 1404 || code === 1405)
		return 'No more custom hostnames can be created in this zone: raise the quota at Cloudflare, or set "names" in records.';
	if (status === 401 || status === 403)
		return 'The token needs SSL and Certificates: Edit for the service’s zone, and Cloudflare for SaaS must be on there.';
	if (status === 429) return 'Cloudflare takes no more requests for now: run it again in five minutes.';
	return undefined;
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
