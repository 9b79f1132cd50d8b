/** Checks a key and its certificates before they are uploaded: whether a phone would show a profile that they sign as verified. */
import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { parseSigningIdentity, type SigningFault, type SigningIdentity } from '../../lib/signing-identity.ts';
import { DAY_MS } from '../../lib/time.ts';
import type { SigningPair } from '../../store/ports/signing-keys.ts';

export interface SigningFinding {
	/** With an error the service serves profiles unsigned; with a warning phones may not call them verified, or soon will not. */
	readonly severity: 'error' | 'warning';
	readonly code: string;
	readonly text: string;
	readonly todo: string;
}

export interface SigningCheck {
	readonly findings: readonly SigningFinding[];
	/** The common names of the chain, from the signer up to the last certificate that was given. */
	readonly chain: readonly string[];
	/** The root that the chain leads to, where that is one of Mozilla's. */
	readonly root: string | null;
	/** How many whole days the signer's certificate is still valid; null where it cannot be read. */
	readonly daysLeft: number | null;
	/** The line that an iPhone shows below the profile's name. */
	readonly shown: string;
}

/** How many days before the certificate ends this begins to warn; /health uses the same number. */
const EXPIRY_WARNING_DAYS = 30;

const SIGNING_FAULT_TEXTS: Readonly<Record<SigningFault, readonly [text: string, todo: string]>> = {
	'key-unreadable': ['the private key cannot be read', 'Give PEM.'],
	'key-encrypted': ['the private key is encrypted', 'Take the passphrase off: openssl pkey -in key.pem -out plain.pem'],
	'key-not-pkcs8': ['the private key is not PKCS#8', 'Convert it: openssl pkcs8 -topk8 -nocrypt -in key.pem -out key8.pem'],
	'key-unsupported': [
		'the key is none of P-256, P-384, RSA with 2048 bits or more',
		'Ask your authority for a certificate for such a key.',
	],
	'key-mismatch': ['the private key is not that of the first certificate', 'Put the signer’s own certificate first, and give its own key.'],
	'chain-unreadable': ['a certificate cannot be read', 'Give PEM, as the authority sent it.'],
	'chain-empty': ['there is no certificate', 'Give PEM, the signer’s own first.'],
	'not-yet-valid': ['the certificate is not valid yet', 'Wait, or set this machine’s clock.'],
	expired: ['the certificate has expired', 'Renew it.'],
};

/** @param now Unix time in milliseconds */
export async function checkSigningPair(pair: SigningPair, now: number): Promise<SigningCheck> {
	const identity = await parseSigningIdentity(pair.key, pair.chain);
	if (!identity.ok) return { findings: [errorFinding(identity.error)], chain: [], root: null, daysLeft: null, shown: 'Not Signed' };
	const { leaf, intermediates } = identity.value;
	const path = [leaf, ...intermediates].map(({ der }) => new X509Certificate(der));
	const root = publicRootName(path);
	const daysLeft = Math.floor((leaf.notAfter - now) / DAY_MS);
	const findings = [...validityFindings(leaf.notBefore, leaf.notAfter, now), ...chainFindings(identity.value, path, root)];
	const trusted = root !== null && !findings.some(({ severity, code }) => severity === 'error' || code === 'root-unknown');
	const name = leaf.commonName ?? 'the signer';
	const unsigned = findings.some(({ severity }) => severity === 'error');
	return {
		findings,
		chain: path.map(({ subject }) => subject.replaceAll('\n', ', ')),
		root,
		daysLeft,
		shown: unsigned ? 'Not Signed' : trusted ? `Verified, signed by ${name}` : `Not Verified, signed by ${name}`,
	};
}

function errorFinding(code: SigningFault): SigningFinding {
	const [text, todo] = SIGNING_FAULT_TEXTS[code];
	return { severity: 'error', code, text, todo };
}

function validityFindings(notBefore: number, notAfter: number, now: number): readonly SigningFinding[] {
	if (now < notBefore) return [errorFinding('not-yet-valid')];
	if (now > notAfter) return [errorFinding('expired')];
	const days = Math.floor((notAfter - now) / DAY_MS);
	if (days >= EXPIRY_WARNING_DAYS) return [];
	return [
		{
			severity: 'warning',
			code: 'expires-soon',
			text: `the certificate ends in ${days} days, on ${new Date(notAfter).toISOString()}`,
			todo: 'Renew it. Profiles that are installed stay; they and new ones are no longer shown as verified.',
		},
	];
}

function chainFindings(identity: SigningIdentity, path: readonly X509Certificate[], root: string | null): readonly SigningFinding[] {
	const findings: SigningFinding[] = [];
	const last = path.at(-1);
	path.forEach((certificate, at) => {
		const issuer = path[at + 1];
		if (issuer !== undefined && !certificate.verify(issuer.publicKey))
			findings.push({
				severity: 'warning',
				code: 'chain-broken',
				text: `“${commonName(certificate)}” names “${commonName(issuer)}” as its issuer, which did not sign it`,
				todo: 'Two authorities’ certificates of the same name: take the one that came with the signer’s own.',
			});
	});
	if (root === null && last !== undefined) findings.push(unknownRootFinding(last, identity.rootIncluded));
	for (const stray of identity.unusedCertificates)
		findings.push({
			severity: 'warning',
			code: 'stray-certificate',
			text: `“${stray.commonName ?? 'a certificate'}” does not lead from the signer to a root; it is left out`,
			todo: 'Remove it from the file.',
		});
	return findings;
}

function unknownRootFinding(last: X509Certificate, rootGiven: boolean): SigningFinding {
	if (rootGiven || last.checkIssued(last))
		return {
			severity: 'warning',
			code: 'root-unknown',
			text: 'the chain ends at a root that is not publicly trusted',
			todo: 'Phones call the profile verified only where somebody has installed and trusted that root.',
		};
	// RFC 5280 §4.2.2.1: the URL of the issuer's certificate.
	const where = /CA Issuers - URI:(\S+)/.exec(last.infoAccess ?? '')?.[1];
	return {
		severity: 'warning',
		code: 'intermediate-missing',
		text: `the certificate that issued “${commonName(last)}” is missing: ${last.issuer.replaceAll('\n', ', ')}`,
		todo:
			where === undefined
				? 'Add the authority’s intermediate certificates. Where it is a root of your own, phones verify only if somebody has installed it.'
				: `Add it to the chain; its authority offers it at ${where}`,
	};
}

/** The name of the public root that issued the last certificate of the path, or that is the last certificate. */
function publicRootName(path: readonly X509Certificate[]): string | null {
	const last = path.at(-1);
	if (last === undefined) return null;
	for (const pem of rootCertificates) {
		const root = new X509Certificate(pem);
		if (last.checkIssued(root) && last.verify(root.publicKey)) return commonName(root);
	}
	return null;
}

function commonName({ subject }: X509Certificate): string {
	return /(?:^|\n)CN=(.*)/.exec(subject)?.[1] ?? subject.replaceAll('\n', ', ');
}
