import { exports } from 'cloudflare:workers';
import { createLocalJWKSet, errors, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import type { AdminDependencies } from '../../../src/admin/admin-dependencies.ts';
import { parseAccessRoles } from '../../../src/admin/auth/access-roles.ts';
import { type Authenticator, createAuthenticator } from '../../../src/admin/auth/authenticator.ts';
import { createAccessVerifier } from '../../../src/admin/auth/cloudflare-access.ts';
import { ANONYMOUS as CALLER } from '../../../src/admin/auth/principal.ts';
import { expiredSessionCookie, parseSessionCookie, sessionCookie, verifySession } from '../../../src/admin/auth/session-cookie.ts';
import { MAX_REQUESTS_PER_MINUTE } from '../../../src/contract/limits.ts';
import { ADMIN_ORIGIN, callApi, createRecord, createToken, OPERATOR_TOKEN, RECORD } from '../admin-client.ts';

describe('tokens', () => {
	it('are shown once, kept as hashes, listed without their secret, and dead once revoked', async () => {
		await createRecord('a.example');
		const { id, secret } = await createToken('read', ['a.example']);
		expect(await callApi('GET', '/domains/a.example', { token: secret })).toMatchObject({ status: 200 });
		const listed = await callApi('GET', '/tokens');
		expect(listed.body.tokens).toMatchObject([{ id, role: 'read', domains: ['a.example'], revokedAt: null, createdBy: 'operator' }]);
		expect(JSON.stringify(listed.body)).not.toContain(secret);
		expect(await callApi('DELETE', `/tokens/${id}`)).toMatchObject({ status: 204 });
		expect(await callApi('GET', '/domains/a.example', { token: secret })).toMatchObject({ status: 401 });
	});

	it('hand on no more than they have, and take what they handed on with them', async () => {
		const admin = await createToken('admin', ['a.example']);
		const child = await createToken('write', ['a.example'], admin.secret);
		const wide = { name: 'x', role: 'read', domains: ['a.example', 'b.example'] };
		expect(await callApi('POST', '/tokens', { token: admin.secret, body: wide })).toMatchObject({
			status: 403,
			body: { needed: 'admin b.example' },
		});
		const mine = await callApi('GET', '/tokens', { token: admin.secret });
		expect(mine.body.tokens.map(({ id }) => id)).toEqual([child.id]);
		const other = await createToken('read', ['a.example']);
		expect(await callApi('DELETE', `/tokens/${other.id}`, { token: admin.secret })).toMatchObject({ status: 404 });
		await callApi('DELETE', `/tokens/${admin.id}`);
		expect(await callApi('GET', '/session', { token: child.secret })).toMatchObject({ status: 401 });
	});

	it('leave their id, name and domain in the audit trail and in the history', async () => {
		const { id, secret } = await createToken('write', ['a.example']);
		await callApi('PUT', '/domains/a.example', {
			token: secret,
			headers: { 'If-None-Match': '*' },
			body: { record: RECORD, note: 'first' },
		});
		await callApi('DELETE', `/tokens/${id}`);
		const { body } = await callApi('GET', '/audit?domain=a.example');
		expect(body.lines).toMatchObject([
			{ act: 'revoke', who: 'operator', kind: 'operator', domain: 'a.example' },
			{ act: 'put', who: 'write token', kind: 'token', token: id, detail: 'first' },
			{ act: 'mint', who: 'operator' },
		]);
	});
});

describe('generations of tokens', () => {
	it('end where the next would be invalid: each that is created is valid, and the one after the last is refused', async () => {
		let { secret } = await createToken('admin', ['a.example']);
		for (let generation = 2; generation <= 9; generation += 1) {
			({ secret } = await createToken('admin', ['a.example'], secret));
			expect(await callApi('GET', '/session', { token: secret }), `generation ${generation}`).toMatchObject({ status: 200 });
		}
		const tenth = await callApi('POST', '/tokens', { token: secret, body: { name: 'x', role: 'read', domains: ['a.example'] } });
		expect(tenth).toMatchObject({ status: 422, body: { code: 'invalid' } });
	});
});

describe('names of tokens', () => {
	it.each([
		['a zero-width space', 'ope\u200brator'],
		['a turn of the direction', 'abc\u202edef'],
		['an isolate', '\u2066abc'],
		['a soft hyphen', 'oper\u00adator'],
		['a filler', '\u3164'],
		['a byte order mark in the middle', 'a\ufeffb'],
		['a line separator', 'a\u2028b'],
	])('have no %s', async (_, name) => {
		const created = await callApi('POST', '/tokens', { body: { name, role: 'read', domains: ['a.example'] } });
		expect(created).toMatchObject({ status: 422 });
		const record = { ...RECORD, provider: { name: `x${name}x` } };
		expect(await createRecord('a.example', record)).toMatchObject({ status: 422 });
	});
});

describe('failed log-ins', () => {
	it('are limited by address; the right token from the same address passes all the same', async () => {
		const headers = { 'CF-Connecting-IP': '192.0.2.7' };
		const statuses: number[] = [];
		for (let tries = 0; tries < 12; tries += 1) {
			const { status } = await callApi('GET', '/session', { token: `wrong-${tries}-${'x'.repeat(32)}`, headers });
			statuses.push(status);
		}
		expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 401));
		expect(statuses.slice(10)).toEqual([429, 429]);
		const { secret } = await createToken('read', ['a.example']);
		for (const token of [OPERATOR_TOKEN, secret]) {
			expect(await callApi('GET', '/session', { headers, token })).toMatchObject({ status: 200 });
			expect(await callApi('POST', '/session', { headers, token: null, body: { token } })).toMatchObject({ status: 200 });
		}
		expect(await callApi('GET', '/session', { headers, token: `wrong-${'x'.repeat(32)}` })).toMatchObject({ status: 429 });
	});
});

describe('a token', () => {
	it('asks so often a minute and no more, together with the tokens it has created; the operator is not counted', async () => {
		const parent = await createToken('admin', ['a.example']);
		const children = [await createToken('read', ['a.example'], parent.secret), await createToken('read', ['a.example'], parent.secret)];
		// The parent's two requests for its children count too.
		let asked = 2;
		// A new minute may begin in the middle of the test; then the test begins again, once.
		while (asked <= 2 * MAX_REQUESTS_PER_MINUTE) {
			const responses = await Promise.all(
				Array.from({ length: 50 }, (_, at) => callApi('GET', '/session', { token: children[at % 2]?.secret ?? '' })),
			);
			const refused = responses.filter(({ status }) => status === 429);
			asked += responses.length - refused.length;
			expect(refused.every(({ headers }) => headers.get('Retry-After') === '60')).toBe(true);
			if (refused.length > 0) break;
		}
		expect(asked).toBeGreaterThanOrEqual(MAX_REQUESTS_PER_MINUTE);
		expect(asked).toBeLessThanOrEqual(2 * MAX_REQUESTS_PER_MINUTE);
		expect(await callApi('GET', '/session')).toMatchObject({ status: 200 });
	});
});

describe('a browser session', () => {
	async function logIn(token: string): Promise<string> {
		const { headers } = await callApi('POST', '/session', { token: null, body: { token } });
		const cookie = headers.get('Set-Cookie') ?? '';
		expect(cookie).toMatch(/^__Host-signpost=.*; Path=\/; HttpOnly; Secure; SameSite=Strict; Max-Age=43200$/);
		return cookie.split(';')[0] ?? '';
	}

	it('speaks for the token, reads and writes from this origin, and ends with the token', async () => {
		const { id, secret } = await createToken('write', ['a.example']);
		const Cookie = await logIn(secret);
		const put = { token: null, body: { record: RECORD } };
		const own = { Cookie, 'If-None-Match': '*', Origin: ADMIN_ORIGIN };
		expect(await callApi('PUT', '/domains/a.example', { ...put, headers: own })).toMatchObject({ status: 200 });
		expect(await callApi('GET', '/session', { token: null, headers: { Cookie } })).toMatchObject({ status: 200, body: { token: id } });
		await callApi('DELETE', `/tokens/${id}`);
		expect(await callApi('GET', '/session', { token: null, headers: { Cookie } })).toMatchObject({ status: 401 });
	});

	it.each([['the operator'], ['a token']])('of %s ends when it is logged out, wherever the cookie is still kept', async (whose) => {
		const Cookie = await logIn(whose === 'the operator' ? OPERATOR_TOKEN : (await createToken('write', ['a.example'])).secret);
		const other = await logIn(OPERATOR_TOKEN);
		const own = { Cookie, Origin: ADMIN_ORIGIN };
		expect(await callApi('DELETE', '/session', { token: null, headers: own })).toMatchObject({ status: 204 });
		expect(await callApi('GET', '/session', { token: null, headers: own })).toMatchObject({ status: 401 });
		expect(await callApi('GET', '/session', { token: null, headers: { Cookie: other } })).toMatchObject({ status: 200 });
	});

	it('is refused to write for a page from elsewhere', async () => {
		const Cookie = await logIn(OPERATOR_TOKEN);
		const bad = [
			{ Origin: 'https://evil.example' },
			{ Origin: 'null' },
			{ 'Sec-Fetch-Site': 'cross-site' },
			// Another host of the same registrable domain is not the same origin.
			{ 'Sec-Fetch-Site': 'same-site', Origin: ADMIN_ORIGIN },
			// A request with a cookie but without Origin or Sec-Fetch-Site: no browser sends that.
			{},
		];
		for (const headers of bad) {
			const sent = { token: null, headers: { Cookie, 'If-None-Match': '*', ...headers }, body: { record: RECORD } };
			expect(await callApi('PUT', '/domains/a.example', sent)).toMatchObject({ status: 403, body: { code: 'cross-site' } });
		}
		const foreign = await callApi('POST', '/session', {
			token: null,
			headers: { Origin: 'https://evil.example' },
			body: { token: OPERATOR_TOKEN },
		});
		expect(foreign).toMatchObject({ status: 403 });
	});

	it.each([
		['https://admin.signpost.example/', true],
		['http://admin.signpost.example/', true],
		['https://127.0.0.1/', true],
		['http://127.0.0.1.example/', true],
		['http://127.0.0.1:8787/', false],
		['http://localhost:8787/', false],
	])('at %s is of a Secure cookie: %j', async (at, isSecure) => {
		const [url, now] = [new URL(at), Date.now()];
		const cookie = await sessionCookie('operator', OPERATOR_TOKEN, url, now);
		const form = isSecure
			? /^__Host-signpost=\S+; Path=\/; HttpOnly; Secure; SameSite=Strict; /
			: /^signpost=\S+; Path=\/; HttpOnly; SameSite=Strict; /;
		expect(cookie).toMatch(form);
		expect(expiredSessionCookie(url)).toMatch(/^(?:__Host-)?signpost=; Path=\/; HttpOnly; (?:Secure; )?SameSite=Strict; Max-Age=0$/);
		const [pair = ''] = cookie.split(';');
		expect(await verifySession(parseSessionCookie(pair, url) ?? '', OPERATOR_TOKEN, now)).toMatchObject({ subject: 'operator' });
		// The name without the prefix is nothing but the cookie of this machine: no other host's page can have set it elsewhere.
		const other = new URL(isSecure ? 'http://localhost/' : 'https://admin.signpost.example/');
		expect(parseSessionCookie(pair, other)).toBeNull();
	});

	it('is sealed: not made by others, not with another operator’s token, not for ever', async () => {
		const now = Date.now();
		const sealed = (
			(await sessionCookie('operator', OPERATOR_TOKEN, new URL('https://admin.signpost.example/'), now)).split(';')[0] ?? ''
		).replace('__Host-signpost=', '');
		expect(await verifySession(sealed, OPERATOR_TOKEN, now)).toMatchObject({ subject: 'operator' });
		expect(await verifySession(sealed, `${OPERATOR_TOKEN}!`, now)).toBeNull();
		expect(await verifySession(sealed, OPERATOR_TOKEN, now + 13 * 3_600_000)).toBeNull();
		expect(await verifySession(`${sealed.slice(0, -4)}AAAA`, OPERATOR_TOKEN, now)).toBeNull();
		const unsigned = `${btoa('{"alg":"none"}')}.${btoa('{"kind":"operator"}')}.`.replaceAll('=', '');
		expect(await verifySession(unsigned, OPERATOR_TOKEN, now)).toBeNull();
	});
});

describe('Cloudflare Access', async () => {
	const { publicKey, privateKey } = await generateKeyPair('RS256');
	const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), alg: 'RS256' }] });
	const TEAM = 'https://team.cloudflareaccess.com';
	const roles = parseAccessRoles(
		'{"operators":["Ops@example.net","group:mail-admins"],"people":[{"who":"ada@example.org","role":"write","domains":["example.org"]}]}',
	);
	if (roles === null) throw new Error('roles do not parse');
	const { verify } = createAccessVerifier(TEAM, 'aud', roles, keys);

	function assertion(
		claims: Record<string, unknown>,
		{ issuer = TEAM, audience = 'aud', expires = '5m', key = privateKey } = {},
	): Promise<string> {
		const jwt = new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).setIssuer(issuer).setAudience(audience);
		return jwt.setExpirationTime(expires).sign(key);
	}

	it('takes no assertion that never ends', async () => {
		const endless = new SignJWT({ email: 'ops@example.net' }).setProtectedHeader({ alg: 'RS256' }).setIssuer(TEAM).setAudience('aud');
		expect(await verify(await endless.sign(privateKey))).toBeNull();
	});

	it('makes callers of people and groups', async () => {
		expect(await verify(await assertion({ email: 'ops@example.net' }))).toMatchObject({ who: 'ops@example.net', domains: 'all' });
		// A service token's name is free to choose, and nobody is known by somebody else's.
		for (const common_name of ['operator', 'Nobody', 'owner of a.example'])
			expect(await verify(await assertion({ common_name, groups: ['operators'] }))).toBeNull();
		expect(await verify(await assertion({ email: 'x@y.example', custom: { groups: ['mail-admins'] } }))).toMatchObject({ domains: 'all' });
		expect(await verify(await assertion({ email: 'Ada@Example.org' }))).toMatchObject({
			role: 'write',
			domains: ['example.org'],
			token: null,
		});
	});

	it('makes none of anybody else, or of what is not its own', async () => {
		const other = (await generateKeyPair('RS256')).privateKey;
		const bad = [
			await assertion({ email: 'eve@example.org' }), // has no role
			await assertion({}), // is nobody
			await assertion({ email: 'ops@example.net' }, { issuer: 'https://evil.example' }),
			await assertion({ email: 'ops@example.net' }, { audience: 'other' }), // another application of the team
			await assertion({ email: 'ops@example.net' }, { expires: '-1m' }),
			await assertion({ email: 'ops@example.net' }, { key: other }),
			'nonsense',
		];
		for (const jwt of bad) expect(await verify(jwt)).toBeNull();
	});

	it('whose keys cannot be had is an outage, and no failed log-in of anybody', async () => {
		const jwt = await assertion({ email: 'ops@example.net' });
		const failures = [
			new errors.JWKSTimeout(),
			new errors.JWKSInvalid(),
			new errors.JOSEError('Expected 200 OK'),
			new TypeError('refused'),
		];
		for (const failure of failures) {
			const unreachable = createAccessVerifier(TEAM, 'aud', roles, () => Promise.reject(failure));
			await expect(unreachable.verify(jwt)).rejects.toBe(failure);
		}
	});

	it('has roles that are refused when they are not what they should be', () => {
		for (const text of ['', '7', '{"people":[{"who":"a@b.example","role":"king","domains":[]}]}', '{"operator":["a@b.example"]}'])
			expect(parseAccessRoles(text)).toBeNull();
	});
});

/** A service of which only the authentication is tested. */
function createTestAuthenticator(parts: Partial<AdminDependencies>): Authenticator {
	const nothing = () => Promise.reject(new Error('not to be asked'));
	return createAuthenticator({
		tokens: { create: nothing, findByHash: async () => null, findById: async () => null, list: nothing, revoke: nothing },
		operatorToken: OPERATOR_TOKEN,
		accessVerifier: null,
		isWithinLoginLimit: async () => true,
		now: () => Date.now(),
		...parts,
	} as AdminDependencies);
}

describe('an assertion of Cloudflare Access', () => {
	const { authenticate } = createTestAuthenticator({
		accessVerifier: { verify: async (jwt) => (jwt === 'good' ? { ...CALLER, who: 'ada@a.example' } : null) },
	});
	const url = new URL(`${ADMIN_ORIGIN}/admin/api/domains/a.example`);
	const put = (headers: Record<string, string>) => authenticate(new Request(url, { method: 'PUT', headers }), url);

	it('is taken from a program and from this origin, and from no page elsewhere', async () => {
		const jwt = { 'Cf-Access-Jwt-Assertion': 'good' };
		expect(await put(jwt)).toMatchObject({ ok: true, value: { who: 'ada@a.example' } });
		expect(await put({ ...jwt, Origin: ADMIN_ORIGIN })).toMatchObject({ ok: true });
		expect(await put({ ...jwt, Origin: 'https://evil.example' })).toMatchObject({ error: { code: 'cross-site' } });
		expect(await put({ ...jwt, 'Sec-Fetch-Site': 'cross-site' })).toMatchObject({ error: { code: 'cross-site' } });
		expect(await put({ 'Cf-Access-Jwt-Assertion': 'bad' })).toMatchObject({ error: { code: 'unauthenticated' } });
	});

	it('says nothing where Access is off', async () => {
		const off = createTestAuthenticator({});
		expect(await off.authenticate(new Request(url, { headers: { 'Cf-Access-Jwt-Assertion': 'good' } }), url)).toMatchObject({
			error: { code: 'unauthenticated' },
		});
	});
});

describe('a service without a token of its own', () => {
	it('lets nobody in, whatever he shows', async () => {
		const url = new URL(`${ADMIN_ORIGIN}/admin/api/domains`);
		const { authenticate, logIn } = createTestAuthenticator({ operatorToken: null });
		const request = new Request(url, { headers: { Authorization: `Bearer ${OPERATOR_TOKEN}` } });
		expect(await authenticate(request, url)).toMatchObject({ error: { code: 'not-configured' } });
		expect(await logIn(OPERATOR_TOKEN, request)).toMatchObject({ error: { code: 'not-configured' } });
	});

	it('refuses a bearer that is none', async () => {
		const response = await exports.default.fetch(`${ADMIN_ORIGIN}/admin/api/session`, { headers: { Authorization: 'Basic b3A6b3A=' } });
		expect(response.status).toBe(401);
		expect(response.headers.get('WWW-Authenticate')).toBe('Bearer');
	});

	it('is not spoken to in the clear', async () => {
		const response = await exports.default.fetch(
			new Request(`${ADMIN_ORIGIN.replace('https', 'http')}/admin/api/session`, { redirect: 'manual' }),
		);
		expect(response.status).toBe(308);
	});
});

it.each(['operator', 'Operator', 'owner of a.example', 'nobody'])(
	'a token cannot be named as somebody else is: %s',
	async (name) => {
		const created = await callApi('POST', '/tokens', { body: { name, role: 'read', domains: ['a.example'] } });
		expect(created).toMatchObject({ status: 422, body: { code: 'invalid', errors: [{ path: 'name' }] } });
	},
	60_000,
);
