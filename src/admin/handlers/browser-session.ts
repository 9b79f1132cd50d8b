/** The operations with which a browser logs in and out. */

import { LogInBody } from '../../contract/bodies.ts';
import { err, ok } from '../../lib/result.ts';
import { isoTime } from '../../lib/time.ts';
import type { Principal } from '../auth/principal.ts';
import { expiredSessionCookie, isSameOrigin, parseSessionCookie, sessionCookie, verifySession } from '../auth/session-cookie.ts';
import type { Handler } from '../handler.ts';
import { readBody } from '../request-input.ts';

export const readSession: Handler = async ({ principal }) => ok({ body: sessionView(principal) });

export const openSession: Handler = async ({ request, url, authenticator, dependencies }) => {
	// A page of another origin could log its visitor in with a token of its own (login CSRF); programs that send no Origin are not affected.
	const browser = request.headers.has('Origin') || request.headers.has('Sec-Fetch-Site');
	if (browser && !isSameOrigin(request, url)) return err({ code: 'cross-site' });
	const body = await readBody(request, LogInBody);
	if (!body.ok) return body;
	const found = await authenticator.logIn(body.value.token, request);
	if (!found.ok) return found;
	// logIn refuses where there is no operator's token.
	const cookie = await sessionCookie(found.value.session, dependencies.operatorToken ?? '', url, dependencies.now());
	return ok({ body: sessionView(found.value.caller), cookie });
};

/** Ends the session itself, not only this browser's copy of the cookie. */
export const closeSession: Handler = async ({ request, url, dependencies: { operatorToken, tokens, now } }) => {
	const signed = parseSessionCookie(request.headers.get('Cookie'), url);
	const session = signed === null || operatorToken === null ? null : await verifySession(signed, operatorToken, now());
	if (session !== null) await tokens.endSession(session.id, session.expiresAt);
	return ok({ status: 204, body: null, cookie: expiredSessionCookie(url) });
};

function sessionView({ who, token, role, domains, tag, expiresAt }: Principal): object {
	return { who, token, role, domains: domains === 'tagged' ? [] : domains, tag, expiresAt: expiresAt === null ? null : isoTime(expiresAt) };
}
