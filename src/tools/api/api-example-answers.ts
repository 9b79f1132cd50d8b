/** What the service answered to the examples, as `test/admin/api-examples.test.ts` wrote it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExampleAnswers } from './openapi.ts';

export function readExampleAnswers(): ExampleAnswers {
	return JSON.parse(readFileSync(join(import.meta.dirname, 'api-examples.json'), 'utf8'));
}
