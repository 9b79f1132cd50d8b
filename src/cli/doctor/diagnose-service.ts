/** What a running service lacks, step by step, in the order in which it is put right: what comes later needs what comes before. */
import * as v from 'valibot';
import { HOSTNAME_PHASES, type HostnamePhase } from '../../contract/hostnames/hostname-phases.ts';
import { errorCauseMessage } from '../../lib/error-message.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { type Domain, parseDomain } from '../../model/names.ts';
import { sendHttpRequest } from '../probe/http-request.ts';
import type { Network } from '../probe/network.ts';
import type { AdminApiClient } from '../workspace/admin-api-client.ts';

/** `missing` says what to do; `unknown`: it could not be looked at, and nothing is claimed. */
export interface Diagnosis {
	readonly step: string;
	readonly state: 'ok' | 'missing' | 'unknown';
	readonly found: string;
	readonly todo?: string;
}

export interface DoctorOptions {
	readonly service: AdminApiClient;
	readonly network: Network;
	/** Mail domains whose names are looked at; null: the first few of the service's. */
	readonly domains: readonly Domain[] | null;
	/** Milliseconds to wait for one answer. */
	readonly timeoutMs: number;
}

/** Domains that are looked at where none is named. */
const SAMPLE_DOMAINS = 5;

const Health = v.object({
	status: v.string(),
	problems: v.array(v.object({ severity: v.string(), code: v.string(), text: v.string() })),
});

/** Ends with the first step without which the next ones cannot be looked at. */
export async function* diagnoseService(options: DoctorOptions): AsyncGenerator<Diagnosis> {
	const { service } = options;
	const health = await readHealth(service.origin, options.timeoutMs);
	if (!health.ok) {
		yield {
			step: 'the service answers',
			state: 'missing',
			found: health.error,
			todo: 'Deploy it (docs/deploy-cloudflare.md, steps 1 to 4), and check --api.',
		};
		return;
	}
	yield { step: 'the service answers', state: 'ok', found: `${service.origin}/health` };
	if (health.value.length === 0) yield { step: 'its settings, its store', state: 'ok', found: 'nothing to complain of' };
	for (const { code, text } of health.value)
		yield {
			step: 'its settings, its store',
			state: 'missing',
			found: `${code}: ${text}`,
			todo: 'docs/operate.md says what to do about each code.',
		};

	const listed = await service.call('listDomains', { query: { limit: SAMPLE_DOMAINS } });
	if (!listed.ok) {
		yield {
			step: 'the token',
			state: 'missing',
			found: listed.error.message,
			todo: listed.error.hint ?? 'docs/deploy-cloudflare.md, step 5.',
		};
		return;
	}
	yield { step: 'the token', state: 'ok', found: 'reads records' };
	yield* diagnoseHostnames(service);
	const domains = options.domains ?? listed.value.domains.flatMap(({ domain }) => parseDomain(domain) ?? []);
	if (listed.value.domains.length === 0) {
		yield {
			step: 'a record',
			state: 'missing',
			found: 'there is none',
			todo: 'signpost init D, then signpost push (docs/deploy-cloudflare.md, step 6).',
		};
		return;
	}
	yield {
		step: 'a record',
		state: 'ok',
		found: `${listed.value.domains[0]?.domain ?? ''}${listed.value.next === null ? '' : ' and more'}`,
	};
	for (const domain of domains) yield* diagnoseNames(domain, options);
}

/** Where the service creates custom hostnames by itself: whether it can. Asking also begins that, where it was switched on a moment ago. */
export async function* diagnoseHostnames(service: AdminApiClient): AsyncGenerator<Diagnosis> {
	const answer = await service.call('listHostnames', { query: { limit: 1 } });
	// A token of one domain may not ask, and an older service does not know.
	if (!answer.ok || !answer.value.on) return;
	const { counts, failure, usage } = answer.value;
	const step = 'custom hostnames';
	const limits = usage === null ? '' : ` (${usage.used} of ${usage.limit}; ${usage.included} are included in the price)`;
	const states = HOSTNAME_PHASES.flatMap((phase) => (counts[phase] === undefined ? [] : [`${counts[phase]} ${phase}`])).join(', ');
	const found = `${states}${limits}`;
	const has = (...phases: readonly HostnamePhase[]) => phases.some((phase) => (counts[phase] ?? 0) > 0);
	if (failure !== null) yield { step, state: 'missing', found: failure, todo: 'docs/deploy-cloudflare.md, step 7b.' };
	if (has('over-limit'))
		yield { step, state: 'missing', found, todo: 'Raise CUSTOM_HOSTNAMES_LIMIT, or ask for fewer names (NAMES, "names").' };
	else if (has('refused', 'going', 'unknown'))
		yield { step, state: 'missing', found, todo: 'signpost hostnames --service names them, with what Cloudflare says.' };
	else if (failure === null && states === '')
		yield { step, state: 'unknown', found: 'none yet: records are looked at once a day, and when they are saved' };
	else if (failure === null) yield { step, state: 'ok', found };
}

/** Whether each name of the domain that its record uses leads here, with a certificate that clients take. */
async function* diagnoseNames(domain: Domain, { service, network }: DoctorOptions): AsyncGenerator<Diagnosis> {
	const answer = await service.call('readDnsRecords', { path: { domain } });
	if (!answer.ok) {
		yield { step: `names of ${domain}`, state: 'unknown', found: answer.error.message };
		return;
	}
	if (answer.value.site === null) {
		yield {
			step: `names of ${domain}`,
			state: 'missing',
			found: 'nobody has said which name they lead to',
			todo: 'Set SERVICE_HOST (docs/deploy-cloudflare.md, step 3).',
		};
		return;
	}
	const names = [...new Set(answer.value.records.filter(({ type }) => type === 'CNAME').map(({ name }) => name))];
	if (names.length === 0) yield { step: `names of ${domain}`, state: 'ok', found: 'its record uses none' };
	for (const name of names) yield await diagnoseName(name, domain, network);
}

async function diagnoseName(name: string, domain: Domain, network: Network): Promise<Diagnosis> {
	const step = name;
	const got = await sendHttpRequest(network, { scheme: 'https', host: name, method: 'GET', target: '/', headers: {}, body: '' });
	if (!got.ok) {
		switch (got.kind) {
			case 'no-address':
				return {
					step,
					state: 'missing',
					found: 'DNS has no address for it',
					todo: `signpost dns apply ${domain}, or the customer publishes its CNAME.`,
				};
			case 'refused':
				return { step, state: 'missing', found: 'nobody answers there', todo: `It leads elsewhere: signpost zone ${domain} --diff.` };
			case 'failed':
				return {
					step,
					state: 'missing',
					found: `TLS fails: ${got.reason}`,
					todo: 'It has no certificate: signpost hostnames, or a route (docs/deploy-cloudflare.md, step 7).',
				};
			case 'deadline':
			case 'too-much':
				return { step, state: 'unknown', found: got.reason };
		}
	}
	if (got.tls?.verifyError !== null || !got.tls.nameMatches)
		return {
			step,
			state: 'missing',
			found: `its certificate is not valid for it (${got.tls?.verifyError ?? 'another name'})`,
			todo: 'signpost hostnames, or a route (docs/deploy-cloudflare.md, step 7).',
		};
	if (got.status >= 500)
		return { step, state: 'missing', found: `answers ${got.status}`, todo: `signpost check ${domain} looks at what it serves.` };
	return { step, state: 'ok', found: 'leads somewhere with a valid certificate' };
}

async function readHealth(origin: string, timeoutMs: number): Promise<Result<v.InferOutput<typeof Health>['problems'], string>> {
	try {
		const response = await fetch(new URL('/health', origin), { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
		const parsed = v.safeParse(Health, JSON.parse((await response.text()).slice(0, 100_000)));
		return parsed.success ? ok(parsed.output.problems) : err(`${origin}/health is not this service’s`);
	} catch (error) {
		return err(
			error instanceof SyntaxError ? `${origin}/health is not this service’s` : `${origin} does not answer: ${errorCauseMessage(error)}`,
		);
	}
}
