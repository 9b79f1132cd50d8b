/** An admin API in memory, with the operations that the command-line tool uses: revisions, conditional writes, imports by lines. */
import { createServer } from 'node:http';
import { text as readAll } from 'node:stream/consumers';
import * as v from 'valibot';
import { recordDigest } from '../../src/cli/workspace/record-folder.ts';
import { CHECK_AREAS, gradeAtBest, gradeFindings, overallGrade } from '../../src/contract/checks/check-grades.ts';
import { type CheckAreaResult, SendCheckBody } from '../../src/contract/checks/check-results.ts';
import { findWorsening } from '../../src/contract/checks/worsened-areas.ts';
import type { HostnamesView } from '../../src/contract/hostnames/hostname-views.ts';

export const TOKEN = 'a-token-of-thirty-two-characters-or-more';

interface Revision {
	readonly revision: number;
	readonly record: unknown;
	readonly note: string;
}

export interface FakeAdminApi {
	readonly origin: string;
	readonly revisions: Map<string, Revision[]>;
	/** The results of checks that were sent, by domain; null of a release that keeps none. */
	checks: Map<string, SendCheckBody[]> | null;
	/** What the service says about custom hostnames that it creates by itself. */
	hostnames: HostnamesView;
	/** What the list says of a record's digest. */
	digestOf: (record: unknown) => string | null;
	/** The paths of the requests so far, each with its method. */
	readonly requests: string[];
	/** The connection ends in the middle of an import after so many lines; never where it is null. */
	breaksAfter: number | null;
	/** Called after a record has been read, so that a test can change it before the tool writes. */
	onRead: (() => void) | null;
	close(): Promise<void>;
}

const gradeOf = ({ looked, findings, unknowns, furtherUnknowns }: CheckAreaResult) =>
	gradeFindings({ looked, findings, unknowns: unknowns.length + furtherUnknowns });

/** As the service answers who sends a check. */
function sentCheckView(
	domain: string,
	before: readonly CheckAreaResult[],
	{ recordDigest: digest, areas }: SendCheckBody,
	record: unknown,
) {
	const isCurrentRecord = digest === recordDigest(record);
	const grades = CHECK_AREAS.map((area) => areas.find((each) => each.area === area)).map((area) => (area ? gradeOf(area) : null));
	const gradesOf = (area: CheckAreaResult) => ({ grade: gradeOf(area), atBest: gradeAtBest(area.findings) });
	const worsened = areas.flatMap((area) => {
		const last = before.find((each) => each.area === area.area);
		const earlier = last === undefined ? null : { ...gradesOf(last), lastLetter: gradeOf(last) };
		return findWorsening(area.area, earlier, gradesOf(area)) ?? [];
	});
	const about = { at: '2026-11-28T06:00:00.000Z', by: 'operator', kind: 'operator', isCurrentRecord };
	return { domain, overall: overallGrade(grades), areas: areas.map((area) => ({ ...area, grade: gradeOf(area), ...about })), worsened };
}

export async function startFakeAdminApi(): Promise<FakeAdminApi> {
	const kept = new Map<string, Revision[]>();
	const head = (domain: string) => kept.get(domain)?.at(-1) ?? { revision: 0, record: null, note: '' };
	const save = (domain: string, record: unknown, note: string) => {
		const next = { revision: head(domain).revision + 1, record, note };
		kept.set(domain, [...(kept.get(domain) ?? []), next]);
		return next;
	};
	const at = '2026-11-24T00:00:00Z';
	const revisionView = ({ revision, note }: Revision) => ({
		revision,
		note,
		at,
		act: 'put',
		author: 'operator',
		kind: 'operator',
		token: null,
		tags: [],
	});
	const listed = (domain: string) => ({
		domain,
		revision: head(domain).revision,
		state: head(domain).record === null ? 'deleted' : 'live',
		tags: [],
		at,
		digest: head(domain).record === null ? null : api.digestOf(head(domain).record),
	});
	const view = (domain: string) => ({
		domain,
		revision: head(domain).revision,
		state: head(domain).revision === 0 ? 'absent' : head(domain).record === null ? 'deleted' : 'live',
		copy: 'current',
		record: head(domain).record,
		latest: head(domain).revision === 0 ? null : revisionView(head(domain)),
		outside: null,
		warnings: [],
		dns: [],
	});
	const write = (domain: string) => ({
		...view(domain),
		changed: true,
		changes: { clients: [], dns: { add: [], remove: [], removeLater: [] } },
	});
	const live = () => [...kept.keys()].sort().filter((domain) => head(domain).record !== null);
	const problem = (status: number, code: string, title: string) => ({
		status,
		json: { type: `#${code}`, title, status, code },
		lines: null,
	});

	const answer = (
		method: string,
		url: URL,
		body: string,
		ifMatch: string | undefined,
	): { status: number; json: unknown; lines: readonly object[] | null; etag?: string } => {
		const [, , , area, name = '', act, number] = url.pathname.split('/');
		const domain = decodeURIComponent(name);
		if (area === 'export')
			return {
				status: 200,
				json: null,
				lines: [
					...live()
						.filter((each) => each.startsWith(url.searchParams.get('prefix') ?? ''))
						.map((each) => ({ domain: each, tags: [], revision: head(each).revision, record: head(each).record })),
					{ next: null },
				],
			};
		if (area === 'import') {
			const lines = body
				.split('\n')
				.filter((line) => line !== '')
				.map((line, at) => {
					const sent: { domain: string; record: unknown; note: string; revision: number } = JSON.parse(line);
					const now = head(sent.domain);
					if (JSON.stringify(now.record) === JSON.stringify(sent.record))
						return { line: at + 1, domain: sent.domain, result: 'unchanged', revision: now.revision };
					if (now.revision !== sent.revision)
						return {
							line: at + 1,
							domain: sent.domain,
							result: 'refused',
							problem: {
								...problem(412, 'stale', 'The record has changed since.').json,
								revision: now.revision,
								current: { revision: now.revision, record: now.record },
							},
						};
					const dry = url.searchParams.get('dry') === 'true';
					const revision = dry ? now.revision + 1 : save(sent.domain, sent.record, sent.note).revision;
					return { line: at + 1, domain: sent.domain, result: now.revision === 0 ? 'created' : 'changed', revision };
				});
			const counts = { created: 0, changed: 0, unchanged: 0, refused: 0, ignored: 0 };
			return { status: 200, json: null, lines: [...lines, { next: null, dry: false, ...counts }] };
		}
		if (area === 'hostnames') return { status: 200, json: api.hostnames, lines: null };
		if (area !== 'domains') return problem(404, 'not-found', 'There is nothing here.');
		if (name === '') {
			const isDeleted = url.searchParams.get('state') === 'deleted';
			const domains = isDeleted ? [...kept.keys()].sort().filter((each) => head(each).record === null) : live();
			const found = domains.filter((each) => each.startsWith(url.searchParams.get('prefix') ?? ''));
			return { status: 200, json: { domains: found.map(listed), next: null }, lines: null };
		}
		if (act === 'aliases') return { status: 200, json: { domain, aliases: [], hidden: 0, unknown: 0, next: null }, lines: null };
		if (act === 'history') {
			// A page has only two entries, so that a tool that reads one page is found out.
			const before = Number(url.searchParams.get('before') ?? Number.POSITIVE_INFINITY);
			const older = [...(kept.get(domain) ?? [])].reverse().filter(({ revision }) => revision < before);
			const page = older.slice(0, 2);
			const next = older.length > 2 ? String(page.at(-1)?.revision) : null;
			return { status: 200, json: { revisions: page.map(revisionView), next }, lines: null };
		}
		if (act === 'check') {
			if (api.checks === null || head(domain).record === null) return problem(404, 'not-found', 'There is nothing here.');
			const sent = v.parse(SendCheckBody, JSON.parse(body));
			const before = api.checks.get(domain)?.at(-1)?.areas ?? [];
			api.checks.set(domain, [...(api.checks.get(domain) ?? []), sent]);
			return { status: 200, json: sentCheckView(domain, before, sent, head(domain).record), lines: null };
		}
		if (act === 'revisions') {
			const found = kept.get(domain)?.find(({ revision }) => revision === Number(number));
			if (found === undefined) return problem(404, 'not-found', 'There is no such revision.');
			return { status: 200, json: { ...revisionView(found), record: found.record ?? null }, lines: null };
		}
		if (method === 'GET') return { status: 200, json: view(domain), lines: null, etag: `"${head(domain).revision}"` };
		if (ifMatch !== `"${head(domain).revision}"`) return problem(412, 'stale', 'The record has changed since the revision in If-Match.');
		if (method === 'PUT') {
			const sent: { record: unknown; note: string } = JSON.parse(body);
			save(domain, sent.record, sent.note);
		} else if (method === 'DELETE') save(domain, null, url.searchParams.get('note') ?? '');
		else {
			const asked: { revision: number; note: string } = JSON.parse(body);
			save(domain, kept.get(domain)?.find(({ revision }) => revision === asked.revision)?.record, asked.note);
		}
		return { status: 200, json: write(domain), lines: null };
	};

	const server = createServer(async (request, response) => {
		const body = await readAll(request);
		if (request.headers.authorization !== `Bearer ${TOKEN}`) {
			response
				.writeHead(401, { 'Content-Type': 'application/problem+json' })
				.end(JSON.stringify(problem(401, 'unauthenticated', 'No valid token came with the request.').json));
			return;
		}
		const url = new URL(request.url ?? '/', 'http://api');
		api.requests.push(`${request.method} ${url.pathname}`);
		const broken = url.pathname.endsWith('/import') ? api.breaksAfter : null;
		const upTo = broken === null ? body : `${body.split('\n').slice(0, broken).join('\n')}\n`;
		const { status, json, lines, etag } = answer(request.method ?? 'GET', url, upTo, request.headers['if-match']);
		if (request.method === 'GET') api.onRead?.();
		const type = lines === null ? (status < 400 ? 'application/json' : 'application/problem+json') : 'application/x-ndjson';
		response.writeHead(status, { 'Content-Type': type, ...(etag === undefined ? {} : { ETag: etag }) });
		if (lines === null) response.end(JSON.stringify(json));
		else {
			response.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
			if (broken === null) response.end();
			// The lines get time to arrive before the connection is cut.
			else setTimeout(() => response.destroy(), 100);
		}
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const bound = server.address();
	const api: FakeAdminApi = {
		origin: `http://127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`,
		revisions: kept,
		checks: new Map(),
		hostnames: { on: false, hostnames: [], next: null, counts: {}, usage: null, failure: null, pausedUntil: null },
		digestOf: recordDigest,
		requests: [],
		breaksAfter: null,
		onRead: null,
		close: () =>
			new Promise((resolve) => {
				server.closeAllConnections();
				server.close(() => resolve());
			}),
	};
	return api;
}
