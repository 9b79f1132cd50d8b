/**
 * The part of Cloudflare's API that deals with custom hostnames (Cloudflare for SaaS). Requests and answers are those of the client library
 * cloudflare 7.3.0, which is 120 MB and is not needed for five calls. The codes of errors are those of
 * developers.cloudflare.com/cloudflare-for-platforms/cloudflare-for-saas/reference/status-codes/custom-hostnames/ (read 2026-11).
 */
import * as v from 'valibot';
import type { ProviderRequest, ProviderTransport } from '../lib/http/provider-request.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { KnownHostname } from './hostname-states.ts';

export interface HostnameQuota {
	readonly used: number;
	/** How many hostnames are included in the price. */
	readonly allocated: number;
	/** How many hostnames can be created at most. */
	readonly hardCap: number;
}

/**
 * Why a request came to nothing.
 * - `duplicate`: the hostname has been created before, perhaps by a request whose answer was lost.
 * - `not-found`: there is no such hostname.
 * - `quota`: no more hostnames can be created in the zone.
 * - `later`: too many requests.
 * - `denied`: the token does not allow it.
 * - `refused`: Cloudflare does not take this hostname.
 * - `unreachable`: no answer, or one that says that Cloudflare has failed. The request may have been carried out.
 * - `unreadable`: it was carried out, and the answer is not understood.
 */
export type HostnameFailureKind = 'duplicate' | 'not-found' | 'quota' | 'later' | 'denied' | 'refused' | 'unreachable' | 'unreadable';

export interface HostnameFailure {
	readonly kind: HostnameFailureKind;
	readonly message: string;
	readonly hint?: string | undefined;
	/** Seconds for which Cloudflare wants no request; null where it does not say. */
	readonly retryAfterSeconds: number | null;
}

export type HostnameResult<T> = Result<T, HostnameFailure>;

/** Each method sends one request, once. */
export interface CustomHostnamesApi {
	/** @param page counted from 1 */
	listPage(page: number): Promise<HostnameResult<{ readonly hostnames: readonly KnownHostname[]; readonly isLast: boolean }>>;
	/** The hostname with this name; null where there is none. */
	find(hostname: string): Promise<HostnameResult<KnownHostname | null>>;
	read(id: string): Promise<HostnameResult<KnownHostname>>;
	readQuota(): Promise<HostnameResult<HostnameQuota>>;
	create(hostname: string): Promise<HostnameResult<KnownHostname>>;
	/** Has Cloudflare check the hostname and its certificate again. */
	recheck(id: string): Promise<HostnameResult<KnownHostname>>;
	remove(id: string): Promise<HostnameResult<null>>;
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
const One = v.object({ result: Hostname });
const Anything = v.unknown();

const HOSTNAMES_PER_PAGE = 50;

/** Cloudflare's codes of errors that mean something here. All codes about custom hostnames are between 1400 and 1499. */
const NO_QUOTA = 1404;
const QUOTA_USED_UP = 1405;
const DUPLICATE = 1406;
const NOT_FOUND = 1436;

export function createCustomHostnamesApi({ url, zoneId, token }: CustomHostnamesAccess, send: ProviderTransport): CustomHostnamesApi {
	const base = `${url}/zones/${zoneId}/custom_hostnames`;
	const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
	// With HTTP validation the customer's CNAME is enough, for the first certificate and for every renewal.
	const ssl = { method: 'http', type: 'dv' } as const;

	async function call<T>(
		method: ProviderRequest['method'],
		path: string,
		body: unknown,
		schema: v.GenericSchema<unknown, T>,
	): Promise<HostnameResult<T>> {
		const response = await send({ method, url: `${base}${path}`, headers, body: body === null ? null : JSON.stringify(body) });
		if (!response.ok)
			return err({ kind: 'unreachable', message: `Cloudflare does not answer: ${response.error}`, retryAfterSeconds: null });
		const { status, text, retryAfterSeconds } = response.value;
		if (status >= 300) return err(describeFailure(status, text, retryAfterSeconds));
		const parsed = v.safeParse(schema, parseJson(text));
		return parsed.success
			? ok(parsed.output)
			: err({ kind: 'unreadable', message: 'Cloudflare answers in an unknown form', retryAfterSeconds: null });
	}

	async function callForOne(method: ProviderRequest['method'], path: string, body: unknown): Promise<HostnameResult<KnownHostname>> {
		const answer = await call(method, path, body, One);
		return answer.ok ? ok(toKnownHostname(answer.value.result)) : answer;
	}

	return {
		async listPage(page) {
			const answer = await call('GET', `?per_page=${HOSTNAMES_PER_PAGE}&page=${page}`, null, Page);
			if (!answer.ok) return answer;
			const { result, result_info: info } = answer.value;
			return ok({ hostnames: result.map(toKnownHostname), isLast: page >= (info?.total_pages ?? 1) });
		},
		async find(hostname) {
			const answer = await call('GET', `?hostname=${encodeURIComponent(hostname)}`, null, Page);
			if (!answer.ok) return answer;
			// The parameter finds names that contain the text too.
			return ok(answer.value.result.map(toKnownHostname).find((each) => each.hostname === hostname) ?? null);
		},
		read: (id) => callForOne('GET', `/${id}`, null),
		async readQuota() {
			const answer = await call('GET', '/quota', null, Quota);
			if (!answer.ok) return answer;
			const { used, allocated, hard_cap: hardCap } = answer.value.result;
			return ok({ used, allocated, hardCap });
		},
		create: (hostname) => callForOne('POST', '', { hostname, ssl }),
		recheck: (id) => callForOne('PATCH', `/${id}`, { ssl }),
		async remove(id) {
			const answer = await call('DELETE', `/${id}`, null, Anything);
			return answer.ok ? ok(null) : answer;
		},
	};
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

function describeFailure(status: number, text: string, retryAfterSeconds: number | null): HostnameFailure {
	const parsed = v.safeParse(Errors, parseJson(text));
	const [first] = parsed.success ? parsed.output.errors : [];
	const said = first === undefined ? '' : `: ${first.message.slice(0, 300)} (${first.code})`;
	const kind = kindOf(status, first?.code ?? 0);
	return { kind, message: `Cloudflare answers ${status}${said}`, hint: hintFor(kind), retryAfterSeconds };
}

function kindOf(status: number, code: number): HostnameFailureKind {
	if (status === 429) return 'later';
	if (status >= 500) return 'unreachable';
	if (code === DUPLICATE) return 'duplicate';
	if (code === NOT_FOUND) return 'not-found';
	if (code === NO_QUOTA || code === QUOTA_USED_UP) return 'quota';
	return (status === 401 || status === 403) && !(code >= 1400 && code < 1500) ? 'denied' : 'refused';
}

function hintFor(kind: HostnameFailureKind): string | undefined {
	switch (kind) {
		case 'quota':
			return 'No more custom hostnames can be created in this zone: raise the quota at Cloudflare, or set "names" in records.';
		case 'denied':
			return 'The token needs SSL and Certificates: Edit for the service’s zone, and Cloudflare for SaaS must be on there.';
		case 'later':
		case 'duplicate':
		case 'not-found':
		case 'refused':
		case 'unreachable':
		case 'unreadable':
			return undefined;
	}
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
