/** What is sent of a report: within the limits of the API, with the grades of the report, and without the address. */
import * as fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import {
	type AreaReport,
	type CheckReport,
	emptyArea,
	type Finding,
	finding,
	gradedReport,
	gradeOf,
} from '../../../src/cli/check/finding.ts';
import { FINDING_CODES, type FindingCode } from '../../../src/cli/check/finding-codes.ts';
import { sendCheckBody } from '../../../src/cli/check/send/check-body.ts';
import { CHECK_AREAS, gradeFindings } from '../../../src/contract/checks/check-grades.ts';
import { MAX_FOUND_LENGTH, SendCheckBody } from '../../../src/contract/checks/check-results.ts';
import { MAX_BODY_BYTES } from '../../../src/contract/limits.ts';
import { escapeXml } from '../../../src/lib/xml.ts';

const DIGEST = 'ab'.repeat(32);
const about = (address: string) => ({ address, domain: 'example.com', recordDigest: DIGEST, at: '2026-11-28T06:00:00.000Z' });
const reportOf = (areas: readonly AreaReport[], address = 'alice@example.com') => gradedReport(about(address), areas);
const httpReport = (...findings: readonly Finding[]) => reportOf([{ ...emptyArea('http'), looked: 27, findings }]);
const sentFinding = (report: CheckReport) => sendCheckBody(report).areas[0]?.findings[0];

/** Texts of servers: any code unit, halves of pairs among them, and sometimes long. */
const anyText = fc.oneof(
	fc.string({ unit: 'binary' }),
	fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)), maxLength: 30 }),
	fc.constantFrom('\u202e', '\ud83d\ude00'.repeat(300), '"'.repeat(700), '語'.repeat(700), `${'a'.repeat(198)}\ud83d\ude00b`),
);
const codes = Object.keys(FINDING_CODES) as readonly FindingCode[];
const anyFinding = fc
	.tuple(fc.constantFrom(...codes), anyText, anyText, anyText)
	.map(([code, place, wanted, found]) => finding(code, place, wanted, found));
const anyRemark = fc.record({ place: anyText, reason: anyText });
const anyReport = fc
	.subarray([...CHECK_AREAS], { minLength: 1 })
	.chain((areas) =>
		fc.tuple(
			...areas.map((area) =>
				fc.record({
					area: fc.constant(area),
					looked: fc.nat(1000),
					findings: fc.array(anyFinding, { maxLength: 40, size: 'max' }),
					unclear: fc.array(anyRemark, { maxLength: 3 }),
					unlooked: fc.oneof(fc.constant([]), fc.array(anyRemark, { maxLength: 20 })),
					uncovered: fc.constant([]),
					clients: fc.constant([]),
				}),
			),
		),
	)
	.map((areas) => reportOf(areas));

function expectValid(report: CheckReport): void {
	const body = sendCheckBody(report);
	const parsed = v.safeParse(SendCheckBody, body);
	expect(parsed.issues).toBeUndefined();
	expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(MAX_BODY_BYTES);
	for (const [at, area] of report.areas.entries()) {
		const sent = body.areas[at];
		expect(sent?.area).toBe(area.area);
		const unknowns = (sent?.unknowns.length ?? 0) + (sent?.furtherUnknowns ?? 0);
		expect(gradeFindings({ looked: sent?.looked ?? 0, findings: sent?.findings ?? [], unknowns })).toBe(gradeOf(area));
		expect((sent?.findings.length ?? 0) + (sent?.furtherFindings ?? 0)).toBe(area.findings.length);
		expect((sent?.unknowns.length ?? 0) + (sent?.furtherUnknowns ?? 0)).toBe(area.unclear.length + area.unlooked.length);
	}
}

describe('the body that is sent', () => {
	it('is one that the API takes, with the same grades, whatever was found', () => {
		fc.assert(fc.property(anyReport, expectValid), { numRuns: 200 });
	});

	it('names fewer findings where all texts are as long as can be, and in letters of three bytes', () => {
		const long = finding('tls-no-forward-secrecy', '語'.repeat(400), '語'.repeat(400), '語'.repeat(400));
		const remark = { place: '語'.repeat(400), reason: '語'.repeat(400) };
		const full = (area: AreaReport['area']) => ({
			...emptyArea(area),
			findings: Array.from({ length: 60 }, () => ({ ...long, advice: '語'.repeat(900) })),
			unlooked: Array.from({ length: 60 }, () => remark),
		});
		const report = reportOf(CHECK_AREAS.map(full));
		expectValid(report);
		expect(sendCheckBody(report).areas[0]?.findings.length).toBeGreaterThanOrEqual(3);
	});

	it('has the worst findings first, and both kinds of what is not known', () => {
		const body = sendCheckBody(
			reportOf([
				{
					...emptyArea('mail'),
					findings: [finding('cert-expires', 'a:993', 'w', 'f'), finding('auth-before-tls', 'a:587', 'w', 'f')],
					unclear: [{ place: 'a:993', reason: 'strange' }],
					unlooked: [{ place: 'a:995', reason: 'silent' }],
				},
			]),
		);
		expect(body.recordDigest).toBe(DIGEST);
		expect(body.areas[0]?.findings.map(({ code }) => code)).toEqual(['auth-before-tls', 'cert-expires']);
		expect(body.areas[0]?.unknowns).toEqual([
			{ kind: 'unclear', place: 'a:993', reason: 'strange' },
			{ kind: 'unlooked', place: 'a:995', reason: 'silent' },
		]);
	});

	it('cuts no pair of surrogates in two, and shows what cannot be seen as a dot', () => {
		const sent = sentFinding(
			httpReport(finding('http-type', 'p', `${'a'.repeat(MAX_FOUND_LENGTH - 2)}\u{1f600}b`, 'a\u200bb\nc\u0000d\ud800')),
		);
		expect(sent?.wanted).toBe(`${'a'.repeat(MAX_FOUND_LENGTH - 2)}…`);
		expect(sent?.found).toBe('a·b c d·');
	});

	it('has every advice whole, since half a setting could be copied for a whole one', () => {
		for (const code of codes) expect(sentFinding(httpReport(finding(code, 'p', 'w', 'f')))?.advice).toBe(FINDING_CODES[code].advice);
	});
});

describe('the address of a person', () => {
	it.each<[string, string, string]>([
		[
			'in a URL',
			'https://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=alice%40example.com',
			'https://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=…%40example.com',
		],
		['as it is', 'to alice@example.com', 'to …@example.com'],
		['cut off in its domain', 'alice@exam…', '…@exam…'],
		['as a login alone', 'line 5 reads <username>alice</username>', 'line 5 reads <username>…</username>'],
		['as a login that was cut off', 'reads <username>ali…', 'reads <username>…'],
		['cut off in the sign between its parts', '302, to https://x.example/?email=alice%4…', '302, to https://x.example/?email=…'],
		['and not within another word', 'alices.example.com and malice', 'alices.example.com and malice'],
	])('is not sent: %s', (_, text, expected) => {
		expect(sentFinding(httpReport(finding('http-body', 'p', 'w', text)))?.found).toBe(expected);
	});

	it('leaves hosts as they are, whatever the local part', () => {
		const area = { ...emptyArea('mail'), findings: [finding('cert-expires', 'mail.example.com:993', 'mail', 'of mail.example.com')] };
		expect(sentFinding(reportOf([area], 'mail@example.com'))).toMatchObject({
			place: 'mail.example.com:993',
			found: 'of mail.example.com',
		});
	});

	it.each(["o'brien", 'a+b', '"&<', 'büro', 'A.B'])('is found in every way of writing: %s', (local) => {
		const address = `${local}@example.com`;
		for (const text of [address, encodeURIComponent(address), escapeXml(address)]) {
			const findings = [finding('http-status', `https://x.example/?e=${text}`, text, text)];
			const sent = sentFinding(reportOf([{ ...emptyArea('http'), findings }], address));
			expect(sent?.found).toMatch(/^…(?:@|%40)example\.com$/);
			expect(sent?.place).toMatch(/^https:\/\/x\.example\/\?e=…(?:@|%40)example\.com$/);
		}
	});
});
