/** The quick reader of Autodiscover requests: wherever it answers, the XML parser answers the same. */
import { describe, expect, it } from 'vitest';
import { parseAutodiscoverRequest, parseRequestDocument, readPlainRequest } from '../../src/protocols/autodiscover-request.ts';

const REQUEST = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006';
const SCHEMA = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a';
const DECLARATION = '<?xml version="1.0" encoding="utf-8"?>';
const ADDRESS = '<EMailAddress>alice@example.com</EMailAddress>';
const ACCEPTABLE = `<AcceptableResponseSchema>${SCHEMA}</AcceptableResponseSchema>`;

/** The documents as the clients write them. */
const REAL_REQUESTS = {
	Outlook: `${DECLARATION}<Autodiscover xmlns="${REQUEST}"><Request>${ADDRESS}${ACCEPTABLE}</Request></Autodiscover>`,
	'Thunderbird 153': `${DECLARATION}
      <Autodiscover xmlns="${REQUEST}">
        <Request>
          ${ADDRESS}
          ${ACCEPTABLE}
        </Request>
      </Autodiscover>`,
	FairEmail: `${DECLARATION}<Autodiscover xmlns="${REQUEST}">\n<Request>\n${ADDRESS}\n${ACCEPTABLE}\n</Request>\n</Autodiscover>\n`,
	'schema first': `<Autodiscover xmlns="${REQUEST}">\r\n\t<Request>\r\n\t\t${ACCEPTABLE}\r\n\t\t${ADDRESS}\r\n\t</Request>\r\n</Autodiscover>\r\n`,
} as const;

describe.each(Object.entries(REAL_REQUESTS))('%s', (_, body) => {
	it('is read without the parser', () => {
		expect(readPlainRequest(body)).toEqual({ emailAddress: 'alice@example.com', schema: SCHEMA });
		expect(parseRequestDocument(body)).toEqual(parseAutodiscoverRequest(body));
	});
});

/** Pieces that mutations put in: what XML gives a meaning, and what only looks like it. */
const PIECES = [
	...['<', '>', '&', '"', "'", '/', '=', '?', '!', ' ', '\n', '\t', '\r', '\0', '\uFEFF', '\u00A0', 'é', '\u{1F600}', '@', 'a', '.', '-'],
	...['&amp;', '&#64;', '&x;', '<!--', '-->', '<![CDATA[', ']]>', '<?x?>', '<!DOCTYPE a>', '<a/>', '<Request>', '</Request>', 'xmlns=""'],
	...[
		'<EMailAddress/>',
		ADDRESS,
		ACCEPTABLE,
		'<x:EMailAddress>',
		' a="b"',
		'UTF-8',
		'utf-16',
		'version="1.1"',
		'<LegacyDN>/o=x</LegacyDN>',
	],
];

/** Marsaglia's xorshift32, so that a failure can be repeated. */
function createRandom(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return (state >>> 0) % below;
	};
}

function mutate(text: string, random: (below: number) => number): string {
	const at = random(text.length + 1);
	const until = random(4) === 0 ? at + random(60) : at + random(2);
	const kind = random(4);
	if (kind === 0) return text.slice(0, at) + text.slice(until);
	if (kind === 1) return text.slice(0, at) + text.slice(at, at + random(80)) + text.slice(at);
	return text.slice(0, at) + (PIECES[random(PIECES.length)] ?? '') + text.slice(until);
}

/** Mutations that are tried: `.ci/run` asks for a million. */
const RUNS = Number(process.env.AUTODISCOVER_RUNS ?? 100_000);

it('reads nothing otherwise than the parser does, in mutations of real requests', { timeout: 300_000 }, () => {
	const random = createRandom(20_261_128);
	const bodies = Object.values(REAL_REQUESTS);
	let read = 0;
	for (let run = 0; run < RUNS; run += 1) {
		let body: string = bodies[random(bodies.length)] ?? '';
		for (let times = random(3); times >= 0; times -= 1) body = mutate(body, random);
		const plain = readPlainRequest(body);
		if (plain === null) continue;
		read += 1;
		const parsed = parseRequestDocument(body);
		if (!parsed.ok || parsed.value.emailAddress !== plain.emailAddress || parsed.value.schema !== plain.schema)
			expect({ body, parsed }).toEqual({ body, parsed: { ok: true, value: plain } });
	}
	// Enough of them pass for the comparison to mean something.
	expect(read).toBeGreaterThan(RUNS / 20);
});
