/** `GET /health`: ok, or the list of what is wrong, for a monitor and for the admin. Public, and so without a secret. */

import { writeLog } from '../lib/log.ts';
import { DAY_MS } from '../lib/time.ts';
import { NOT_FOUND } from '../protocols/problem-response.ts';
import type { HttpDependencies, RouteHandler } from './dependencies.ts';
import { isServiceHost } from './own-host.ts';
import { renderUncachedResponse } from './responses.ts';
import type { SigningKeyStatus } from './signer.ts';

/** One thing that is wrong: an error is, a warning will be. */
export interface HealthProblem {
	readonly severity: 'error' | 'warning';
	/** Stable, for a monitor's rules. */
	readonly code: string;
	readonly text: string;
	/** The domain that it concerns; absent where it concerns the service. */
	readonly domain?: string;
}

/** Looks at one thing; throws where it cannot look. */
export type HealthCheck = () => Promise<readonly HealthProblem[]>;

/** How long a finding is told again without another look: a stranger's questions cost no more than one look a time. */
const CACHE_MS = 10_000;

/** Days before a certificate ends at which the warning changes its code, so that a monitor speaks up anew. */
const EXPIRY_WARNING_DAYS = [1, 7, 14, 30] as const;

/** The handler of `/health`, on the service's own host names alone. 503 as soon as there is an error, 200 with warnings. */
export function createHealthHandler(parts: HttpDependencies): RouteHandler {
	let told: { readonly at: number; readonly ailments: Promise<readonly HealthProblem[]> } | null = null;
	return async ({ url }) => {
		if (!isServiceHost(parts, url.hostname)) return { response: renderUncachedResponse(NOT_FOUND, false), outcome: 'not-found' };
		const at = parts.now();
		if (told === null || at - told.at >= CACHE_MS) told = { at, ailments: runHealthChecks(parts.healthChecks) };
		const problems = await told.ailments;
		const failing = problems.some(({ severity }) => severity === 'error');
		const status = failing ? 'failing' : problems.length > 0 ? 'warning' : 'ok';
		const body = `${JSON.stringify({ status, problems }, null, '  ')}\n`;
		const rendition = { type: 'application/json', status: failing ? 503 : 200, body };
		return { response: renderUncachedResponse(rendition, false), outcome: failing ? 'failed' : 'ok' };
	};
}

async function runHealthChecks(checks: HttpDependencies['healthChecks']): Promise<readonly HealthProblem[]> {
	const found = await Promise.all(
		checks.map(({ title, findProblems }) =>
			findProblems().catch((failure: unknown): readonly HealthProblem[] => {
				writeLog('check-failed', { check: title, reason: String(failure) });
				return [{ severity: 'error', code: 'check-failed', text: `${title}: could not look; the log says why.` }];
			}),
		),
	);
	return found.flat();
}

const SIGNING_FAULT_TEXTS: Readonly<Record<string, string>> = {
	'key-unreadable': 'the private key is not PEM',
	'key-encrypted': 'the private key is encrypted; store it without a passphrase',
	'key-not-pkcs8': 'the private key is not PKCS#8; signpost signing put converts it',
	'key-unsupported': 'the certificate’s key is none of P-256, P-384 and RSA of 2048 bits or more',
	'key-mismatch': 'the private key is not the certificate’s',
	'chain-unreadable': 'the certificates are not PEM, or not certificates',
	'chain-empty': 'there is no certificate',
	'not-yet-valid': 'the certificate is not valid yet',
	expired: 'the certificate has expired',
};

/** What is wrong with the keys that sign profiles, and what soon will be. */
export function signingHealthProblems(states: readonly SigningKeyStatus[], now: number): readonly HealthProblem[] {
	return states.flatMap(({ owner, fault, notAfter }): readonly HealthProblem[] => {
		const domain = owner === '*' ? {} : { domain: owner };
		if (fault !== null) {
			const text = `Profiles are served unsigned: ${SIGNING_FAULT_TEXTS[fault] ?? fault}.`;
			return [{ severity: 'error', code: `signing-${fault}`, text, ...domain }];
		}
		const days = Math.floor(((notAfter ?? Number.POSITIVE_INFINITY) - now) / DAY_MS);
		const stage = EXPIRY_WARNING_DAYS.find((limit) => days < limit);
		if (stage === undefined || notAfter === null) return [];
		const text = `The certificate that signs profiles ends on ${new Date(notAfter).toISOString()}; renew it.`;
		return [{ severity: 'warning', code: `signing-expires-${stage}`, text, ...domain }];
	});
}
