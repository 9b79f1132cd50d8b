/** Browser sessions: an encrypted cookie takes the place of the token, so that no script ever sees the token. */
import { jwtVerify, SignJWT } from 'jose';
import { HOUR_SECONDS } from '../../lib/time.ts';

// RFC 6265bis §4.1.3.2: the prefix `__Host-` binds the cookie to this host, to https and to the path `/`.
const COOKIE_NAME = '__Host-signpost';
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

/** The encryption key, derived from the operator's token, so that a new token ends every session. */
async function sessionKey(operatorToken: string): Promise<Uint8Array<ArrayBuffer>> {
	const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`signpost session\n${operatorToken}`));
	return new Uint8Array(digest);
}

/** The Set-Cookie header of a new session. */
export async function sessionCookie(of: SessionSubject, operatorToken: string, now: number): Promise<string> {
	const claims = of === 'operator' ? { kind: 'operator' } : { kind: 'token', token: of.token };
	const sealed = await new SignJWT(claims)
		.setProtectedHeader({ alg: 'HS256' })
		.setJti(crypto.randomUUID())
		.setExpirationTime(Math.floor(now / 1000) + SESSION_HOURS * HOUR_SECONDS)
		.sign(await sessionKey(operatorToken));
	return `${COOKIE_NAME}=${sealed}; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=${SESSION_HOURS * HOUR_SECONDS}`;
}

export const EXPIRED_SESSION_COOKIE = `${COOKIE_NAME}=; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=0`;

/** The encrypted session in a Cookie header; null where there is none. */
export function parseSessionCookie(cookies: string | null): string | null {
	for (const pair of (cookies ?? '').split(';')) {
		const [name, value] = pair.trim().split('=', 2);
		if (name === COOKIE_NAME && value !== undefined && value !== '') return value;
	}
	return null;
}

/** Decrypts a session; null where it was not encrypted with this key, or has expired. */
export async function verifySession(sealed: string, operatorToken: string, now: number): Promise<Session | null> {
	try {
		const { payload } = await jwtVerify(sealed, await sessionKey(operatorToken), { algorithms: ['HS256'], currentDate: new Date(now) });
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
