/** The browser's way in and out. */

import { LogInBody } from '../contract/bodies.ts';
import { err, ok } from '../lib/result.ts';
import { type Handler, readBody, time } from './ask.ts';
import type { Caller } from './caller.ts';
import { fromThisOrigin, NO_SESSION, sessionCookie } from './session.ts';

export const readSession: Handler = async ({ caller }) => ok({ body: sessionView(caller) });

export const openSession: Handler = async ({ request, url, auth, parts }) => {
	// A page from elsewhere could log its victim in as somebody else; a program that says no origin cannot be its victim.
	const browser = request.headers.has('Origin') || request.headers.has('Sec-Fetch-Site');
	if (browser && !fromThisOrigin(request, url)) return err({ code: 'cross-site' });
	const body = await readBody(request, LogInBody);
	if (!body.ok) return body;
	const found = await auth.logIn(body.value.token, request);
	if (!found.ok) return found;
	// logIn refuses where there is no operator's token.
	const cookie = await sessionCookie(found.value.session, parts.operatorToken ?? '', parts.now());
	return ok({ body: sessionView(found.value.caller), cookie });
};

export const closeSession: Handler = async () => ok({ status: 204, body: null, cookie: NO_SESSION });

function sessionView({ who, token, role, domains, expiresAt }: Caller): object {
	return { who, token, role, domains, expiresAt: expiresAt === null ? null : time(expiresAt) };
}
