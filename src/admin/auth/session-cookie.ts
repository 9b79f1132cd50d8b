/** Browser sessions: a signed cookie takes the place of the token, so that no script ever sees the token. */
import { jwtVerify, SignJWT } from 'jose';
import { isLoopbackHost } from '../../lib/http/loopback-host.ts';
import { HOUR_SECONDS } from '../../lib/time.ts';

/** How the cookie is called, and the attributes that depend on how the console is reached. */
interface CookieKind {
	readonly name: string;
	readonly attributes: string;
}

/** RFC 6265bis §4.1.3.2: the prefix `__Host-` binds the cookie to this host, to https and to the path `/`. */
const SECURE_COOKIE: CookieKind = { name: '__Host-signpost', attributes: 'Path=/; HttpOnly; Secure; SameSite=Strict' };

/** WebKit, and so Safari, stores no Secure cookie from http, not even on this machine, where `npm start` serves. */
const LOOPBACK_COOKIE: CookieKind = { name: 'signpost', attributes: 'Path=/; HttpOnly; SameSite=Strict' };

function cookieKindFor({ protocol, hostname }: URL): CookieKind {
	return protocol === 'http:' && isLoopbackHost(hostname) ? LOOPBACK_COOKIE : SECURE_COOKIE;
}

const SESSION_HOURS = 12;

/** The credentials behind a session: the operator's, or a token, by its id, which must still be valid. */
export type SessionSubject = 'operator' | { readonly token: string };

/** The content of a session cookie. */
export interface Session {
	/** A random id. A session that was logged out is remembered by it. */
	readonly id: string;
	readonly subject: SessionSubject;
	/** Unix time in milliseconds. */
	readonly expiresAt: number;
}

/** The key of the signature, derived from the operator's token, so that a new token ends every session. */
async function sessionKey(operatorToken: string): Promise<Uint8Array<ArrayBuffer>> {
	const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`signpost session\n${operatorToken}`));
	return new Uint8Array(digest);
}

/**
 * The Set-Cookie header of a new session.
 * @param url of the request that opens it
 * @param now Unix time in milliseconds
 */
export async function sessionCookie(of: SessionSubject, operatorToken: string, url: URL, now: number): Promise<string> {
	const claims = of === 'operator' ? { kind: 'operator' } : { kind: 'token', token: of.token };
	const signed = await new SignJWT(claims)
		.setProtectedHeader({ alg: 'HS256' })
		.setJti(crypto.randomUUID())
		.setExpirationTime(Math.floor(now / 1000) + SESSION_HOURS * HOUR_SECONDS)
		.sign(await sessionKey(operatorToken));
	const { name, attributes } = cookieKindFor(url);
	return `${name}=${signed}; ${attributes}; Max-Age=${SESSION_HOURS * HOUR_SECONDS}`;
}

/** The Set-Cookie header that removes the cookie. */
export function expiredSessionCookie(url: URL): string {
	const { name, attributes } = cookieKindFor(url);
	return `${name}=; ${attributes}; Max-Age=0`;
}

/** The signed session in a request's Cookie header; null where there is none. */
export function parseSessionCookie(cookies: string | null, url: URL): string | null {
	const wanted = cookieKindFor(url).name;
	for (const pair of (cookies ?? '').split(';')) {
		const [name, value] = pair.trim().split('=', 2);
		if (name === wanted && value !== undefined && value !== '') return value;
	}
	return null;
}

/** Verifies a session; null where it was not signed with this key, or has expired. */
export async function verifySession(signed: string, operatorToken: string, now: number): Promise<Session | null> {
	try {
		const { payload } = await jwtVerify(signed, await sessionKey(operatorToken), { algorithms: ['HS256'], currentDate: new Date(now) });
		const { jti: id, exp } = payload;
		// A session without an id was made by a release that could not end sessions.
		if (id === undefined || exp === undefined) return null;
		const expiresAt = exp * 1000;
		if (payload.kind === 'operator') return { id, subject: 'operator', expiresAt };
		return payload.kind === 'token' && typeof payload.token === 'string' ? { id, subject: { token: payload.token }, expiresAt } : null;
	} catch {
		// jose reports an invalid session by throwing.
		return null;
	}
}

/**
 * Whether a request that carries what a browser adds by itself may write: only from a page of this very origin. Every browser since 2023
 * says where a request comes from (Fetch Metadata), every one says its Origin; who says neither is no browser, and has a token to show.
 */
export function isSameOrigin(request: Request, url: URL): boolean {
	const site = request.headers.get('Sec-Fetch-Site');
	if (site !== null) return site === 'same-origin';
	return request.headers.get('Origin') === url.origin;
}
