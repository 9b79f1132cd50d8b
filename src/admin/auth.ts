/** From a request's credentials to a caller. */

import { TOKEN_LENGTH } from '../contract/limits.ts';
import type { ApiProblem } from '../contract/problems.ts';
import { sha256Hex } from '../lib/digest.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { bounded } from '../store/bounded.ts';
import { type Caller, OPERATOR, tokenCaller } from './caller.ts';
import type { AdminParts } from './parts.ts';
import { fromThisOrigin, openSession, type SessionOf, sealedIn } from './session.ts';

const LONGEST = 4096;
const MINUTE = 60_000;
const READS = ['GET', 'HEAD', 'OPTIONS'];

export interface Authenticator {
	/** Who sent this; a problem where credentials are missing or wrong, or were wrong too often. */
	identify(request: Request, url: URL): Promise<Result<Caller, ApiProblem>>;
	/** The same for a token typed into the log-in form. */
	logIn(token: string, request: Request): Promise<Result<{ readonly caller: Caller; readonly session: SessionOf }, ApiProblem>>;
}

export function authenticator(parts: AdminParts): Authenticator {
	/** Addresses that failed too often, and until when nothing they show is looked at. */
	const blocked = bounded<string, number>(1024);
	const { operatorToken, access, tokens, now } = parts;

	async function byToken(token: string): Promise<Caller | null> {
		if (token.length < TOKEN_LENGTH || token.length > LONGEST) return null;
		if (operatorToken !== null && (await equal(token, operatorToken))) return OPERATOR;
		const found = await tokens.byHash(await sha256Hex(token));
		return found === null ? null : tokenCaller(found);
	}

	async function bySession(sealed: string): Promise<Caller | null> {
		const session = operatorToken === null ? null : await openSession(sealed, operatorToken, now());
		if (session === null) return null;
		if (session === 'operator') return OPERATOR;
		const found = await tokens.byId(session.token);
		return found === null ? null : tokenCaller(found);
	}

	async function guarded(request: Request, look: () => Promise<Caller | null>): Promise<Result<Caller, ApiProblem>> {
		const from = request.headers.get('CF-Connecting-IP') ?? '';
		if ((blocked.get(from) ?? 0) > now()) return err({ code: 'too-many' });
		const caller = await look();
		if (caller !== null) return ok(caller);
		if (await parts.limitLogin(from)) return err({ code: 'unauthenticated' });
		blocked.set(from, now() + MINUTE);
		return err({ code: 'too-many' });
	}

	return {
		async identify(request, url) {
			if (operatorToken === null && access === null) return err({ code: 'not-configured' });
			const bearer = bearerToken(request);
			if (bearer !== null) return guarded(request, () => byToken(bearer));
			const assertion = access === null ? null : request.headers.get('Cf-Access-Jwt-Assertion');
			const sealed = sealedIn(request.headers.get('Cookie'));
			if (assertion === null && sealed === null) return err({ code: 'unauthenticated' });
			// Both are what a browser adds to whatever page asks it to.
			const browser = request.headers.has('Origin') || request.headers.has('Sec-Fetch-Site');
			const trusted = READS.includes(request.method) || fromThisOrigin(request, url) || (assertion !== null && !browser);
			if (!trusted) return err({ code: 'cross-site' });
			return guarded(request, async () => {
				const caller = assertion === null ? null : ((await access?.caller(assertion)) ?? null);
				return caller ?? (sealed === null ? null : bySession(sealed));
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

function bearerToken(request: Request): string | null {
	const header = request.headers.get('Authorization');
	// RFC 9110 §11.1: the scheme in any letter case.
	return header === null ? null : (/^Bearer +(\S+)$/i.exec(header)?.[1] ?? '');
}

/** Compares digests, in constant time: neither length nor content is told by how long it takes. */
async function equal(a: string, b: string): Promise<boolean> {
	const digest = (text: string) => crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
	return crypto.subtle.timingSafeEqual(await digest(a), await digest(b));
}
