/**
 * The examples of the OpenAPI document are what the service answers. `npx vitest run --project worker test/admin/api-examples.test.ts -u`
 * keeps new answers in src/tools/api/api-examples.json.
 */
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import type { Operation } from '../../src/contract/operation.ts';
import { OPERATIONS } from '../../src/contract/operations.ts';
import { openCloudflareZone } from '../../src/dns/publish/cloudflare-editor.ts';
import { CLOUDFLARE_API } from '../../src/lib/http/provider-request.ts';
import { STORE_MARK_KEY } from '../../src/store/kv/store-mark.ts';
import { API_EXAMPLES, type ApiExample, EXAMPLE_OPERATOR_TOKEN } from '../../src/tools/api/api-examples.ts';
import { createFakeCloudflareDns } from '../support/fake-cloudflare-dns.ts';
import { ADMIN_KV_READS } from '../support/kv-read-costs.ts';
import { kvReads, resetKvReads, useKvReads } from '../support/kv-reads.ts';
import { domain } from '../support/valid-names.ts';
import { ADMIN_ORIGIN, callApi, OPERATOR_TOKEN, RECORD } from './admin-client.ts';
import { createAdminTestRouter } from './admin-test-router.ts';
import { fakeUpstreams } from './fake-upstreams.ts';

const SHOWN_TIME = '2026-01-02T03:04:05.000Z';
const MAX_SHOWN_CHARACTERS = 300;
const MAX_SHOWN_ENTRIES = 2;

const upstreams = fakeUpstreams();
useKvReads();

/** What has to happen elsewhere before an operation. */
const PREPARATIONS: ReadonlyMap<string, (toActual: (shown: string) => string) => Promise<void>> = new Map([
	['adoptDomain', () => editInKv('Edited in KV')],
	['overwriteDomain', () => editInKv('Edited in KV again')],
	[
		'importSrv',
		async () => {
			const dns = {
				'_imaps._tcp.example.net SRV': ['0 1 993 imap.example.net.'],
				'_submissions._tcp.example.net SRV': ['0 1 465 smtp.example.net.'],
			};
			upstreams.now = { dns };
		},
	],
	[
		'testWebhook',
		async () => {
			upstreams.now = { documents: { 'https://hooks.example.net/signpost': '' } };
		},
	],
	[
		'proveClaim',
		async (toActual: (shown: string) => string) => {
			upstreams.now = { dns: { '_signpost-claim.example.net TXT': [`"${toActual(claimRecord())}"`] } };
		},
	],
]);

function claimRecord(): string {
	return API_EXAMPLES.openClaim.invented?.['record.data'] ?? '';
}

async function editInKv(name: string): Promise<void> {
	await env.RECORDS.put('record:example.org', JSON.stringify({ ...RECORD, provider: { name } }));
}

it('answers each as it is shown, and reads few keys of KV', async () => {
	/** What the service invented in this run, and what the examples show in its place. */
	const invented: { readonly actual: string; readonly shown: string }[] = [{ actual: OPERATOR_TOKEN, shown: EXAMPLE_OPERATOR_TOKEN }];
	const toActual = (text: string) => invented.reduce((result, { actual, shown }) => result.replaceAll(shown, actual), text);
	const toShown = (text: string) => invented.reduce((result, { actual, shown }) => result.replaceAll(actual, shown), text);

	const answers: Record<string, unknown> = {};
	const operations = new Map<string, Operation>(OPERATIONS.map((operation) => [operation.id, operation]));
	for (const [id, example] of Object.entries(API_EXAMPLES)) {
		const operation = operations.get(id);
		if (operation === undefined) throw new Error(`there is no operation ${id}`);
		await PREPARATIONS.get(id)?.(toActual);
		resetKvReads();
		const request = { method: operation.method, path: toActual(pathOf(operation, example)), body: bodyOf(example, toActual) };
		const { status, text } = PUBLISHING.has(id)
			? await callPublishing(request)
			: await callApi(request.method, request.path, { headers: example.headers ?? {}, body: request.body });
		// The mark of the store is read once a minute, whichever operation comes then.
		const keys = kvReads().keys.filter((key) => key !== STORE_MARK_KEY);
		expect(keys.length, `keys of KV that ${id} read: ${keys.join(', ')}`).toBeLessThanOrEqual(ADMIN_KV_READS);
		expect(kvReads().lists, id).toBeLessThanOrEqual(1);
		expect([id, status, status === operation.status ? '' : text]).toEqual([id, operation.status, '']);
		for (const [member, shown] of Object.entries(example.invented ?? {})) {
			invented.push({ actual: String(memberOf(JSON.parse(text), member)), shown });
		}
		if (operation.view === null || id === 'readOpenapi') continue;
		const shown = toShown(text)
			.replaceAll('signpost.invalid', 'signpost.example.net')
			.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, SHOWN_TIME)
			.replace(/(?<="[a-zA-Z]+":)1[0-9]{12}\b/g, String(Date.parse(SHOWN_TIME)));
		answers[id] =
			operation.viewType === undefined
				? shorten(JSON.parse(shown))
				: shown
						.split('\n')
						.filter((line) => line !== '')
						.map((line) => shorten(JSON.parse(line)));
	}
	await expect(`${JSON.stringify(answers, null, '\t')}\n`).toMatchFileSnapshot('../../src/tools/api/api-examples.json');
});

/** Operations that only a service answers that may change zones. */
const PUBLISHING: ReadonlySet<string> = new Set(['readPublication', 'publishDns']);

const cloudflare = createFakeCloudflareDns('example.org', 'secret', [
	{ name: 'autodiscover.example.org', type: 'CNAME', ttl: 300, content: 'autodiscover.example.com', proxied: false },
]);
const publishingRouter = createAdminTestRouter({
	serviceHost: domain('signpost.example.net'),
	publishedZones: [
		{
			zone: domain('example.org'),
			provider: 'cloudflare',
			open: (name) => openCloudflareZone({ url: CLOUDFLARE_API, token: 'secret' }, name, cloudflare.transport),
		},
	],
});

interface ExampleRequest {
	readonly method: string;
	readonly path: string;
	readonly body: string | undefined;
}

async function callPublishing({ method, path, body }: ExampleRequest): Promise<{ readonly status: number; readonly text: string }> {
	const headers = { Authorization: `Bearer ${OPERATOR_TOKEN}` };
	const response = await publishingRouter.request(`${ADMIN_ORIGIN}/admin/api${path}`, { method, headers, body: body ?? null });
	return { status: response.status, text: await response.text() };
}

function pathOf({ path }: Operation, { path: variables = {}, query = {} }: ApiExample): string {
	const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => variables[name] ?? '');
	return Object.keys(query).length === 0 ? filled : `${filled}?${new URLSearchParams(query)}`;
}

function bodyOf({ body }: ApiExample, toActual: (text: string) => string): string | undefined {
	if (body === undefined) return undefined;
	return toActual(typeof body === 'string' ? body : JSON.stringify(body));
}

function memberOf(value: unknown, path: string): unknown {
	return path
		.split('.')
		.reduce<unknown>(
			(found, name) => (typeof found === 'object' && found !== null ? Object.entries(found).find(([key]) => key === name)?.[1] : undefined),
			value,
		);
}

/** The same value with long texts and long lists cut, so that an example can be read. */
function shorten(value: unknown): unknown {
	if (typeof value === 'string') return value.length > MAX_SHOWN_CHARACTERS ? `${value.slice(0, MAX_SHOWN_CHARACTERS)}…` : value;
	if (Array.isArray(value)) return value.slice(0, MAX_SHOWN_ENTRIES).map(shorten);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shorten(member)]));
}
