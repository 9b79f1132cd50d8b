/** Hostile requests, shared by the benchmark of their cost and the tests that send them. */

const CANARY = 'canary7f3a';

/** A text in every hostile request that has room for it. No answer may contain it, because nothing that a stranger sends is echoed. */
export { CANARY };

function autodiscoverPost(
	address: string,
	schema = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a',
): string {
	return `<?xml version="1.0"?><Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><Request><EMailAddress>${address}</EMailAddress><AcceptableResponseSchema>${schema}</AcceptableResponseSchema></Request></Autodiscover>`;
}

const ENTITY_BOMB = `<!DOCTYPE lolz [<!ENTITY a "${CANARY}"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>`;

/** Request bodies, each with a name. None of them is a valid request. */
export function hostileBodies(): readonly { readonly name: string; readonly body: string }[] {
	return [
		{ name: 'nothing', body: '' },
		{ name: 'an entity bomb', body: ENTITY_BOMB + autodiscoverPost('&d;@example.com') },
		{ name: 'a bomb behind a declaration', body: `<?xml version="1.0"?>\n${ENTITY_BOMB}${autodiscoverPost('&d;@example.com').slice(21)}` },
		{ name: 'an external entity', body: `<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>${autodiscoverPost('&x;@example.com')}` },
		{ name: 'an external DTD', body: `<!DOCTYPE x SYSTEM "http://127.0.0.1:1/${CANARY}">${autodiscoverPost('a@example.com')}` },
		{ name: 'a lower-case doctype', body: `<!doctype x [<!entity x "y">]>${autodiscoverPost('&x;@example.com')}` },
		{ name: 'deep nesting', body: '<a>'.repeat(5000) },
		{ name: 'deep and closed nesting', body: '<a>'.repeat(2000) + '</a>'.repeat(2000) },
		{ name: 'wide nesting', body: `<a>${'<b/>'.repeat(4000)}</a>` },
		{ name: 'many attributes', body: `<a ${Array.from({ length: 1500 }, (_, at) => `a${at}="1"`).join(' ')}/>` },
		{ name: 'one endless attribute', body: `<a b="${'x'.repeat(16000)}"/>` },
		{ name: 'one endless name', body: `<${'x'.repeat(16000)}/>` },
		{ name: 'unclosed tags', body: `<Autodiscover><Request><EMailAddress>${CANARY}@example.com` },
		{ name: 'unclosed comment', body: `<!-- ${'-'.repeat(15000)}` },
		{ name: 'unclosed CDATA', body: `<a><![CDATA[${'x'.repeat(15000)}` },
		{ name: 'no XML', body: CANARY.repeat(1000) },
		{ name: 'JSON', body: `{"email":"${CANARY}@example.com"}` },
		{ name: 'NUL', body: autodiscoverPost(`${CANARY}\u0000@example.com`) },
		{ name: 'NULs alone', body: '\u0000'.repeat(4000) },
		{ name: 'control characters', body: autodiscoverPost(`${CANARY}\u0001\u0002\u001B@example.com`) },
		{ name: 'CRLF in the address', body: autodiscoverPost(`${CANARY}\r\nSet-Cookie: a=b@example.com`) },
		{ name: 'markup in the address', body: autodiscoverPost(`<b>${CANARY}</b>@example.com`) },
		{ name: 'a long address', body: autodiscoverPost(`${CANARY.repeat(400)}@example.com`) },
		{ name: 'a long domain', body: autodiscoverPost(`${CANARY}@${'a.'.repeat(2000)}com`) },
		{ name: 'many at signs', body: autodiscoverPost(`${CANARY}${'@'.repeat(4000)}example.com`) },
		{ name: 'no address', body: autodiscoverPost('') },
		{ name: 'only an at sign', body: autodiscoverPost('@') },
		{ name: 'an IP address', body: autodiscoverPost(`${CANARY}@127.0.0.1`) },
		{ name: 'an address literal', body: autodiscoverPost(`${CANARY}@[127.0.0.1]`) },
		{ name: 'another namespace and root', body: `<x:y xmlns:x="urn:${CANARY}"><x:z/></x:y>` },
		{ name: 'no Request', body: '<Autodiscover xmlns="urn:x"/>' },
		{ name: 'prototypes', body: '<Autodiscover><Request><__proto__>x</__proto__><constructor>y</constructor></Request></Autodiscover>' },
		{ name: 'two roots', body: '<Autodiscover/><Autodiscover/>' },
		{ name: 'processing instructions', body: '<?a b?>'.repeat(2000) },
		{ name: 'ampersands', body: `<a>${'&'.repeat(15000)}</a>` },
		{ name: 'numeric references', body: `<a>${'&#65;'.repeat(3000)}</a>` },
		{ name: 'blanks', body: ' '.repeat(16000) },
	];
}

/** Queries, each with a name. */
export function hostileQueries(): readonly { readonly name: string; readonly query: string }[] {
	return [
		{ name: 'ten thousand parameters', query: Array.from({ length: 10_000 }, (_, at) => `p${at}=${CANARY}`).join('&') },
		{ name: 'ampersands', query: '&'.repeat(16_000) },
		{ name: 'a broken escape', query: `emailaddress=%E0%A4%A${CANARY}&email=%` },
		{ name: 'NUL', query: `emailaddress=${CANARY}%00@example.net&email=${CANARY}%00@example.net` },
		{ name: 'CRLF', query: `emailaddress=${CANARY}%0D%0AX-A:b@example.net&email=${CANARY}%0D%0AX-A:b@example.net` },
		{ name: 'markup', query: `emailaddress=${CANARY}"%26<'>@example.net&email="%26<'>@nowhere.example.net` },
		{ name: 'a long address', query: `emailaddress=${CANARY.repeat(400)}@example.net&email=${CANARY.repeat(400)}@example.net` },
		{ name: 'many at signs', query: `emailaddress=${CANARY}${'@'.repeat(4000)}&email=${'@'.repeat(4000)}` },
		{ name: 'equals signs', query: '='.repeat(16_000) },
		{ name: 'a lone surrogate', query: `email=%ED%A0%80@example.net&emailaddress=%ED%A0%80@example.net` },
		{ name: 'a prototype', query: '__proto__=x&constructor=y&email=__proto__' },
		{ name: 'upper case', query: `EMAILADDRESS=${CANARY}@NOWHERE.EXAMPLE.NET&EMAIL=${CANARY}@NOWHERE.EXAMPLE.NET&PROTOCOL=${CANARY}` },
		{ name: 'dots', query: `email=${CANARY}@${'.'.repeat(250)}&emailaddress=a@..` },
		{ name: 'a bad A-label', query: `email=${CANARY}@xn--${'9'.repeat(50)}.example&emailaddress=a@xn--.com` },
	];
}
