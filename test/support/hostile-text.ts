/** Hostile texts, each with a harmless twin, for properties that say: whatever the text is, the answer is the same but for the text. */
import fc from 'fast-check';

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
		harmless: `qz7${pieces.map((piece) => (PLACEHOLDERS.includes(piece) ? piece : 'x'.repeat(piece.length))).join('')}7zq`,
	}));
