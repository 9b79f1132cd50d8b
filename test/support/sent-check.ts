/** Results of checks as `signpost check --send` sends them. */
import type { Severity } from '../../src/contract/checks/check-grades.ts';
import type { CheckAreaResult, SendCheckBody } from '../../src/contract/checks/check-results.ts';

type SentFinding = CheckAreaResult['findings'][number];

/** The result of one area: with one finding of this severity, or with none. */
export function areaResult(area: CheckAreaResult['area'], severity?: Severity, finding: Partial<SentFinding> = {}): CheckAreaResult {
	const found = {
		code: 'cert-expired',
		place: 'imap.example.com:993',
		wanted: 'a valid certificate',
		found: 'an old one',
		advice: 'Renew it.',
	};
	const findings = severity === undefined ? [] : [{ severity, ...found, ...finding }];
	return { area, looked: 3, findings, furtherFindings: 0, unknowns: [], furtherUnknowns: 0 };
}

/** The result of one area in which something could not be looked at. */
export function unknownResult(area: CheckAreaResult['area']): CheckAreaResult {
	return { ...areaResult(area), unknowns: [{ kind: 'unlooked', place: 'imap.example.com:993', reason: 'no answer in time' }] };
}

/** A check of the mail servers alone. */
export function sentCheck(severity?: Severity, finding: Partial<SentFinding> = {}): SendCheckBody {
	return { recordDigest: '0'.repeat(64), areas: [areaResult('mail', severity, finding)] };
}
