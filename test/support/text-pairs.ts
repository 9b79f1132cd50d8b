/**
 * Hostile texts, each with a harmless twin, and records and addresses that have them, for properties that say: whatever the text is, the answer
 * is the same but for the text. It runs in workerd too.
 */
import fc from 'fast-check';
import { type EmailAddress, parseEmailAddress, parseHttpsUrl } from '../../src/model/names.ts';
import { fillAddress, fillAddressIntoUrl, fillDomain, fillLoginDomain } from '../../src/model/placeholders.ts';
import { type DomainRecord, parseRecord } from '../../src/model/record.ts';
import { REASONS_OF_LATER_RELEASES, STRAY_PERCENT_REASON } from '../../src/model/record-fields.ts';

/** Placeholders of records; they are filled in, in the hostile text and in the harmless one. */
const PLACEHOLDERS = ['%EMAILADDRESS%', '%EMAILLOCALPART%', '%EMAILDOMAIN%'];

const PIECES = [
	...['"', "'", '&', '<', '>', '`', '\\', '/', ' ', '%', '#', '?', '=', ';', ','],
	...[
		']]>',
		'<![CDATA[',
		'<!--',
		'-->',
		'<?x y?>',
		'<!DOCTYPE a>',
		'</string>',
		'</script>',
		'<script>alert(1)</script>',
		'<img src=x onerror=a>',
	],
	...[
		'&amp;',
		'&#60;',
		'&lt',
		'" onload="a',
		"' x='",
		'javascript:a',
		'$&',
		'$1',
		'$\u007bx}',
		'%\u007bx}',
		'{{x}}',
		'%41',
		'%3C',
		'%EMAIL',
		'%x',
	],
	...['\n', '\r', '\t', '\u0000', '\u0001', '\u001b', '\u007f', '\u0085', '\u00a0', '\u200b', '\u2028', '\u202e', '\u2066', '\ufeff'],
	...['\ufdd0', '\ufdd1', '\ufffe', '\uffff', '\ud800', 'א', 'ש"ל', 'ü', '用户', '\u{1f600}', '\u{10ffff}', 'x'],
];

export interface TextPair {
	readonly hostile: string;
	readonly harmless: string;
}

// Some answers have what ASCII alone can say, such as Thunderbird's QR code: the harmless twin is as far from ASCII.
function isAscii(text: string): boolean {
	return [...text].every((character) => character < '\u0080');
}

/** Both begin and end so that they are found in an answer. */
export const anyTextPair: fc.Arbitrary<TextPair> = fc
	.array(
		fc.oneof(
			{ weight: 8, arbitrary: fc.constantFrom(...PLACEHOLDERS, ...PIECES) },
			{ weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 3 }) },
		),
		{
			minLength: 1,
			maxLength: 6,
		},
	)
	.map((pieces) => ({
		hostile: `qz7${pieces.join('')}7zq`,
		harmless: `qz7${pieces.map((piece) => (PLACEHOLDERS.includes(piece) ? piece : (isAscii(piece) ? 'x' : 'ü').repeat(piece.length))).join('')}7zq`,
	}));

/** A URL as parsers write it, its placeholders as they are; the text itself where it is no URL. */
function asUrl(text: string): string {
	const placeholders = [...text.matchAll(/%EMAIL[A-Z]+%/g)].map(([found]) => found);
	const marked = placeholders.reduce((result, placeholder, at) => result.replace(placeholder, `zz${at}zz`), text);
	if (!URL.canParse(marked)) return text;
	return placeholders.reduce((result, placeholder, at) => result.replace(`zz${at}zz`, () => placeholder), new URL(marked).href);
}

/** How a text of a record may stand in an answer: as it is, filled in for the user, as a URL, and as the path of one. */
function formsOf(text: string, address: EmailAddress): readonly string[] {
	const { domain } = address;
	const withLoginDomain = fillLoginDomain(text, domain);
	const url = fillAddressIntoUrl(fillDomain(text, domain), address) ?? '';
	const parsed = URL.canParse(url) ? new URL(url) : null;
	return [
		...[text, fillAddress(text, address), fillDomain(text, domain), withLoginDomain, fillAddress(withLoginDomain, address)],
		...[url, parsed?.href ?? text, parsed === null ? text : parsed.pathname, asUrl(text), asUrl(fillDomain(text, domain))],
	];
}

/** Where the harmless text stands in the one answer, the hostile one has to stand in the other. */
export type Swap = readonly [harmless: string, hostile: string];

/** The swaps for a text of a record, in each of the forms in which an answer may have it. */
export function swapsOf([harmless, hostile]: Swap, address: EmailAddress): readonly Swap[] {
	const others = formsOf(hostile, address);
	return formsOf(harmless, address).map((form, at): Swap => [form, others[at] ?? '']);
}

/** What may stand in the hostile answer where this stands in the harmless one. */
export function swapText(text: string, swaps: readonly Swap[]): readonly string[] {
	const swapped = swaps.filter(([from]) => text.includes(from)).map(([from, to]) => text.replaceAll(from, () => to));
	return swapped.length === 0 ? [text] : swapped;
}

interface Leaf {
	readonly path: readonly string[];
	readonly text: string;
}

/** Every text of a record. */
function leavesOf(value: unknown, path: readonly string[] = []): readonly Leaf[] {
	if (typeof value === 'string') return path[0] === 'kind' ? [] : [{ path, text: value }];
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

function withLeaf(value: unknown, [key, ...rest]: readonly string[], text: string): unknown {
	if (key === undefined) return text;
	if (Array.isArray(value)) return value.map((inner, at) => (String(at) === key ? withLeaf(inner, rest, text) : inner));
	return Object.fromEntries(Object.entries(value ?? {}).map(([name, inner]) => [name, name === key ? withLeaf(inner, rest, text) : inner]));
}

/** The record as the service would have it in its store; null where no release has ever taken it. */
function storedRecord(value: unknown): DomainRecord | null {
	const parsed = parseRecord(value);
	if (parsed.ok) return parsed.value.kind === 'domain' ? parsed.value : null;
	if (!parsed.error.every(({ reason }) => REASONS_OF_LATER_RELEASES.has(reason))) return null;
	// Records of earlier releases are served as they are. Their URLs were normalised when they were saved.
	const urls = parsed.error.filter(({ reason }) => reason === STRAY_PERCENT_REASON).map(({ path }) => path.split('.'));
	return urls.reduce<unknown>((record, path) => {
		const url = parseHttpsUrl(leavesOf(record).find((leaf) => leaf.path.join() === path.join())?.text ?? '');
		return url.ok ? withLeaf(record, path, url.value) : record;
	}, value) as DomainRecord;
}

export interface RecordPair {
	readonly harmless: DomainRecord;
	readonly hostile: DomainRecord;
	readonly texts: Swap;
}

/** One of the records with a hostile text in one of its fields, in place of what stands there or behind it; and the same with a harmless one. */
export function recordPairs(records: readonly DomainRecord[]): fc.Arbitrary<RecordPair> {
	const leaves = records.flatMap((record) => leavesOf(record).map((leaf) => ({ record, leaf })));
	return fc
		.tuple(fc.constantFrom(...leaves), anyTextPair, fc.constantFrom('', '/', '%EMAILADDRESS%'))
		.map(([{ record, leaf }, pair, between]): RecordPair | null => {
			const place = (text: string) => {
				if (between !== '/') return between + text;
				// What ends a URL's path, and what parsers of URLs leave out, is syntax there.
				return `${leaf.text.replace(/\?.*|\/$/, '')}/${text.replace(/[?#/\\\s\p{Cc}]/gu, 'x')}`;
			};
			const [harmless, hostile] = [pair.harmless, pair.hostile].map((text) => storedRecord(withLeaf(record, leaf.path, place(text))));
			if (harmless === null || harmless === undefined || hostile === null || hostile === undefined) return null;
			// The A-labels of a host name are made when its placeholder is filled in: what they will be is not known here.
			if (/^qz7.*%EMAILDOMAIN%/s.test(pair.hostile) && (leaf.path.includes('host') || leaf.path.includes('mx'))) return null;
			const textIn = (of: DomainRecord) => leavesOf(of).find(({ path }) => path.join('.') === leaf.path.join('.'))?.text ?? '';
			return { harmless, hostile, texts: [textIn(harmless), textIn(hostile)] };
		})
		.filter((pair) => pair !== null);
}

/** Addresses with a local part that is hostile, as far as an address may be, and the same with a harmless one. */
export const anyAddressPair = anyTextPair
	.map(({ hostile, harmless }) => ({
		hostile: parseEmailAddress(`${hostile}@example.com`),
		harmless: parseEmailAddress(`${harmless.replaceAll('%', 'x')}@example.com`),
	}))
	.filter((pair): pair is { hostile: EmailAddress; harmless: EmailAddress } => pair.hostile !== null && pair.harmless !== null);
