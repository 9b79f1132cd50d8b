/**
 * Whatever stands in a record, and whatever is typed into the form, is data on the pages. Each page is rendered twice, once with a harmless text
 * and once with a hostile one in its place: an HTML parser must see the same elements, and the one text where the other was.
 */
import { exports } from 'cloudflare:workers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeUriComponent } from '../../../src/model/placeholders.ts';
import { type DomainRecord, parseRecord } from '../../../src/model/record.ts';
import { recordKey } from '../../../src/model/record-key.ts';
import { createSingleRecordRouter } from '../../support/test-router.ts';
import { anyAddressPair, anyTextPair, recordPairs, type Swap, swapsOf, swapText } from '../../support/text-pairs.ts';
import { address, domain } from '../../support/valid-names.ts';

/** The texts are the same in every run: how each may stand in an answer is known to the test, and new ones are tried on purpose. */
const SEED = 14;

const DOMAIN = domain('example.com');
const ALICE = address('alice@example.com');

const RECORD = domainRecord({
	kind: 'domain',
	provider: {
		name: 'Example Mail for Everybody',
		shortName: 'Example',
		website: 'https://www.example.com/',
		help: 'https://help.example.com/mail',
		logo: 'https://www.example.com/logo.png',
		colour: '#0f766e',
	},
	login: '%EMAILADDRESS%',
	services: {
		imap: { host: 'imap.example.com', starttls: 143 },
		pop3: { host: 'pop.example.com', login: 'pop-%EMAILLOCALPART%' },
		submission: { host: 'smtp.example.com', alternatives: [{ host: 'smtp2.example.com' }] },
		sieve: { host: 'sieve.example.com' },
		jmap: { url: 'https://jmap.example.com/session' },
		caldav: { url: 'https://dav.example.com/calendars/' },
		carddav: { url: 'https://dav.example.com/contacts/%EMAILADDRESS%/' },
		webdav: { url: 'https://files.example.com/dav/' },
		activesync: { url: 'https://eas.example.com/Microsoft-Server-ActiveSync' },
	},
});

function domainRecord(value: unknown): DomainRecord {
	const parsed = parseRecord(value);
	if (!parsed.ok || parsed.value.kind !== 'domain') throw new Error(`no record: ${JSON.stringify(parsed)}`);
	return parsed.value;
}

/** One thing that the parser saw, and the texts in it. */
interface Token {
	readonly shape: string;
	readonly texts: readonly string[];
}

/** Undoes the escapes that pages use. @throws at any other: it is not ours */
function unescapeHtml(text: string): string {
	const escapes: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
	return text.replace(/&([a-zA-Z#0-9]*;?)/g, (whole, name: string) => {
		const character = name.endsWith(';') ? escapes[name.slice(0, -1)] : undefined;
		if (character === undefined) throw new Error(`not an escape of ours: ${whole}`);
		return character;
	});
}

/** The elements, attributes, comments and texts of a page, in their order, as workerd's parser (lol-html) sees them. */
async function parsePage(html: string): Promise<readonly Token[]> {
	const tokens: Token[] = [];
	let text = '';
	const push = (shape: string, texts: readonly string[]) => {
		if (text !== '') tokens.push({ shape: 'text', texts: [unescapeHtml(text)] });
		text = '';
		tokens.push({ shape, texts });
	};
	const rewriter = new HTMLRewriter()
		.on('*', {
			element(element) {
				// A place where a long text may break says nothing: the text goes on behind it.
				if (element.tagName === 'wbr') return;
				// The shape of a QR code is made of the address.
				const attributes = [...element.attributes].map(
					([name = '', value = '']) => [name, /^(?:d|viewBox|width|height)$/i.test(name) ? '' : value] as const,
				);
				push(
					`<${element.tagName} ${attributes.map(([name]) => name).join(' ')}>`,
					attributes.map(([, value]) => unescapeHtml(value)),
				);
				try {
					element.onEndTag(({ name }) => push(`</${name}>`, []));
				} catch {
					// The parser throws for an element without an end tag, such as <br>.
				}
			},
		})
		.onDocument({
			comments: (comment) => push(`<!--${comment.text}-->`, []),
			text: (chunk) => {
				text += chunk.text;
			},
		});
	await rewriter.transform(new Response(html, { headers: { 'Content-Type': 'text/html; charset=utf-8' } })).text();
	push('end', []);
	return tokens;
}

async function expectSamePage(harmless: string, hostile: string, swaps: readonly Swap[]): Promise<void> {
	const [before, after] = [await parsePage(harmless), await parsePage(hostile)];
	expect(after.map(({ shape }) => shape)).toEqual(before.map(({ shape }) => shape));
	for (const [at, { shape, texts }] of before.entries())
		for (const [place, text] of texts.entries()) expect(swapText(text, swaps), shape).toContain(after[at]?.texts[place]);
}

interface PageRequest {
	readonly path: string;
	/** What is typed into the form; null where the page is only looked at. */
	readonly typed: string | null;
	readonly host?: string;
}

async function readPage(record: DomainRecord, { path, typed, host = 'localhost' }: PageRequest): Promise<string> {
	const router = createSingleRecordRouter({ domain: DOMAIN, key: recordKey(DOMAIN), foundUnder: recordKey(DOMAIN), record });
	const init = typed === null ? {} : { method: 'POST', body: new URLSearchParams({ address: typed, lang: 'en' }) };
	const response = await router.fetch(new Request(`https://${host}${path}`, init));
	expect(response.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
	return response.text();
}

const PAGES: readonly PageRequest[] = [
	{ path: '/setup/example.com', typed: null },
	{ path: '/', typed: null, host: 'autoconfig.example.com' },
	{ path: '/setup/example.com', typed: ALICE.text },
	{ path: '/', typed: ALICE.text },
];

describe('the set-up page', () => {
	it('has a text of the record where it belongs, and nothing else changes', async () => {
		await fc.assert(
			fc.asyncProperty(recordPairs([RECORD]), fc.constantFrom(...PAGES), async ({ harmless, hostile, texts }, request) => {
				// The page also shows texts with what stands for an address in its language.
				fc.pre(!texts[0].includes('%EMAIL'));
				await expectSamePage(await readPage(harmless, request), await readPage(hostile, request), swapsOf(texts, ALICE));
			}),
			{ numRuns: 40, seed: SEED },
		);
	});

	it('has an address where it belongs, and nothing else changes', async () => {
		await fc.assert(
			fc.asyncProperty(anyAddressPair, fc.constantFrom('/', '/setup/example.com'), async ({ harmless, hostile }, path) => {
				const pages = [harmless, hostile].map(({ text }) => readPage(RECORD, { path, typed: text }));
				const [plain = '', spoilt = ''] = await Promise.all(pages);
				await expectSamePage(plain, spoilt, [
					[harmless.local, hostile.local],
					[encodeUriComponent(harmless.local), encodeUriComponent(hostile.local)],
				]);
			}),
			{ numRuns: 40, seed: SEED },
		);
	});
});

describe('pages that say what is wrong', () => {
	it('have what was typed in the field alone', async () => {
		await fc.assert(
			fc.asyncProperty(anyTextPair, fc.constantFrom('/', '/setup/example.com'), async ({ hostile, harmless }, path) => {
				// Neither is an address, so that both are refused for the same reason.
				const [typed, plainTyped] = [`${hostile.toWellFormed()}@@`, `${harmless}@@`];
				const [plain, spoilt] = [await readPage(RECORD, { path, typed: plainTyped }), await readPage(RECORD, { path, typed })];
				await expectSamePage(plain, spoilt, [[plainTyped, typed]]);
			}),
			{ numRuns: 40, seed: SEED },
		);
	});

	it('are the same for every path that is none', async () => {
		await fc.assert(
			fc.asyncProperty(anyTextPair, async ({ hostile }) => {
				const path = `/setup/${encodeURIComponent(hostile.toWellFormed())}`;
				expect(await readPage(RECORD, { path, typed: null })).toBe(await readPage(RECORD, { path: '/setup/nowhere.example', typed: null }));
			}),
		);
	});
});

it('the console’s document is the same whatever is asked for', async () => {
	const read = async (name: string) => {
		const response = await exports.default.fetch(`https://admin.signpost.example/admin/domains/${name}`);
		return response.text();
	};
	const plain = await read('example.org');
	await fc.assert(
		fc.asyncProperty(anyTextPair, async ({ hostile }) => {
			expect(await read(encodeURIComponent(hostile.toWellFormed()))).toBe(plain);
		}),
	);
});
