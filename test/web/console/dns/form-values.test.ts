import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toZoneLine } from '../../../../src/dns/zone-file.ts';
import { parseDomain } from '../../../../src/model/names.ts';
import { formParts, relativeName } from '../../../../src/web/console/dns/form-values.ts';

const ORIGIN = 'example.org';
const target = parseDomain('mail.example.net') ?? expect.fail('a name');

describe('records in the parts of a form', () => {
	it('gives every kind of record without the syntax of zone files', () => {
		const name = `x.${ORIGIN}`;
		expect(formParts(toZoneLine('a', { type: 'CNAME', name, target }))).toEqual([{ label: 'Target', value: 'mail.example.net' }]);
		const srv = formParts(toZoneLine('a', { type: 'SRV', name, priority: 10, weight: 1, port: 465, target }));
		expect(srv.map(({ value }) => value)).toEqual(['10', '1', '465', 'mail.example.net']);
	});

	it('gives a text back as it is, whatever stands in it', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
				expect(formParts(toZoneLine('a', { type: 'TXT', name: ORIGIN, text }))).toEqual([{ label: 'Text', value: text }]);
			}),
		);
	});

	it.each([
		['autoconfig.example.org', 'autoconfig'],
		['_imaps._tcp.example.org', '_imaps._tcp'],
		['example.org', '@'],
		['notexample.org', 'notexample.org'],
		['mail.example.net', 'mail.example.net'],
	])('%s is %s', (name, relative) => {
		expect(relativeName(name, ORIGIN)).toBe(relative);
	});
});
