/** Runs a client's discovery over the network, and records each step. */
import type { EmailAddress } from '../../model/names.ts';
import { type HttpFailure, sendHttpRequest } from '../probe/http-request.ts';
import type { Network } from '../probe/network.ts';
import type { DiscoveredSettings, DiscoveryStep, DiscoveryStepResult, MailClient } from './discovery.ts';

export interface TraceStep {
	readonly asked: string;
	/** What the client concluded. */
	readonly verdict: string;
}

export interface Trace {
	readonly steps: readonly TraceStep[];
	readonly settings: DiscoveredSettings | null;
}

export async function runDiscovery(client: MailClient, address: EmailAddress, network: Network): Promise<Trace> {
	const steps: { asked: string; verdict: string }[] = [];
	const walk = client.discover(address);
	let next = walk.next();
	while (!next.done) {
		const want = next.value;
		const last = steps[steps.length - 1];
		if (want.action === 'verdict') {
			if (last !== undefined) last.verdict = want.text;
			next = walk.next({ outcome: 'nothing', reason: '' });
			continue;
		}
		const step = {
			asked: want.action === 'http' ? `${want.method} ${want.url}` : `${want.action.toUpperCase()} ${want.name}`,
			verdict: '',
		};
		steps.push(step);
		next = walk.next(
			want.action === 'http' ? await fetchFollowingRedirects(want, client.userAgent, network, step) : await queryDns(want, network),
		);
	}
	return { steps, settings: next.value };
}

async function queryDns(
	{ action: kind, name }: DiscoveryStep & { action: 'srv' | 'mx' | 'txt' },
	network: Network,
): Promise<DiscoveryStepResult> {
	const type = kind === 'srv' ? 'SRV' : kind === 'mx' ? 'MX' : 'TXT';
	const reply = await network.resolver.query(name, type);
	if (!reply.ok) return { outcome: 'nothing', reason: reply.error.message };
	return { outcome: 'records', records: reply.value.records.filter((record) => record.type === type).map(({ data }) => data) };
}

/** Every client gives up somewhere; ten is what most allow. */
const MAX_REDIRECTS = 10;

async function fetchFollowingRedirects(
	want: DiscoveryStep & { action: 'http' },
	userAgent: string | undefined,
	network: Network,
	step: { asked: string },
): Promise<DiscoveryStepResult> {
	let { method, url } = want;
	let body = want.body ?? '';
	for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
		const target = URL.canParse(url) ? new URL(url) : null;
		if (target === null || (target.protocol !== 'https:' && target.protocol !== 'http:'))
			return { outcome: 'nothing', reason: 'a redirect to nowhere' };
		const answer = await sendHttpRequest(network, {
			scheme: target.protocol === 'https:' ? 'https' : 'http',
			host: target.hostname,
			...(target.port === '' ? {} : { port: Number(target.port) }),
			method,
			target: target.pathname + target.search,
			headers: { ...want.headers, ...(userAgent === undefined ? {} : { 'User-Agent': userAgent }) },
			body,
		});
		if (!answer.ok) return { outcome: 'nothing', reason: failureReason(answer) };
		// During discovery, these clients do not ask their user about a bad certificate; they try the next URL.
		if (answer.tls !== null && (answer.tls.verifyError !== null || !answer.tls.nameMatches))
			return { outcome: 'nothing', reason: `the certificate is not trusted (${answer.tls.verifyError ?? 'another name'})` };
		const redirected = answer.status >= 300 && answer.status < 400 && answer.location !== null && want.redirects !== 'stop';
		if (!redirected)
			return {
				outcome: 'http',
				status: answer.status,
				contentType: answer.contentType,
				location: answer.location,
				body: answer.body.toString('utf8'),
				bytes: answer.body,
			};
		url = answer.location !== null && URL.canParse(answer.location, url) ? new URL(answer.location, url).href : '';
		step.asked += ` → ${url}`;
		// RFC 9110 §15.4: 307 and 308 keep the method; after other redirects clients send GET, except for those that keep it always.
		if (answer.status !== 307 && answer.status !== 308 && want.redirects !== 'keep') {
			method = 'GET';
			body = '';
		}
	}
	return { outcome: 'nothing', reason: 'too many redirects' };
}

function failureReason({ kind, reason }: HttpFailure): string {
	if (kind === 'no-address') return 'the name has no address';
	return kind === 'refused' ? 'nobody listens there' : reason;
}
