/** Verifies assertions of Cloudflare Access. This is needed although Access stands in front, because a Worker can be reached around it. */

import { errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { isReservedName } from '../../contract/acts.ts';
import type { AccessRoles } from './access-roles.ts';
import { OPERATOR, type Principal } from './principal.ts';

/** The team did not answer in time, answered with something else than 200 and JSON, or with JSON that is no key set. */
const JWKS_OUTAGE_CODES = ['ERR_JWKS_TIMEOUT', errors.JOSEError.code, 'ERR_JWKS_INVALID'];

export interface AccessVerifier {
	/** The caller that an assertion speaks for; null for one that is not valid, or for somebody without a role. */
	readonly verify: (assertion: string) => Promise<Principal | null>;
}

/**
 * @param team the team's URL, `https://team.cloudflareaccess.com`: the issuer
 * @param audience the application's AUD tag
 */
export function createAccessVerifier(team: string, audience: string, roles: AccessRoles, keys: JWTVerifyGetKey): AccessVerifier {
	return {
		async verify(assertion) {
			try {
				// An assertion without an end would be good for ever. Access signs with RS256: nothing else is believed, whatever the header says.
				const { payload } = await jwtVerify(assertion, keys, { issuer: team, audience, algorithms: ['RS256'], requiredClaims: ['exp'] });
				const email = typeof payload.email === 'string' ? payload.email.toLowerCase() : null;
				// A service token's assertion has a common name in the e-mail's place.
				const name = email ?? (typeof payload.common_name === 'string' ? payload.common_name : null);
				// Nobody is taken for the operator by a name: that of a service token is free to choose.
				return name === null || isReservedName(name) ? null : principalFor(name, [name, ...groupNames(payload)], roles);
			} catch (failure) {
				// A jose error means that the assertion says nothing, unless it is about the key set: that is an outage.
				if (failure instanceof errors.JOSEError && !JWKS_OUTAGE_CODES.includes(failure.code)) return null;
				throw failure;
			}
		},
	};
}

/** Identity providers put groups at the top or under `custom`. */
function groupNames(payload: object): readonly string[] {
	const custom: unknown = Reflect.get(payload, 'custom');
	const lists = [Reflect.get(payload, 'groups'), typeof custom === 'object' && custom !== null ? Reflect.get(custom, 'groups') : null];
	return lists
		.flatMap((list) => (Array.isArray(list) ? list.filter((group) => typeof group === 'string') : []))
		.map((group) => `group:${group}`);
}

function principalFor(name: string, names: readonly string[], { operators, people }: AccessRoles): Principal | null {
	const is = (listed: string) => names.includes(listed.startsWith('group:') ? listed : listed.toLowerCase());
	if (operators.some(is)) return { ...OPERATOR, who: name };
	const rows = people.filter((row) => is(row.who));
	// A person has one role, that of the first matching row: otherwise somebody who is listed twice would have the higher role for all domains.
	const role = rows[0]?.role;
	if (role === undefined) return null;
	const domains = rows.filter((row) => row.role === role).flatMap((row) => row.domains);
	// The assertion is renewed as long as they are logged in: a token that they create is not bound by its end.
	return { who: name, token: null, role, domains, tag: null, expiresAt: null, account: `person ${name}`, ancestors: 0, claim: null };
}
