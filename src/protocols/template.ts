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
	/** The texts around the holes: one more than there are holes. */
	readonly literals: readonly string[];
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
	return isSameResponse(answerQuery({ ...query, address: probe }, resolved, client, now), fillTemplate(template, probe)) ? template : null;
}

function addressOf(local: string, domain: Domain): EmailAddress {
	return { local, domain, text: `${local}@${domain}` };
}

function splitAtMarkers({ body, ...head }: WireResponse, domain: Domain): ResponseTemplate {
	const literals: string[] = [];
	const markers: string[] = [];
	const holes: number[] = [];
	// With a group in the pattern, the texts around the markers and the markers take turns.
	for (const [at, part] of body.split(MARKERS).entries()) {
		if (at % 2 === 0) literals.push(part);
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

/**
 * The answer for one address of the template's domain; null for one that is a step in a URL's path, which has to be rendered: the record's
 * URL with the user in it is left out for it.
 */
export function fillTemplate(
	{ head, literals, holes, values, domain, escapeText }: ResponseTemplate,
	address: EmailAddress,
): WireResponse | null {
	if (isPathStep(address) && values.some(({ kind }) => kind === 'url-local-part')) return null;
	const texts = values.map((hole) => fillHole(hole, address, domain, escapeText));
	let body = literals[0] ?? '';
	for (const [at, value] of holes.entries()) body += (texts[value] ?? '') + (literals[at + 1] ?? '');
	return { ...head, body };
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

function isSameResponse(rendered: Result<WireResponse, Problem>, filled: WireResponse | null): boolean {
	return rendered.ok && filled !== null && JSON.stringify(sorted(rendered.value)) === JSON.stringify(sorted(filled));
}

function sorted(response: WireResponse): readonly (readonly [string, unknown])[] {
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
