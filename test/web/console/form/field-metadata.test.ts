import { describe, expect, it } from 'vitest';
import { fieldMetadata } from '../../../../src/web/console/form/field-metadata.ts';
import { domainRecordFields } from '../../../support/schema-fields.ts';

describe('the titles of the form', () => {
	it('come from the schema, for every field it has', () => {
		const paths = domainRecordFields();
		expect(paths.length).toBeGreaterThan(40);
		// A field without a title would be called by its key.
		expect(paths.filter((path) => fieldMetadata(path).title === path.split('.').at(-1) && !path.startsWith('provider'))).toEqual([]);
		expect(fieldMetadata('services.submission.starttls.until').title).toBe('Offered until');
		expect(fieldMetadata('of').title).toBe('Served like');
		expect(fieldMetadata('no.such.field')).toEqual({ title: 'field', help: '' });
	});
});
