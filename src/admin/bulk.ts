/** Import and export of any number of records, one JSON object a line. */

import { ImportLine } from '../contract/bodies.ts';
import { IMPORT_LIMIT, LINE_LIMIT, LINES, PAGE_MOST } from '../contract/limits.ts';
import type { ApiProblem } from '../contract/problems.ts';
import { err, ok } from '../lib/result.ts';
import { parseRecordName } from '../model/record-name.ts';
import type { Entry } from '../store/catalogue.ts';
import type { Outcome } from '../store/keeper.ts';
import { type Ask, type Handler, parseBody, queryNumber, queryWord } from './ask.ts';
import { may, within } from './caller.ts';
import { recordText } from './domains.ts';
import { inTurn } from './in-turn.ts';
import { type Line, readLines, writeLines } from './lines.ts';
import { outageDocument, problemDocument } from './refusal.ts';
import { keptRecord } from './show.ts';

/** What became of a line. `ignored`: a line that is no record, such as the last one of an export. */
type Fate = 'created' | 'changed' | 'unchanged' | 'refused' | 'ignored';

interface Told {
	readonly line: number;
	readonly domain?: string;
	readonly result: Fate;
	readonly revision?: number;
	readonly problem?: object;
}

interface Mode {
	readonly dry: boolean;
	readonly existing: 'keep' | 'replace' | 'match';
}

export const importRecords: Handler = async (ask) => {
	const { request, url } = ask;
	const existing = queryWord(url, 'existing', ['keep', 'replace', 'match']);
	const dry = queryWord(url, 'dry', ['false', 'true']);
	const from = queryNumber(url, 'from');
	if (!existing.ok) return existing;
	if (!dry.ok) return dry;
	if (!from.ok) return from;
	if (Number(request.headers.get('Content-Length') ?? 0) > IMPORT_LIMIT) return err({ code: 'too-large', limit: IMPORT_LIMIT });
	const mode = { dry: dry.value === 'true', existing: existing.value };
	return ok({ body: writeLines(imported(ask, mode, from.value ?? 1)) });
};

/** One object a line, and a last one that says where to go on. */
async function* imported(ask: Ask, mode: Mode, from: number): AsyncGenerator<object> {
	const counts: Record<Fate, number> = { created: 0, changed: 0, unchanged: 0, refused: 0, ignored: 0 };
	let next: number | null = null;
	async function* taken(): AsyncGenerator<Line> {
		const lines = readLines(ask.request.body, LINE_LIMIT, IMPORT_LIMIT);
		for (;;) {
			const { done, value } = await lines.next();
			if (done === true) {
				next ??= value;
				return;
			}
			// What comes after is read and dropped: a body left unread would break the connection before the answer is through.
			if (value.at >= from + LINES) next ??= value.at;
			else if (value.at >= from && value.text?.trim() !== '') yield value;
		}
	}
	for await (const told of inTurn(taken(), (line) => importLine(line, ask, mode))) {
		counts[told.result] += 1;
		yield told;
	}
	yield { next, dry: mode.dry, ...counts };
}

async function importLine({ at: line, text }: Line, { caller, parts }: Ask, { dry, existing }: Mode): Promise<Told> {
	const refused = (problem: ApiProblem, domain?: string): Told => ({
		line,
		...(domain === undefined ? {} : { domain }),
		result: 'refused',
		problem: problemDocument(problem),
	});
	if (text === null) return refused({ code: 'too-large', limit: LINE_LIMIT });
	if (isCursor(text)) return { line, result: 'ignored' };
	const body = parseBody(text, ImportLine);
	if (!body.ok) return refused(body.error, nameIn(text));
	const { domain, record, tags, note, revision } = body.value;
	if (!may(caller, 'write', domain)) return refused({ code: 'forbidden', needed: `write ${domain}` }, domain);
	const checked = recordText(record, domain, parts.now());
	if (!checked.ok) return refused(checked.error, domain);
	const keeper = parts.keepers(domain);
	const expect = existing === 'replace' ? 'any' : existing === 'keep' ? 'absent' : (revision ?? 0);
	const by = { author: caller.who, token: caller.token };
	const edit = { name: domain, expect, record: checked.value, tags: tags ?? null, act: 'import', note, settles: null, dry, ...by } as const;
	try {
		return told(line, domain, await keeper.save(edit), refused);
	} catch (failure) {
		// One keeper that is out is no reason to leave out the lines behind it.
		return { line, domain, result: 'refused', problem: outageDocument(failure) };
	}
}

function told(
	line: number,
	domain: string,
	{ outcome, head, before }: Outcome,
	refused: (problem: ApiProblem, domain: string) => Told,
): Told {
	const revision = head.latest?.revision ?? 0;
	const current = { revision, record: keptRecord(head.latest?.record ?? null) };
	switch (outcome) {
		case 'saved':
			return { line, domain, result: before === null ? 'created' : 'changed', revision };
		case 'unchanged':
			return { line, domain, result: 'unchanged', revision };
		case 'stale':
		case 'exists':
			return refused({ code: outcome, current, revision }, domain);
		case 'outside':
			return refused({ code: 'edited-outside', current, revision }, domain);
	}
}

/** The record's name in a line that is wrong elsewhere, for whoever looks for it. */
function nameIn(text: string): string | undefined {
	const found = /"domain"\s*:\s*"([^"\\]{1,256})"/.exec(text)?.[1];
	return found === undefined ? undefined : (parseRecordName(found.trim()) ?? undefined);
}

/** The last line of an export. */
function isCursor(text: string): boolean {
	return /^\{"next":("[^"]*"|null)\}$/.test(text);
}

export const exportRecords: Handler = async (ask) => {
	const after = ask.url.searchParams.get('after') ?? '';
	if (after !== '' && parseRecordName(after) === null) return err({ code: 'bad-domain' });
	return ok({ body: writeLines(exported(ask, after)) });
};

async function* exported({ url, caller, parts }: Ask, after: string): AsyncGenerator<object> {
	const prefix = (url.searchParams.get('prefix') ?? '').toLowerCase();
	let last: string | null = null;
	async function* entries(): AsyncGenerator<Entry> {
		let start = after;
		for (let taken = 0; taken < LINES; taken += PAGE_MOST) {
			const page = await parts.catalogue.list({ prefix, tag: null, state: 'live', after: start, limit: PAGE_MOST, within: within(caller) });
			yield* page.entries;
			last = page.next;
			if (page.next === null) return;
			start = page.next;
		}
	}
	for await (const line of inTurn(entries(), (entry) => exportLine(entry, parts))) if (line !== null) yield line;
	yield { next: last };
}

/** The keeper's word, not the directory's: it may have been deleted a moment ago. */
async function exportLine({ domain }: Entry, { keepers }: Ask['parts']): Promise<object | null> {
	const name = parseRecordName(domain);
	if (name === null) return null;
	const { latest } = await keepers(name).head(name);
	if (latest === null || latest.record === null) return null;
	return { domain, revision: latest.revision, tags: latest.tags, record: keptRecord(latest.record) };
}
