/** How handlers read what a request says: its body, its query parameters, and the revision that it expects. */
import * as v from 'valibot';
import type { ApiProblem } from '../contract/api-problems.ts';
import { DEFAULT_PAGE_SIZE, MAX_BODY_BYTES, MAX_PAGE_SIZE } from '../contract/limits.ts';
import { readLimited } from '../lib/read-limited.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { decodeUtf8 } from '../lib/utf8.ts';
import { toRecordFault } from '../model/record.ts';

/** JSON between systems is UTF-8 (RFC 8259 §8.1). Bytes that are none would become U+FFFD in what is saved. */
export const NOT_UTF8: ApiProblem = { code: 'invalid', errors: [{ path: '', reason: 'must be UTF-8 text' }] };

/** Reads the body as bytes, up to the limit. */
export async function readBytes(request: Request, limit: number): Promise<Result<Uint8Array, ApiProblem>> {
	const declared = Number(request.headers.get('Content-Length') ?? 0);
	const bytes = declared > limit ? err('too-large') : await readLimited(request.body, limit);
	return bytes.ok ? bytes : err({ code: 'too-large', limit });
}

/** Reads the body as JSON and validates it; each fault names its path. An empty body counts as an empty object. */
export async function readBody<S extends v.GenericSchema>(
	request: Request,
	schema: S,
	limit = MAX_BODY_BYTES,
): Promise<Result<v.InferOutput<S>, ApiProblem>> {
	const bytes = await readBytes(request, limit);
	if (!bytes.ok) return bytes;
	const text = decodeUtf8(bytes.value);
	return text === null ? err(NOT_UTF8) : parseBody(text, schema);
}

export function parseBody<S extends v.GenericSchema>(text: string, schema: S): Result<v.InferOutput<S>, ApiProblem> {
	let input: unknown;
	try {
		input = text.trim() === '' ? {} : JSON.parse(text);
	} catch {
		return err({ code: 'bad-json' });
	}
	// The first fault of a value ends its checks: no pattern sees a text that is too long.
	const parsed = v.safeParse(schema, input, { abortPipeEarly: true });
	return parsed.success ? ok(parsed.output) : err({ code: 'invalid', errors: parsed.issues.map(toRecordFault) });
}

/** Parses a whole number in the query; null where the parameter is missing. */
export function parseQueryInteger(url: URL, name: string, maximum = Number.MAX_SAFE_INTEGER): Result<number | null, ApiProblem> {
	const text = url.searchParams.get(name);
	if (text === null) return ok(null);
	const value = /^\d{1,15}$/.test(text) ? Number(text) : 0;
	if (value >= 1 && value <= maximum) return ok(value);
	return err({ code: 'invalid', errors: [{ path: name, reason: `must be a whole number from 1 to ${maximum}` }] });
}

export function parsePageSize(url: URL): Result<number, ApiProblem> {
	const limit = parseQueryInteger(url, 'limit', MAX_PAGE_SIZE);
	return limit.ok ? ok(limit.value ?? DEFAULT_PAGE_SIZE) : limit;
}

/** Parses a query parameter that is one of a few words. */
export function parseQueryEnum<W extends string>(url: URL, name: string, words: readonly [W, ...W[]]): Result<W, ApiProblem> {
	const text = url.searchParams.get(name) ?? words[0];
	const word = words.find((candidate) => candidate === text);
	return word === undefined ? err({ code: 'invalid', errors: [{ path: name, reason: `must be one of ${words.join(', ')}` }] }) : ok(word);
}

/** The revision that If-Match or `If-None-Match: *` expects. Weak validators, and several of them, are not a revision. */
export function parsePrecondition({ headers }: Request, mayCreate: boolean): Result<number | 'absent', ApiProblem> {
	if (mayCreate && headers.get('If-None-Match')?.trim() === '*') return ok('absent');
	const revision = /^"(\d{1,15})"$/.exec(headers.get('If-Match')?.trim() ?? '')?.[1];
	return revision === undefined ? err({ code: 'precondition-required' }) : ok(Number(revision));
}
