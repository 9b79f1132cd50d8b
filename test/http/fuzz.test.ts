/**
 * Random requests to every public and admin endpoint: none hangs, none is answered with a failure of ours, every answer is what its
 * Content-Type says, and no refusal repeats what was sent. `npm run fuzz -- --cases N --seed S` tries more, or the same again.
 */
import fc from 'fast-check';
import { expect, inject, it } from 'vitest';
import { OPERATIONS } from '../../src/contract/operations.ts';
import { PROTOCOLS } from '../../src/protocols/registry.ts';
import { fakeUpstreams } from '../admin/fake-upstreams.ts';
import { parseRootElement } from '../clients/independent-xml-parser.ts';
import { CANARY, hostileBodies, hostileQueries } from '../support/hostile-input.ts';
import { autodiscoverRequest, fetchWorker, MINIMAL_RECORD, putRecord } from './worker-client.ts';

declare module 'vitest' {
	interface ProvidedContext {
		readonly fuzzCases: number;
		/** Null for another seed each time. */
		readonly fuzzSeed: number | null;
	}
}

const OPERATOR_TOKEN = 'operator-token-of-the-tests-0123456789';
const DOMAINS = [
	'example.com',
	'alias.example',
	'a.wild.example',
	'nowhere.example.net',
	CANARY,
	`${CANARY}.example`,
	'*.wild.example',
	'*',
	'..',
	'%00',
];
const LABELS = ['', 'autoconfig.', 'autodiscover.', 'mta-sts.', 'ua-auto-config.', 'www.'];
const HOSTS = [
	'admin.signpost.example',
	'signpost.workers.dev',
	...LABELS.map((label) => `${label}example.com`),
	'autoconfig.nowhere.example.net',
];

const publicPaths = [
	...PROTOCOLS.flatMap(({ endpoints }) => endpoints.flatMap(({ locations }) => locations.map(({ path }) => path))),
	'/',
	'/setup/{domain}',
	'/zone/{domain}',
	'/health',
	'/ask',
	'/EWS/Exchange.asmx',
	'/assets/setup.css',
	'/robots.txt',
	'/admin',
	'/admin/domains/{domain}',
	'/admin/reference',
];
const operationPaths = OPERATIONS.map(({ path }) => `/admin/api${path}`);

const text = fc.oneof(
	fc.constantFrom(
		'',
		CANARY,
		'0',
		'-1',
		'1e999',
		'true',
		'null',
		`${CANARY}\r\nX-A: b`,
		'__proto__',
		'%',
		'%00',
		'%ff',
		'"><svg>',
		'$\u007bx}',
		'\u202e',
		'2027-06-30',
	),
	fc.string({ unit: 'binary', maxLength: 40 }),
	fc.constantFrom('@', '.', 'a', '%', '"', '\\').map((character) => character.repeat(3000)),
);
const address = fc.oneof(
	fc.tuple(fc.constantFrom('alice', CANARY, 'a"b', 'ü', ''), fc.constantFrom(...DOMAINS)).map(([local, domain]) => `${local}@${domain}`),
	text,
);
const queryValue = fc.oneof(address, text);
const QUERY_NAMES = [
	'emailaddress',
	'email',
	'Email',
	'Protocol',
	'protocol',
	'lang',
	'domain',
	'q',
	'sort',
	'after',
	'before',
	'from',
	'to',
	'step',
	'dry',
	'part',
	'name',
];
const query = fc.oneof(
	fc
		.array(fc.tuple(fc.constantFrom(...QUERY_NAMES), queryValue), { maxLength: 4 })
		.map((pairs) => pairs.map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`).join('&')),
	fc.constantFrom(...hostileQueries().map((each) => each.query)),
);
const path = fc
	.tuple(
		fc.constantFrom(...publicPaths, ...operationPaths),
		fc.constantFrom(...DOMAINS),
		fc.oneof({ weight: 5, arbitrary: fc.constant('') }, { weight: 1, arbitrary: text }),
	)
	.map(
		([template, domain, tail]) =>
			template.replace(/\{[^}]*\}/g, encodeURIComponent(domain)) + (tail === '' ? '' : `/${encodeURIComponent(tail.toWellFormed())}`),
	);
const record = fc.constantFrom<unknown>(
	JSON.parse(MINIMAL_RECORD),
	{ kind: 'alias', of: 'example.com' },
	{
		kind: 'domain',
		provider: { name: CANARY },
		services: { imap: { host: CANARY }, submission: { host: 'smtp.example.com', implicit: -1 } },
	},
	{ kind: 'domain', provider: { name: `${CANARY}\u202e` }, services: { caldav: { url: `javascript:${CANARY}` } } },
	null,
	[],
	CANARY,
);
const body = fc.oneof(
	fc.constantFrom(...hostileBodies().map((each) => each.body)),
	address.map((each) => autodiscoverRequest(each)),
	fc
		.tuple(record, fc.constantFrom(...DOMAINS))
		.map(([each, domain]) => JSON.stringify({ record: each, domain, note: CANARY, revision: 1 })),
	fc
		.tuple(record, fc.constantFrom(...DOMAINS))
		.map(([each, domain]) => `${JSON.stringify({ domain, record: each })}\n{"next":null}\n${CANARY}\n`),
	fc.json({ maxDepth: 4 }),
	text,
);
const headers = fc.record(
	{
		'User-Agent': fc.constantFrom(
			'Mozilla/5.0',
			'Mozilla/5.0 (X11; Linux) Thunderbird/153.0',
			'Evolution/3.56',
			'Microsoft Office/16.0',
			CANARY,
			'Thunderbird'.repeat(800),
		),
		'Content-Type': fc.constantFrom(
			'text/xml',
			'application/json',
			'application/x-ndjson',
			'application/merge-patch+json',
			'application/x-www-form-urlencoded',
			CANARY,
		),
		Authorization: fc.constantFrom(`Bearer ${OPERATOR_TOKEN}`, `Bearer ${CANARY}`, `Basic ${CANARY}`, 'Bearer '),
		Cookie: fc.constantFrom(`__Host-session=${CANARY}`, `${CANARY}=${CANARY}; __Host-session=`, ';;;='),
		'If-Match': fc.constantFrom('"1"', '*', 'W/"1"', `"${CANARY}"`, '"0", "1"'),
		'If-None-Match': fc.constantFrom('*', '"x"', CANARY),
		Prefer: fc.constantFrom('return=minimal', CANARY),
		Origin: fc.constantFrom('https://admin.signpost.example', `https://${CANARY}.example`, 'null'),
		'Accept-Language': fc.constantFrom('de', 'ar;q=0.1, *', `${CANARY};q=${CANARY}`),
		'X-MS-Autodiscover-Version': fc.constant(CANARY),
	},
	{ requiredKeys: [] },
);
const request = fc.record({
	host: fc.constantFrom(...HOSTS),
	path,
	query,
	method: fc.oneof(
		{ weight: 3, arbitrary: fc.constant('GET') },
		{ weight: 4, arbitrary: fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND') },
	),
	headers,
	body,
	ip: fc.integer({ min: 1, max: 250 }),
});

/** Failures that say what is outside of our hands: a server that was asked for the caller does not answer. */
const FAILURES_OF_OTHERS: ReadonlySet<string> = new Set(['source-unreachable']);

fakeUpstreams();

it(`${inject('fuzzCases')} random requests`, { timeout: 1_200_000 }, async () => {
	await putRecord('example.com', MINIMAL_RECORD);
	await putRecord('alias.example', { kind: 'alias', of: 'example.com' });
	await putRecord('*.wild.example', MINIMAL_RECORD);
	const seed = inject('fuzzSeed');
	const statuses = new Map<number, number>();
	await fc.assert(
		fc.asyncProperty(request, async (sent) => {
			const url = `https://${sent.host}${sent.path}${sent.query === '' ? '' : `?${sent.query}`}`;
			const hasBody = !['GET', 'HEAD', 'OPTIONS'].includes(sent.method);
			const response = await fetchWorker(url, {
				method: sent.method,
				headers: { ...sent.headers, 'CF-Connecting-IP': `192.0.2.${sent.ip}` },
				body: hasBody ? sent.body : null,
			});
			const answer = new TextDecoder().decode(await response.arrayBuffer());
			statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
			expectWellFormed(sent.method, response, answer);
			if (response.status >= 500) expect(FAILURES_OF_OTHERS, answer).toContain(JSON.parse(answer).code);
			if (response.status >= 400) expect(answer).not.toContain(CANARY);
			for (const [name, value] of response.headers) if (name !== 'location') expect(value).not.toContain(CANARY);
		}),
		{ numRuns: inject('fuzzCases'), ...(seed === null ? {} : { seed }) },
	);
	// Random requests get into the service, and are not all turned away at the door.
	expect(statuses.get(200) ?? 0).toBeGreaterThan(inject('fuzzCases') / 50);
	expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 400, 401, 404, 405]));
});

function expectWellFormed(method: string, { status, headers: answered }: Response, answer: string): void {
	const type = answered.get('Content-Type') ?? '';
	if (method === 'HEAD' || status === 204 || status === 304) expect(answer).toBe('');
	else if (/^application\/(?:[\w.-]+\+)?json/.test(type)) JSON.parse(answer);
	else if (type.startsWith('application/x-ndjson')) for (const line of answer.split('\n').filter((each) => each !== '')) JSON.parse(line);
	else if (/^(?:text|application)\/(?:[\w.-]+\+)?xml|aspen/.test(type)) expect(parseRootElement(answer), answer).not.toBeNull();
	else if (type.startsWith('text/html')) expect(answer).toMatch(/^<!DOCTYPE html>/i);
}
