/** The end of the fallback, written into records of every shape: nothing else in them changes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { planFallbackEnd, setFallbackEndInText } from '../../../src/cli/usage/end-fallback.ts';
import { parseRecord } from '../../../src/model/record.ts';

const UNTIL = '2027-01-31';
const RECORDS_FOLDER = join(import.meta.dirname, '../../fixtures/records');

function withEnd(text: string): string {
	const fallback = planFallbackEnd(parse(text), UNTIL);
	if (!fallback.ok) throw new Error(fallback.error);
	const changed = setFallbackEndInText(text, fallback.value);
	if (!changed.ok) throw new Error(changed.error);
	return changed.value;
}

describe('JSON: one value, and not another byte', () => {
	it.each<[why: string, before: string, after: string]>([
		[
			'the default, on lines of its own',
			'{\n\t"kind": "domain",\n\t"provider": { "name": "X" },\n\t"services": {\n\t\t"submission": {\n\t\t\t"host": "smtp.example.org"\n\t\t}\n\t}\n}\n',
			`{\n\t"kind": "domain",\n\t"provider": { "name": "X" },\n\t"services": {\n\t\t"submission": {\n\t\t\t"host": "smtp.example.org",\n\t\t\t"starttls": { "port": 587, "until": "${UNTIL}" }\n\t\t}\n\t}\n}\n`,
		],
		[
			'on one line',
			'{ "kind": "domain", "provider": { "name": "X" }, "services": { "submission": { "host": "smtp.example.org" } } }',
			`{ "kind": "domain", "provider": { "name": "X" }, "services": { "submission": { "host": "smtp.example.org", "starttls": { "port": 587, "until": "${UNTIL}" } } } }`,
		],
		[
			'a port that is there',
			'{"kind":"domain","provider":{"name":"X"},"services":{"submission":{"starttls":2587,"host":"smtp.example.org"},"imap":{"host":"imap.example.org","starttls":143}}}',
			`{"kind":"domain","provider":{"name":"X"},"services":{"submission":{"starttls":{ "port": 2587, "until": "${UNTIL}" },"host":"smtp.example.org"},"imap":{"host":"imap.example.org","starttls":143}}}`,
		],
		[
			'a later end',
			'{"kind":"domain","provider":{"name":"X"},"services":{"submission":{"host":"smtp.example.org","starttls":{ "port": 587, "until": "2030-01-01" }}}}\r\n',
			`{"kind":"domain","provider":{"name":"X"},"services":{"submission":{"host":"smtp.example.org","starttls":{ "port": 587, "until": "${UNTIL}" }}}}\r\n`,
		],
	])('%s', (_, before, after) => expect(withEnd(before)).toBe(after));
});

describe('YAML the same', () => {
	const head = 'kind: domain\nprovider: { name: X } # us\nservices:\n';
	const value = (port: number) => `{ port: ${port}, until: ${UNTIL} }`;
	it.each<[why: string, before: string, after: string]>([
		[
			'the default, with comments about',
			`# ours\n${head}  submission: # the relay\n    host: smtp.example.org # new\n  imap:\n    host: imap.example.org\n`,
			`# ours\n${head}  submission: # the relay\n    host: smtp.example.org # new\n    starttls: ${value(587)}\n  imap:\n    host: imap.example.org\n`,
		],
		[
			'in flow',
			`${head}  submission: {host: smtp.example.org}\n`,
			`${head}  submission: {host: smtp.example.org,starttls: ${value(587)}}\n`,
		],
		[
			'a port that is there',
			`${head}  submission:\n    starttls: 2587 # historic\n    host: smtp.example.org\n`,
			`${head}  submission:\n    starttls: ${value(2587)} # historic\n    host: smtp.example.org\n`,
		],
		[
			'a later end, in block, with CRLF',
			`${head}  submission:\n    host: smtp.example.org\n    starttls:\n      port: 587\n      until: 2030-01-01\n`.replaceAll(
				'\n',
				'\r\n',
			),
			`${head}  submission:\n    host: smtp.example.org\n    starttls:\n      ${value(587)}\n`.replaceAll('\n', '\r\n'),
		],
		[
			'behind a list',
			`${head}  submission:\n    host: smtp.example.org\n    auth:\n      - password\n  imap:\n    host: imap.example.org\n`,
			`${head}  submission:\n    host: smtp.example.org\n    auth:\n      - password\n    starttls: ${value(587)}\n  imap:\n    host: imap.example.org\n`,
		],
		[
			'no end of the last line',
			`${head}  submission:\n    host: smtp.example.org`,
			`${head}  submission:\n    host: smtp.example.org\n    starttls: ${value(587)}`,
		],
	])('%s', (_, before, after) => expect(withEnd(before)).toBe(after));
});

it.each(readdirSync(RECORDS_FOLDER))('%s: whatever else is in a record stays', (name) => {
	const text = readFileSync(join(RECORDS_FOLDER, name), 'utf8');
	const before = JSON.parse(text);
	const fallback = planFallbackEnd(before, UNTIL);
	if (!fallback.ok) {
		// For records without a fallback the error says why nothing is written.
		expect(fallback.error).toMatch(/^(is an alias|has no submission|has no implicit TLS|offers no STARTTLS)/);
		return;
	}
	const { port, until, unchanged } = fallback.value;
	expect(unchanged).toBe(name.startsWith('fallback-ended'));
	const after = JSON.parse(unchanged ? text : withEnd(text));
	expect(parseRecord(after).ok).toBe(true);
	if (!unchanged) {
		expect(after.services.submission.starttls).toEqual({ port, until });
		before.services.submission.starttls = after.services.submission.starttls;
	}
	expect(after).toEqual(before);
});

describe('what is not written', () => {
	const submission = (more: object) => ({
		kind: 'domain',
		provider: { name: 'X' },
		services: { submission: { host: 'smtp.example.org', ...more } },
	});

	it('an end that is as early already, or earlier, stays', () => {
		const starttls = { port: 587, until: '2026-12-31' };
		expect(planFallbackEnd(submission({ starttls }), UNTIL)).toEqual({ ok: true, value: { ...starttls, unchanged: true } });
	});

	it.each<[why: string, record: unknown, error: RegExp]>([
		['an alias', { kind: 'alias', of: 'example.net' }, /is an alias.*example\.net/],
		['no submission', { kind: 'domain', provider: { name: 'X' }, services: { imap: { host: 'imap.example.org' } } }, /has no submission/],
		['ended for good', submission({ starttls: null }), /nothing to end/],
		['587 alone: its users would have nothing left', submission({ implicit: null }), /nothing left/],
		['no record', { kind: 'domian' }, /no good record/],
		['nothing', null, /no good record/],
	])('%s', (_, record, error) => {
		const fallback = planFallbackEnd(record, UNTIL);
		expect(fallback.ok).toBe(false);
		expect(fallback.ok ? '' : fallback.error).toMatch(error);
	});

	it('a reference: somebody else’s place too', () => {
		const text = 'kind: domain\nprovider: { name: X }\nservices:\n  imap: &here { host: mail.example.org }\n  submission: *here\n';
		const changed = setFallbackEndInText(text, { port: 587, until: UNTIL });
		expect(changed).toEqual({ ok: false, error: 'writes its submission as a reference: set starttls.until by hand' });
	});
});
