import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStartOutput } from '../../src/tools/start-output.ts';

const REQUEST = '[wrangler:info] GET /robots.txt 200 OK (3ms)';
const LINES = [
	'Your Worker has access to the following bindings:',
	'env.RECORDS    KV Namespace',
	'[wrangler:info] Ready on http://127.0.0.1:8787',
	'{"level":"info","code":"request","protocol":"none","status":200,"ms":22}',
	REQUEST,
	'',
	'{"level":"error","code":"failed","error":"it broke"}',
];

/** What is shown of a text that arrives in chunks of any size. */
function shown(text: string, sizes: readonly number[], hasEnded = true): readonly string[] {
	const lines: string[] = [];
	const output = createStartOutput((line) => lines.push(line));
	let rest = text;
	for (const size of [...sizes, text.length]) {
		output.push(rest.slice(0, size));
		rest = rest.slice(size);
	}
	if (hasEnded) output.end();
	return lines;
}

describe('what npm start shows of wrangler', () => {
	it('is one line for each request, and every problem, however it arrives', () => {
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 1, max: 40 })), (sizes) => {
				expect(shown(`${LINES.join('\n')}\n`, sizes)).toEqual(['GET /robots.txt 200 OK (3ms)', LINES.at(-1)]);
			}),
		);
	});

	it('is everything where the service ends before it is ready', () => {
		expect(shown('[custom build] failed\nno such file', [5], false)).toEqual([]);
		expect(shown('[custom build] failed\nno such file', [5])).toEqual(['[custom build] failed', 'no such file']);
	});

	it('leaves out one line for each request of its own, and none for one that was not sent', () => {
		const lines: string[] = [];
		const output = createStartOutput((line) => lines.push(line));
		output.push('[wrangler:info] Ready on http://127.0.0.1:8787\n');
		output.omit('GET /robots.txt');
		output.omit('GET /robots.txt');
		output.notSent('GET /robots.txt');
		output.omit('PUT /admin/api/domains/example.com');
		const put = '[wrangler:info] PUT /admin/api/domains/example.com 200 OK (9ms)';
		output.push(`${REQUEST}\n${REQUEST}\n${put}\n${put}\n`);
		expect(lines).toEqual([REQUEST, put].map((line) => line.replace('[wrangler:info] ', '')));
	});
});
