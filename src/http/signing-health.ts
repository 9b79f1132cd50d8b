/** What `/health` says of the keys that sign profiles. */
import type { HealthProblem } from '../contract/health-problem.ts';
import { DAY_MS } from '../lib/time.ts';
import type { SigningKeyStatus } from './profile-signer.ts';

/** Days before a certificate ends at which the warning gets another code, so that a monitor that was silenced speaks up again. */
const EXPIRY_WARNING_DAYS = [1, 7, 14, 30] as const;

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

/**
 * An error for each key that signs nothing, and a warning for each certificate that ends within 30 days.
 * @param now Unix time in milliseconds
 */
export function signingHealthProblems(statuses: readonly SigningKeyStatus[], now: number): readonly HealthProblem[] {
	return statuses.flatMap(({ owner, fault, notAfter }): readonly HealthProblem[] => {
		const domain = owner === '*' ? {} : { domain: owner };
		if (fault !== null) {
			const text = `Profiles are served unsigned: ${SIGNING_FAULT_TEXTS[fault] ?? fault}.`;
			return [{ severity: 'error', code: `signing-${fault}`, text, ...domain }];
		}
		if (notAfter === null) return [];
		const days = Math.floor((notAfter - now) / DAY_MS);
		const stage = EXPIRY_WARNING_DAYS.find((limit) => days < limit);
		if (stage === undefined) return [];
		const text = `The certificate that signs profiles ends on ${new Date(notAfter).toISOString()}; renew it.`;
		return [{ severity: 'warning', code: `signing-expires-${stage}`, text, ...domain }];
	});
}
