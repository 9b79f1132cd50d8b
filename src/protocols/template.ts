/**
 * Answers that are prepared once for a domain and filled in for each address. An answer depends on the address through a few texts alone:
 * the local part, and identifiers that are made of the whole address. It is rendered once for an address whose local part is a marker; the
 * text around the markers is kept, and a request puts its own local part there, escaped as the format demands. Protocols need not know of
 * it: they render an address like any other.
 *
 * The law, which a test holds every protocol to: what is filled in is byte for byte what would have been rendered. Where that is not sure,
 * there is no template, and each request is rendered.
 */
import { nameUuid } from '../lib/digest.ts';
import type { Result } from '../lib/result.ts';
import { encodeUtf8 } from '../lib/utf8.ts';
import { escapeXml } from '../lib/xml.ts';
import type { ConfigScope } from '../model/config.ts';
import type { ResolvedRecord } from '../model/lookup.ts';
import type { Domain, EmailAddress } from '../model/names.ts';
import { encodeUriComponent, isPathStep } from '../model/placeholders.ts';
import type { Problem } from '../model/problem.ts';
import { answerQuery, resolveQueryConfig } from './answer-query.ts';
import type { LastEntryClient } from './last-entry-clients.ts';
import type { Query, WireResponse } from './protocol.ts';

/** The text that one hole of a template gets. */
type Hole =
	| { readonly kind: 'local-part' }
	/** The local part within a URL, percent-encoded. */
	| { readonly kind: 'url-local-part' }
	/** The UUID of `accountUuid`. */
	| { readonly kind: 'account-uuid'; readonly payload: string; readonly letterCase: 'upper' | 'lower' };

/** An answer with holes, for all addresses of one domain. */
export interface ResponseTemplate {
	/** The answer's other members: none of them depends on the address. */
	readonly head: Omit<WireResponse, 'body'>;
	/** The text before the first hole, and for each hole the one after it, in UTF-8. */
	readonly literals: readonly [Uint8Array, ...Uint8Array[]];
	/** For each hole, which of `values` it gets. */
	readonly holes: readonly number[];
	readonly values: readonly Hole[];
	readonly domain: Domain;
	readonly escapeText: (text: string) => string;
}

// Noncharacters: no address has them that a person was given, and every format takes them as they are.
const LOCAL_PART_MARKER = '\uFDD0';
/** The marker of the local part in a URL, as `fillAddressIntoUrl` writes it. */
const URL_MARKER = encodeUriComponent(LOCAL_PART_MARKER);
const MARKERS = /(\uFDD0|%EF%B7%90|\uFDD1U[a-z]+\uFDD2|\uFDD1u[a-z]+\uFDD2)/;

/** The addresses whose local part is the marker: known as objects, because a stranger may ask for such an address too. */
const markedAddresses = new WeakSet<EmailAddress>();

/**
 * A UUID that stays the same for an account: for an address (in any letter case of its local part) or for a whole domain.
 * @param payload what of the account it is for, in letters a to z
 * @returns upper case
 */
export function accountUuid(payload: string, scope: ConfigScope, domain: Domain): string {
	if (scope.kind === 'domain') return nameUuid(`${payload}|${domain}|${domain}`);
	// The first letter follows the rest of the UUID into the letter case that the protocol writes it in.
	return markedAddresses.has(scope.address) ? `\uFDD1U${payload}\uFDD2` : addressUuid(payload, scope.address, domain);
}

function addressUuid(payload: string, { local, domain: addressDomain }: EmailAddress, domain: Domain): string {
	return nameUuid(`${payload}|${local.toLowerCase()}@${addressDomain}|${domain}`);
}

/** A local part with everything that a format could treat in its own way: letter case, markup, escapes, characters outside ASCII and the BMP. */
const PROBE_LOCAL_PART = 'Probe."&<\'>\\/%41$&+ßŻ\u05D0\u{1F600}';

/**
 * Prepares the answer to a query for all addresses of the record's domain; null where the answer may depend on the address in another way
 * than by holes, or where there is no answer.
 * @param query for an address of `resolved.domain`
 * @param client as for `answerQuery`
 * @param now Unix time in milliseconds
 */
export function prepareTemplate(
	query: Query,
	resolved: ResolvedRecord,
	client: LastEntryClient | null,
	now: number,
): ResponseTemplate | null {
	const { domain } = resolved;
	const markedAddress = addressOf(LOCAL_PART_MARKER, domain);
	markedAddresses.add(markedAddress);
	const marked = { ...query, address: markedAddress };
	if (mayLoginsBecomeEqual(marked, resolved, now)) return null;
	const answered = answerQuery(marked, resolved, client, now);
	if (!answered.ok) return null;
	const template = splitAtMarkers(answered.value, domain);
	// A record may hold a marker, and a protocol may do more with an address than to write it: the probe tells.
	const probe = addressOf(PROBE_LOCAL_PART, domain);
	return isFilledIn(template, probe, answerQuery({ ...query, address: probe }, resolved, client, now)) ? template : null;
}

function addressOf(local: string, domain: Domain): EmailAddress {
	return { local, domain, text: `${local}@${domain}` };
}

function splitAtMarkers({ body, ...head }: WireResponse, domain: Domain): ResponseTemplate {
	const markers: string[] = [];
	const holes: number[] = [];
	// With a group in the pattern, the texts around the markers and the markers take turns.
	const [first = '', ...parts] = body.split(MARKERS);
	const literals: [Uint8Array, ...Uint8Array[]] = [encodeUtf8(first)];
	for (const [at, part] of parts.entries()) {
		if (at % 2 === 1) literals.push(encodeUtf8(part));
		else holes.push(markers.includes(part) ? markers.indexOf(part) : markers.push(part) - 1);
	}
	return { head, literals, holes, values: markers.map(holeOf), domain, escapeText: escapeFor(head.type) };
}

function holeOf(marker: string): Hole {
	if (marker === LOCAL_PART_MARKER) return { kind: 'local-part' };
	if (marker === URL_MARKER) return { kind: 'url-local-part' };
	return { kind: 'account-uuid', payload: marker.slice(2, -1), letterCase: marker[1] === 'U' ? 'upper' : 'lower' };
}

/** How a text is written in a body of this Content-Type. */
function escapeFor(type: string): (text: string) => string {
	if (type.startsWith('text/xml') || type === 'application/x-apple-aspen-config') return escapeXml;
	if (type.startsWith('application/json')) return (text) => JSON.stringify(text).slice(1, -1);
	return (text) => text;
}

/** What is filled in stands here until the next one: memory of its own for each answer would cost more than filling it. */
let buffer = new Uint8Array(16 * 1024);

/**
 * The body for one address of the template's domain, in UTF-8; null for an address that is a step in a URL's path, which has to be rendered:
 * the record's URL with the user in it is left out for it.
 * @returns bytes that the next call writes over: a `Response` copies them at once (Fetch standard §6.2), whoever keeps them must do so, too
 */
export function fillTemplate(
	{ literals, holes, values, domain, escapeText }: ResponseTemplate,
	address: EmailAddress,
): Uint8Array<ArrayBuffer> | null {
	if (isPathStep(address) && values.some(({ kind }) => kind === 'url-local-part')) return null;
	const texts = values.map((hole) => fillHole(hole, address, domain, escapeText));
	const [first, ...rest] = literals;
	makeRoom(literals, holes, texts);
	buffer.set(first);
	let length = first.length;
	let hole = 0;
	for (const literal of rest) {
		length = writeText(texts[holes[hole] ?? 0] ?? '', length);
		buffer.set(literal, length);
		length += literal.length;
		hole += 1;
	}
	return buffer.subarray(0, length);
}

function makeRoom(literals: readonly Uint8Array[], holes: readonly number[], texts: readonly string[]): void {
	let needed = 0;
	for (const literal of literals) needed += literal.length;
	// UTF-8 takes three bytes at most for a UTF-16 unit.
	for (const hole of holes) needed += (texts[hole]?.length ?? 0) * 3;
	if (needed > buffer.length) buffer = new Uint8Array(needed * 2);
}

const encoder = new TextEncoder();

/** Writes a text into the buffer, and returns where it ends. */
function writeText(text: string, start: number): number {
	for (let at = 0; at < text.length; at += 1) {
		const unit = text.charCodeAt(at);
		if (unit > 0x7f) return start + at + encoder.encodeInto(text.slice(at), buffer.subarray(start + at)).written;
		buffer[start + at] = unit;
	}
	return start + text.length;
}

function fillHole(hole: Hole, address: EmailAddress, domain: Domain, escapeText: (text: string) => string): string {
	switch (hole.kind) {
		case 'local-part':
			return escapeText(address.local);
		case 'url-local-part':
			// What is percent-encoded has no character that a format escapes.
			return encodeUriComponent(address.local);
		case 'account-uuid': {
			const uuid = addressUuid(hole.payload, address, domain);
			return hole.letterCase === 'upper' ? uuid : uuid.toLowerCase();
		}
	}
}

function isFilledIn(template: ResponseTemplate, address: EmailAddress, rendered: Result<WireResponse, Problem>): boolean {
	const filled = fillTemplate(template, address);
	if (!rendered.ok || filled === null) return false;
	const { body, ...head } = rendered.value;
	const wanted = encodeUtf8(body);
	return (
		filled.length === wanted.length &&
		filled.every((byte, at) => byte === wanted[at]) &&
		JSON.stringify(sorted(head)) === JSON.stringify(sorted(template.head))
	);
}

function sorted(response: Omit<WireResponse, 'body'>): readonly (readonly [string, unknown])[] {
	return Object.entries(response).sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * Whether two logins of the record, or a login and the address, that differ for one address may be the same for another: protocols say
 * whether logins are the same, and a hole cannot.
 */
function mayLoginsBecomeEqual(marked: Query, resolved: ResolvedRecord, now: number): boolean {
	const config = resolveQueryConfig(marked, resolved, now);
	if (!config.ok) return false;
	const texts = [...new Set([marked.address?.text ?? '', ...config.value.offers.map(({ login }) => login)])];
	return texts.some((one, at) => texts.slice(at + 1).some((other) => mayBecomeEqual(one, other)));
}

/** Whether two different texts may be equal once a local part stands in the place of the marker. False is sure, true is not. */
function mayBecomeEqual(one: string, other: string): boolean {
	const [ownParts, otherParts] = [one.split(LOCAL_PART_MARKER), other.split(LOCAL_PART_MARKER)];
	const [own, others] = [ownParts.join(''), otherParts.join('')];
	const repeats = ownParts.length - otherParts.length;
	// With the local part as often in both, what stands around it must have the same characters.
	if (repeats === 0) return own.length === others.length && [...own].sort().join('') === [...others].sort().join('');
	// Otherwise the lengths say how long the local part would have to be.
	const length = (others.length - own.length) / repeats;
	return Number.isInteger(length) && length > 0;
}
