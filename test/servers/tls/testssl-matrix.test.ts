import { describe, expect, it } from 'vitest';
import { countFindings, type MatrixRow, matrixRow, parseMatrix, renderMatrix } from './testssl-matrix.ts';

const ROWS: readonly MatrixRow[] = [
	matrixRow(
		'openssl s_server: expired',
		false,
		['cert-expired', 'cert-name'],
		[
			{ id: 'cert_notAfter', severity: 'HIGH', finding: '', ours: 'found' },
			{ id: 'cert_notAfter', severity: 'HIGH', finding: '', ours: 'found' },
			{ id: 'RC4', severity: 'MEDIUM', finding: '', ours: 'RC4' },
			{ id: 'BREACH', severity: 'CRITICAL', finding: '', ours: 'missed' },
		],
	),
	matrixRow('stunnel: good', true, [], []),
];

describe('the page of both judgements', () => {
	it('counts a finding once a server', () => {
		expect(countFindings(ROWS)).toEqual({ found: 1, uncovered: 1, missed: 1, recall: 0.5 });
	});

	it('is read again as it was written, so that a run of some servers keeps the others', () => {
		expect(parseMatrix(renderMatrix(ROWS, 2, '3.2'))).toEqual(ROWS);
	});

	it('has the version of testssl.sh and every number', () => {
		const page = renderMatrix(ROWS, 70, '3.2.1');
		expect(page).toContain('with testssl.sh 3.2.1,');
		expect(page).toContain('2 of the 70 servers of the test have been looked at: 1 with a fault, and 1 good. testssl.sh finds 3 things');
	});
});
