/** Finds out who sends a request, from its credentials. */

import type { ApiProblem } from '../../contract/api-problems.ts';
import { MAX_TOKEN_LENGTH, MIN_ADMIN_TOKEN_LENGTH } from '../../contract/limits.ts';
import { createBoundedMap } from '../../lib/bounded-map.ts';
import { sha256Hex } from '../../lib/digest.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { MINUTE_MS } from '../../lib/time.ts';
import type { AdminDependencies } from '../admin-dependencies.ts';
import { readTokenPrincipal } from './claim-check.ts';
import { OPERATOR, type Principal } from './principal.ts';
import { isSameOrigin, parseSessionCookie, type SessionSubject, verifySession } from './session-cookie.ts';

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

export interface Authenticator {
	/** Identifies the caller of a request; a problem where credentials are missing or wrong, or there were too many wrong ones. */
	authenticate(request: Request, url: URL): Promise<Result<Principal, ApiProblem>>;
	/** Identifies the caller by a token that was typed into the log-in form. */
	logIn(token: string, request: Request): Promise<Result<{ readonly caller: Principal; readonly session: SessionSubject }, ApiProblem>>;
}

export function createAuthenticator(parts: AdminDependencies): Authenticator {
	/** IP addresses with too many wrong credentials, and until when they are refused. */
	const blocked = createBoundedMap<string, number>(1024);
	const { operatorToken, accessVerifier, tokens, now } = parts;

	async function byToken(token: string): Promise<Principal | null> {
		if (token.length < MIN_ADMIN_TOKEN_LENGTH || token.length > MAX_TOKEN_LENGTH) return null;
		if (operatorToken !== null && (await isEqualInConstantTime(token, operatorToken))) return OPERATOR;
		return readTokenPrincipal(await tokens.findByHash(await sha256Hex(token)), parts);
	}

	async function bySession(signed: string): Promise<Principal | null> {
		const session = operatorToken === null ? null : await verifySession(signed, operatorToken, now());
		if (session === null || (await tokens.isSessionEnded(session.id))) return null;
		if (session.subject === 'operator') return OPERATOR;
		return readTokenPrincipal(await tokens.findById(session.subject.token), parts);
	}

	async function guarded(request: Request, look: () => Promise<Principal | null>): Promise<Result<Principal, ApiProblem>> {
		// The credentials are checked before the limit of failures: wrong ones from the same address never lock out valid ones.
		const caller = await look();
		if (caller !== null) return ok(caller);
		const from = request.headers.get('CF-Connecting-IP') ?? '';
		if ((blocked.get(from) ?? 0) > now()) return err({ code: 'too-many' });
		if (await parts.isWithinLoginLimit(from)) return err({ code: 'unauthenticated' });
		blocked.set(from, now() + MINUTE_MS);
		return err({ code: 'too-many' });
	}

	return {
		async authenticate(request, url) {
			if (operatorToken === null && accessVerifier === null) return err({ code: 'not-configured' });
			const bearer = parseBearerToken(request);
			if (bearer !== null) return guarded(request, () => byToken(bearer));
			const assertion = accessVerifier === null ? null : request.headers.get('Cf-Access-Jwt-Assertion');
			const signed = parseSessionCookie(request.headers.get('Cookie'), url);
			if (assertion === null && signed === null) return err({ code: 'unauthenticated' });
			// A browser adds both to every request, whatever page caused it.
			const browser = request.headers.has('Origin') || request.headers.has('Sec-Fetch-Site');
			const trusted = SAFE_METHODS.includes(request.method) || isSameOrigin(request, url) || (assertion !== null && !browser);
			if (!trusted) return err({ code: 'cross-site' });
			return guarded(request, async () => {
				const caller = assertion === null ? null : ((await accessVerifier?.verify(assertion)) ?? null);
				return caller ?? (signed === null ? null : bySession(signed));
			});
		},
		async logIn(token, request) {
			if (operatorToken === null) return err({ code: 'not-configured' });
			const found = await guarded(request, () => byToken(token));
			if (!found.ok) return found;
			const caller = found.value;
			return ok({ caller, session: caller.token === null ? 'operator' : { token: caller.token } });
		},
	};
}

function parseBearerToken(request: Request): string | null {
	const header = request.headers.get('Authorization');
	// RFC 9110 §11.1: the scheme in any letter case.
	return header === null ? null : (/^Bearer +(\S+)$/i.exec(header)?.[1] ?? '');
}

/** Compares two texts by their digests, in constant time, so that the duration reveals neither length nor content. */
async function isEqualInConstantTime(a: string, b: string): Promise<boolean> {
	const digest = (text: string) => crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
	return crypto.subtle.timingSafeEqual(await digest(a), await digest(b));
}
