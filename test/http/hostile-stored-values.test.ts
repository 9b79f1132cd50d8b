/**
 * Values that somebody has put into KV with the record keeper's mark copied onto them. Whatever they hold, no client gets an error of the
 * server, no line that ends a header, no markup and no Content-Security-Policy of theirs.
 */
import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../src/model/record.ts';
import { REASONS_OF_LATER_RELEASES } from '../../src/model/record-fields.ts';
import { parseStored, renderStored } from '../../src/model/stored-record.ts';
import { PROTOCOLS } from '../../src/protocols/registry.ts';
import { autodiscoverRequest, fetchWorker, putRecord } from './worker-client.ts';

const DOMAIN = 'example.com';

const GOOD = {
	kind: 'domain',
	provider: { name: 'Example', website: 'https://example.com/', logo: 'https://example.com/logo.png', colour: '#123456' },
	login: '%EMAILADDRESS%',
	services: {
		imap: { host: 'imap.example.com', implicit: 993, starttls: null },
		submission: { host: 'smtp.example.com', starttls: { port: 587, until: '2030-01-01' } },
		caldav: { url: 'https://dav.example.com/' },
	},
	mtaSts: { mode: 'enforce', mx: ['mx.example.com'], maxAge: 604800 },
	tlsRpt: { rua: ['mailto:a@example.com'] },
} as const;

const EVIL_VALUES = [
	null,
	true,
	-1,
	1e300,
	'',
	'x\r\nSet-Cookie: evil=1',
	"https://evil.example/;script-src 'unsafe-inline'",
	'"><script>evil()</script>',
	'javascript:evil()',
	'\ud800',
	'e'.repeat(70_000),
	[],
	{},
	[['evil']],
	{ toString: 'evil' },
] as const;

/** The record with each of its members, at any depth, replaced by something evil, one at a time. */
function* mutate(value: unknown, evil: unknown): Generator<unknown> {
	yield evil;
	if (typeof value !== 'object' || value === null) return;
	for (const [name, member] of Object.entries(value))
		for (const changed of mutate(member, evil)) yield Array.isArray(value) ? [changed] : { ...value, [name]: changed };
	if (!Array.isArray(value)) yield { ...value, evil };
}

function* markedValues(): Generator<object> {
	for (const evil of EVIL_VALUES) {
		for (const record of mutate(GOOD, evil)) yield { checked: 1, revision: 3, record };
		for (const earlier of mutate([{ until: Date.now() + 1e6, record: GOOD }], evil))
			yield { checked: 1, revision: 3, earlier, record: GOOD };
		yield { checked: 1, revision: evil, record: GOOD };
		yield { checked: evil, revision: 3, record: GOOD };
	}
}

describe('a value with the mark', () => {
	it('that the keeper wrote is taken as it is', () => {
		const stored = parseStored(renderStored(GOOD, 3, [{ until: 5, record: GOOD }]));
		expect(stored).toEqual({ ok: true, value: { record: GOOD, revision: 3, superseded: [{ until: 5, record: GOOD }] } });
	});

	it('from the first release, with an invisible character in a name, is served as it is', () => {
		const record = { ...GOOD, provider: { name: 'Exam\u200bple' } };
		expect(parseStored(renderStored(record, 3, []))).toMatchObject({ ok: true, value: { record } });
	});

	it('from an earlier release, with an issuer that ends in "#", is served as it is, and refused at the next save', () => {
		const oauth = {
			issuer: 'https://id.example.com/#',
			authUrl: 'https://id.example.com/a',
			tokenUrl: 'https://id.example.com/t',
			scope: 'mail',
		};
		const record = { ...GOOD, oauth };
		expect(parseStored(renderStored(record, 3, []))).toMatchObject({ ok: true, value: { record } });
		expect(parseRecord(record)).toMatchObject({ ok: false, error: [{ path: 'oauth.issuer' }] });
	});

	it('from an earlier release, with a percent sign that is nothing and a placeholder without its end, is served as it is', () => {
		const record = {
			...GOOD,
			login: '%EMAILLOCALPART%@%EMAILDOMAIN',
			services: { ...GOOD.services, caldav: { url: 'https://dav.example.com/%EMAILADDRESS/' } },
		};
		expect(parseStored(renderStored(record, 3, []))).toMatchObject({ ok: true, value: { record } });
		expect(parseRecord(record)).toMatchObject({ ok: false });
	});

	it('from an earlier release, with a report URI that is refused now, is served; its TXT record has the others alone', async () => {
		const record = { ...GOOD, tlsRpt: { rua: ['mailto:tls;v=evil@example.com', 'mailto:a@example.com'] } };
		expect(parseStored(renderStored(record, 3, []))).toMatchObject({ ok: true, value: { record } });
		await putRecord('old.example', renderStored(record, 3, []));
		const zone = await (await fetchWorker('https://admin.signpost.example/zone/old.example')).text();
		expect(zone).toContain('"v=TLSRPTv1; rua=mailto:a@example.com"');
	});

	it('edited by hand is served as if it were saved: with defaults, and names in lower case', async () => {
		const { mtaSts } = GOOD;
		const edited = {
			...GOOD,
			services: { ...GOOD.services, imap: { host: 'Imap.B\u00fccher.example' } },
			mtaSts: { mode: mtaSts.mode, mx: mtaSts.mx },
		};
		await putRecord('edited.example', JSON.stringify({ checked: 1, revision: 3, record: edited }));
		const policy = await (await fetchWorker('https://mta-sts.edited.example/.well-known/mta-sts.txt')).text();
		expect(policy).toContain('max_age: 604800');
		const document = await (await fetchWorker('https://autoconfig.edited.example/mail/config-v1.1.xml')).text();
		expect(document).toContain('<hostname>imap.xn--bcher-kva.example</hostname>');
	});

	it('that was made by hand never passes where a record put by hand would not', () => {
		let refused = 0;
		for (const value of markedValues()) {
			const stored = parseStored(JSON.stringify(value));
			if (!stored.ok) refused += 1;
			else {
				// What an earlier release took is served; whoever writes it by hand today is refused.
				const again = parseStored(JSON.stringify(stored.value.record));
				expect(again.ok || REASONS_OF_LATER_RELEASES.has(again.error.reason)).toBe(true);
			}
		}
		expect(refused).toBeGreaterThan(300);
	});
});

const URLS = PROTOCOLS.flatMap(({ endpoints }) =>
	endpoints.flatMap(({ method, locations }) => locations.map(({ path }) => ({ method, path }))),
);

it('no answer of any endpoint has an error of the server, or what is evil in the value', async () => {
	// Each eleventh value, and for each the endpoints in turn: all with all would be twenty thousand requests.
	const values = [...markedValues()].filter((_, at) => at % 11 === 0);
	let asked = 0;
	for (const [at, value] of values.entries()) {
		await putRecord(DOMAIN, value);
		const location = URLS[at % URLS.length];
		if (location === undefined) throw new Error('there is no endpoint');
		const urls = [
			`https://autoconfig.${DOMAIN}${location.path.replaceAll('{domain}', DOMAIN)}?emailaddress=a@${DOMAIN}&email=a@${DOMAIN}`,
			`https://autoconfig.${DOMAIN}/`,
		];
		for (const url of urls) {
			const isPost = location.method === 'POST' && url.includes(location.path);
			const response = await fetchWorker(url, isPost ? { method: 'POST', body: autodiscoverRequest(`a@${DOMAIN}`) } : {});
			const body = await response.text();
			expect(response.status, `${url} ${JSON.stringify(value).slice(0, 300)}`).toBeLessThan(500);
			expect(body).not.toContain('<script>evil');
			expect(body).not.toContain('javascript:evil');
			expect(response.headers.get('Set-Cookie')).toBeNull();
			expect(response.headers.get('Content-Security-Policy') ?? '').not.toMatch(/script-src[^;]*unsafe-inline/);
			asked += 1;
		}
	}
	expect(asked).toBe(values.length * 2);
});
