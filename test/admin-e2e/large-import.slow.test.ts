/** An import of IMPORT_LINES lines (1,000 unless said otherwise), its memory watched. `npm run bench:import` measures how long one takes. */
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { OPERATOR_HEADERS, readPublicName, sampleRecord, useAdminService, waitUntil } from '../support/admin-service.ts';

const LINES = Number(process.env.IMPORT_LINES ?? 1000);
/** What one request takes: the service says where to go on, but a client that cuts its file sends nothing twice. */
const SLICE = Math.min(5000, Math.ceil(LINES / 2));

const service = useAdminService(() => ({}));

/** Megabytes that all processes of the service hold. */
async function readMemory(): Promise<number> {
	let pages = 0;
	for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
		// A process may end between the list and the look.
		const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
		const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
		if (Number(fields[2]) === service.group) pages += Number(fields[21]);
	}
	return (pages * 4096) / 1_000_000;
}

function importSlice(from: number): string {
	const lines = Array.from({ length: Math.min(SLICE, LINES - from) }, (_, at) =>
		JSON.stringify({
			domain: `d${String(from + at).padStart(6, '0')}.example`,
			record: sampleRecord(`Number ${from + at}`),
			tags: ['bulk'],
		}),
	);
	return lines.join('\n');
}

type ImportCounts = Readonly<Record<'created' | 'unchanged' | 'refused', number>>;

async function sendSlice(from: number): Promise<ImportCounts> {
	const response = await fetch(`${service.api}/import`, { method: 'POST', headers: OPERATOR_HEADERS, body: importSlice(from) });
	const lines = (await response.text()).trim().split('\n');
	expect(lines).toHaveLength(Math.min(SLICE, LINES - from) + 1);
	return JSON.parse(lines.at(-1) ?? '');
}

describe(`an import of ${LINES} lines`, () => {
	it('is whole, is found, is served, and is nothing the second time', async () => {
		const before = await readMemory();
		let most = before;
		const watch = setInterval(() => {
			void readMemory().then((now) => {
				most = Math.max(most, now);
			});
		}, 1000);
		const begun = Date.now();
		let created = 0;
		for (let from = 0; from < LINES; from += SLICE) {
			created += (await sendSlice(from)).created;
			if (LINES > 10_000) console.log(`${created} after ${((Date.now() - begun) / 1000).toFixed(0)} s, ${most.toFixed(0)} MB`);
		}
		clearInterval(watch);
		const seconds = (Date.now() - begun) / 1000;
		console.log(
			`${created} records in ${seconds.toFixed(1)} s, ${(created / seconds).toFixed(0)} a second; ${before.toFixed(0)} MB before, ${most.toFixed(0)} MB at most`,
		);
		expect(created).toBe(LINES);
		// The objects that this simulation has not yet put to sleep; not more for more lines.
		expect(most - before).toBeLessThan(1500);
		expect(await sendSlice(0)).toMatchObject({ created: 0, unchanged: SLICE, refused: 0 });
		const last = `d${String(LINES - 1).padStart(6, '0')}.example`;
		await waitUntil('the list has the last', async () => (await listDomains(last)).domains.length === 1);
		const asked = Date.now();
		expect((await listDomains(last.slice(0, 6))).domains.length).toBeGreaterThan(0);
		console.log(`a search in the directory took ${Date.now() - asked} ms`);
		await waitUntil('clients get the last', async () => (await readPublicName(service, last)) === `Number ${LINES - 1}`);
	}, 3_600_000);
});

describe('an import that breaks off', () => {
	it('is sent again whole, and does what was not done', async () => {
		const lines = Array.from({ length: 400 }, (_, at) => JSON.stringify({ domain: `broken${at}.example`, record: sampleRecord('Broken') }));
		const body = lines.join('\n');
		const plug = new AbortController();
		const first = await fetch(`${service.api}/import`, { method: 'POST', headers: OPERATOR_HEADERS, body, signal: plug.signal });
		let told = '';
		const decoder = new TextDecoder();
		for await (const chunk of first.body ?? []) {
			told += decoder.decode(chunk, { stream: true });
			if (told.split('\n').length > 50) break;
		}
		plug.abort();
		const acknowledged = told.split('\n').slice(0, -1).length;
		expect(acknowledged).toBeGreaterThanOrEqual(50);
		const again = await fetch(`${service.api}/import`, { method: 'POST', headers: OPERATOR_HEADERS, body });
		const counts = JSON.parse((await again.text()).trim().split('\n').at(-1) ?? '') as ImportCounts;
		expect(counts.created + counts.unchanged).toBe(400);
		expect(counts.unchanged).toBeGreaterThanOrEqual(acknowledged);
		console.log(`broken off after ${acknowledged} lines; then ${counts.unchanged} were there, ${counts.created} were new`);
	});
});

async function listDomains(prefix: string): Promise<{ readonly domains: readonly unknown[] }> {
	const response = await fetch(`${service.api}/domains?tag=bulk&prefix=${prefix}`, { headers: OPERATOR_HEADERS });
	return (await response.json()) as { readonly domains: readonly unknown[] };
}
