/** What testssl.sh finds on a server, and what of it `check` finds too. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import * as v from 'valibot';
import type { FindingCode } from '../../../src/cli/check/finding-codes.ts';
import { startServerProcess } from '../../support/server-process.ts';
import { LAB_HOST, type RunningServer } from './lab-server.ts';

export interface TestsslFinding {
	readonly id: string;
	readonly severity: 'MEDIUM' | 'HIGH' | 'CRITICAL';
	readonly finding: string;
}

const REPORT = v.array(v.object({ id: v.string(), severity: v.string(), finding: v.string() }));
const WEIGHTY = ['MEDIUM', 'HIGH', 'CRITICAL'] as const;
const isWeighty = (severity: string): severity is TestsslFinding['severity'] => WEIGHTY.some((each) => each === severity);

/** Versions, kinds of ciphers, forward secrecy with its groups, certificates, renegotiation. */
const SCANS = ['-p', '-s', '-f', '-S', '-R'] as const;

/** Milliseconds: a scan takes half a minute on a machine that does nothing else. */
const SCAN_MS = 900_000;

/**
 * @param folder where it writes, and ca.pem is
 * @returns what it finds of medium weight and above
 * @throws why it did not run to its end
 */
export async function runTestssl({ address, port }: RunningServer, folder: string): Promise<readonly TestsslFinding[]> {
	const file = join(folder, `testssl-${address}-${port}.json`);
	const output = ['--quiet', '--color', '0', '--warnings', 'batch', '--jsonfile', file];
	const target = ['--nodns', 'none', '--add-ca', join(folder, 'ca.pem'), '--ip', address, `${LAB_HOST}:${port}`];
	const run = startServerProcess('testssl', [...output, ...SCANS, ...target], { signal: 'SIGKILL' });
	for (let waited = 0; waited < SCAN_MS && run.failure() === null; waited += 200) await sleep(200);
	const [hasEnded, said] = [run.failure() !== null, run.output().slice(-1000)];
	await run.stop();
	if (!hasEnded || !existsSync(file)) throw new Error(`testssl.sh did not run to its end: ${said}`);
	const report = v.parse(REPORT, JSON.parse(readFileSync(file, 'utf8')));
	if (report.some(({ severity }) => severity === 'FATAL')) throw new Error(`testssl.sh could not look: ${said}`);
	return report.flatMap(({ id, severity, finding }) => (isWeighty(severity) ? [{ id, severity, finding }] : []));
}

/** Its release, such as 3.0.8. @throws where it does not say */
export function testsslVersion(): string {
	const said = stripVTControlCharacters(spawnSync('testssl', ['--version'], { encoding: 'utf8', timeout: 30_000 }).stdout);
	const version = /testssl(?:\.sh)? +(\d\S*)/.exec(said)?.[1];
	if (version === undefined) throw new Error(`testssl.sh does not say its version: ${said}`);
	return version;
}

/** What `check` says under "not covered" of what testssl.sh finds, in words that stand there. */
export type Uncovered = 'RC4' | '3DES' | 'export ciphers' | 'SSL 2 and 3' | 'compression' | 'revoked' | 'TLS_FALLBACK_SCSV';

/** testssl.sh's names of findings (3.0 to 3.2), and the findings of `check` that are the same; or that `check` says that it does not look. */
const COUNTERPARTS: readonly (readonly [id: RegExp, same: readonly FindingCode[] | Uncovered])[] = [
	[/^SSLv[23]$/, 'SSL 2 and 3'],
	[/^TLS1(_1)?$/, ['tls-old-too', 'tls-old-only']],
	[/^TLS1_[23]$/, ['tls13-absent', 'tls-old-only']],
	[/^cipherlist_NULL$/, ['tls-unencrypted']],
	[/^cipherlist_aNULL$/, ['tls-anonymous']],
	[/^cipherlist_EXPORT$/, 'export ciphers'],
	[/^cipherlist_LOW$/, 'RC4'],
	[/^cipherlist_3DES_IDEA$/, '3DES'],
	// CBC without forward secrecy, and what is not GCM.
	[/^cipherlist_(AVERAGE|OBSOLETED)$/, ['tls-cbc-only', 'tls-static-rsa', 'tls-no-forward-secrecy']],
	[/^cipherlist_STRONG/, ['tls-cbc-only']],
	[/^P?FS$/, ['tls-no-forward-secrecy']],
	[/^(LOGJAM|DH_groups|FS_FFDHE|LOGJAM-common_primes)$/, ['dh-small', 'dh-broken']],
	[/^(P?FS_ECDHE_curves)$/, ['curve-small']],
	[/^BEAST/, ['tls-old-too', 'tls-old-only']],
	[/^fallback_SCSV$/, 'TLS_FALLBACK_SCSV'],
	[/^secure_renego$/, ['tls-renegotiation-old']],
	[/^secure_client_renego$/, ['tls-renegotiation']],
	[/^cert_keySize$/, ['cert-key-small']],
	[/^cert_signatureAlgorithm$/, ['cert-signature-weak']],
	[/^cert_(commonName|trust|subjectAltName)/, ['cert-name', 'cert-no-alternative-name', 'tls-anonymous']],
	[
		/^cert_chain_of_trust$/,
		[
			'cert-untrusted',
			'cert-chain',
			'cert-chain-expired',
			'cert-expired',
			'cert-not-yet',
			'tls-anonymous',
			'cert-signature-weak',
			'cert-key-small',
		],
	],
	[/^cert_(expirationStatus|notAfter|notBefore)$/, ['cert-expired', 'cert-expires', 'cert-not-yet']],
	[/^cert_(extlifeSpan|validityPeriod)$/, ['cert-life', 'cert-long']],
	[/^(cert_revocation|cert_crlDistributionPoints|cert_ocspURL|OCSP_stapling)$/, 'revoked'],
	[/^cert_mustStapleExtension$/, ['cert-staple-missing']],
];

export type Comparison = TestsslFinding & { readonly ours: 'found' | 'missed' | Uncovered };

/** @param codes everything that `check` found there, advice too */
export function compareWithTestssl(findings: readonly TestsslFinding[], codes: ReadonlySet<string>): readonly Comparison[] {
	return findings.map((each) => {
		// Where there are several certificates, their number stands behind the name.
		const id = each.id.replace(/ <.*>$/, '').replace(/ <?cert#\d+>?$/, '');
		const same = COUNTERPARTS.find(([pattern]) => pattern.test(id))?.[1];
		if (typeof same === 'string') return { ...each, id, ours: same };
		return { ...each, id, ours: same?.some((code) => codes.has(code)) === true ? 'found' : 'missed' };
	});
}
