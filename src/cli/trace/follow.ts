/** Walks a client's walk over the real network, and keeps a log of it. */
import type { EmailAddress } from '../../model/names.ts';
import type { Network } from '../network.ts';
import { ask, type HttpFailure } from '../probe/http.ts';
import type { Ask, Client, Settings, Told } from './walk.ts';

export interface Step {
	readonly asked: string;
	/** What the client made of it. */
	readonly verdict: string;
}

export interface Trace {
	readonly steps: readonly Step[];
	readonly settings: Settings | null;
}

export async function follow(client: Client, address: EmailAddress, network: Network): Promise<Trace> {
	const steps: { asked: string; verdict: string }[] = [];
	const walk = client.walk(address);
	let next = walk.next();
	while (!next.done) {
		const want = next.value;
		const last = steps[steps.length - 1];
		if (want.ask === 'verdict') {
			if (last !== undefined) last.verdict = want.text;
			next = walk.next({ told: 'nothing', why: '' });
			continue;
		}
		const step = { asked: want.ask === 'http' ? `${want.method} ${want.url}` : `${want.ask.toUpperCase()} ${want.name}`, verdict: '' };
		steps.push(step);
		next = walk.next(want.ask === 'http' ? await overHttp(want, client.userAgent, network, step) : await overDns(want, network));
	}
	return { steps, settings: next.value };
}

async function overDns({ ask: kind, name }: Ask & { ask: 'srv' | 'mx' | 'txt' }, network: Network): Promise<Told> {
	const type = kind === 'srv' ? 'SRV' : kind === 'mx' ? 'MX' : 'TXT';
	const reply = await network.resolver.query(name, type);
	if (!reply.ok) return { told: 'nothing', why: reply.error.what };
	return { told: 'records', records: reply.value.records.filter((record) => record.type === type).map(({ data }) => data) };
}

/** Every client gives up somewhere; ten is what most allow. */
const MOST_REDIRECTS = 10;

async function overHttp(
	want: Ask & { ask: 'http' },
	userAgent: string | undefined,
	network: Network,
	step: { asked: string },
): Promise<Told> {
	let { method, url } = want;
	let body = want.body ?? '';
	for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
		const target = URL.canParse(url) ? new URL(url) : null;
		if (target === null || (target.protocol !== 'https:' && target.protocol !== 'http:'))
			return { told: 'nothing', why: 'a redirect to nowhere' };
		const answer = await ask(network, {
			scheme: target.protocol === 'https:' ? 'https' : 'http',
			host: target.hostname,
			...(target.port === '' ? {} : { port: Number(target.port) }),
			method,
			target: target.pathname + target.search,
			headers: { ...want.headers, ...(userAgent === undefined ? {} : { 'User-Agent': userAgent }) },
			body,
		});
		if (!answer.ok) return { told: 'nothing', why: reasonOf(answer) };
		// No client asks its user about a certificate here: the place is passed over.
		if (answer.tls !== null && (answer.tls.untrusted !== null || !answer.tls.nameMatches))
			return { told: 'nothing', why: `the certificate is not trusted (${answer.tls.untrusted ?? 'another name'})` };
		const redirected = answer.status >= 300 && answer.status < 400 && answer.location !== null && want.redirects !== 'stop';
		if (!redirected)
			return {
				told: 'http',
				status: answer.status,
				type: answer.type,
				location: answer.location,
				body: answer.body.toString('utf8'),
				bytes: answer.body,
			};
		url = answer.location !== null && URL.canParse(answer.location, url) ? new URL(answer.location, url).href : '';
		step.asked += ` → ${url}`;
		// RFC 9110 §15.4: 307 and 308 keep the method; the others become GET for all but those who insist.
		if (answer.status !== 307 && answer.status !== 308 && want.redirects !== 'keep') {
			method = 'GET';
			body = '';
		}
	}
	return { told: 'nothing', why: 'too many redirects' };
}

function reasonOf({ why, reason }: HttpFailure): string {
	if (why === 'no-address') return 'the name has no address';
	return why === 'refused' ? 'nobody listens there' : reason;
}
