/**
 * The answers of the admin API as schemas: they type what the handlers return and describe it in the reference. Times are ISO 8601 in UTC.
 */
import * as v from 'valibot';
import { ServiceRecord } from '../model/record.ts';
import { PUBLISHED_NAMES_CHOICES } from '../model/service-labels.ts';
import { RECORD_ACTS, TOKEN_ACTS } from './acts.ts';
import { ROLES } from './roles.ts';

const time = v.pipe(v.string(), v.isoTimestamp());
const text = v.string();
const list = <T extends v.GenericSchema>(item: T) => v.pipe(v.array(item), v.readonly());
const next = v.pipe(v.nullable(v.string()), v.description('Ask again with this to go on; null at the end.'));

const Warning = v.object({ code: text, path: text, text });

const ZoneLine = v.object({ protocol: text, name: text, ttl: v.number(), type: text, data: text });

const ChangeImpact = v.object({
	clients: list(
		v.object({
			protocol: text,
			title: text,
			changed: v.boolean(),
			endpoints: list(
				v.object({ endpoint: text, changed: v.boolean(), diff: v.pipe(text, v.description('Unified diff; empty where nothing changed.')) }),
			),
		}),
	),
	dns: v.object({
		add: list(ZoneLine),
		remove: list(ZoneLine),
		removeLater: v.pipe(list(ZoneLine), v.description("PACC's old digests: still in the zone until the overlap is over.")),
	}),
});

export const RevisionView = v.object({
	revision: v.number(),
	at: time,
	author: text,
	token: v.nullable(text),
	act: v.picklist(RECORD_ACTS),
	note: text,
	tags: list(text),
});

export const DomainView = v.object({
	domain: text,
	revision: v.pipe(v.number(), v.description('0 as long as nobody has saved anything; also the ETag.')),
	state: v.picklist(['live', 'deleted', 'absent']),
	copy: v.pipe(
		v.picklist(['current', 'propagating', 'edited-outside']),
		v.description('Whether the copy that clients are answered from is this revision.'),
	),
	record: v.nullable(ServiceRecord),
	latest: v.pipe(v.nullable(RevisionView), v.description('Who saved it, when, with which token, why.')),
	outside: v.pipe(
		v.nullable(v.object({ text: v.nullable(text) })),
		v.description('What stands in KV instead, where somebody put it there by hand: clients get that until it is adopted or overwritten.'),
	),
	warnings: v.pipe(list(Warning), v.description('What is allowed and will disappoint somebody.')),
	dns: v.pipe(list(ZoneLine), v.description('What should stand in the zone now.')),
});

export const WriteView = v.object({
	...DomainView.entries,
	changed: v.pipe(v.boolean(), v.description('False where the same record was there: then there is no new revision.')),
	changes: v.pipe(
		ChangeImpact,
		v.description(
			'For clients, protocol by protocol, with the difference of each answer; in DNS, what to add, to remove, and to remove later.',
		),
	),
});

export const DomainsView = v.object({
	domains: list(
		v.object({ domain: text, revision: v.number(), state: v.picklist(['live', 'deleted', 'outside']), tags: list(text), at: time }),
	),
	next,
});

export const HistoryView = v.object({ revisions: list(RevisionView), next });

export const RevisionRecordView = v.object({
	...RevisionView.entries,
	record: v.nullable(ServiceRecord),
	diff: v.optional(v.object({ against: v.number(), record: text, changes: ChangeImpact })),
});

export const PreviewView = v.object({
	domain: text,
	warnings: list(Warning),
	formats: list(
		v.object({
			protocol: text,
			title: text,
			endpoint: text,
			asked: text,
			refused: v.nullable(text),
			status: v.number(),
			type: text,
			location: v.optional(text),
			body: text,
		}),
	),
	dns: list(ZoneLine),
	zone: text,
	changes: ChangeImpact,
});

export const SourceView = v.object({
	records: v.pipe(
		list(v.object({ domain: text, record: ServiceRecord, warnings: list(Warning) })),
		v.description('What it would write: nothing has been stored.'),
	),
	lost: v.pipe(list(text), v.description('What the source says and a record cannot hold.')),
});

const TokenView = v.object({
	id: text,
	name: text,
	role: v.picklist(ROLES),
	domains: list(text),
	createdAt: time,
	createdBy: text,
	expiresAt: time,
	revokedAt: v.nullable(time),
});

export const MintedView = v.object({ ...TokenView.entries, secret: v.pipe(text, v.description('Shown once, here, and never again.')) });

export const TokensView = v.object({ tokens: list(TokenView), next });

export const AuditView = v.object({
	lines: list(
		v.object({
			id: v.number(),
			at: time,
			who: text,
			token: v.nullable(text),
			act: v.picklist([...RECORD_ACTS, ...TOKEN_ACTS]),
			domain: v.nullable(text),
			detail: text,
		}),
	),
	next,
});

export const UsageView = v.object({
	from: time,
	to: v.pipe(time, v.description('Not included.')),
	step: v.picklist(['hour', 'day']),
	rows: v.pipe(
		list(v.object({ at: time, protocol: text, client: text, outcome: text, count: v.number() })),
		v.description('In the order of time. What was not asked for has no row.'),
	),
	source: v.picklist(['analytics-engine', 'counter']),
});

export const SessionView = v.object({
	who: text,
	token: v.nullable(text),
	role: v.picklist(ROLES),
	domains: v.union([v.literal('all'), list(text)]),
	expiresAt: v.nullable(time),
});

export const ClaimView = v.object({
	domain: text,
	claim: v.pipe(text, v.description('Keep it: it is needed for the proof.')),
	record: v.object({ name: text, type: v.literal('TXT'), data: text }),
});

export const DnsView = v.object({
	domain: text,
	site: v.pipe(v.nullable(text), v.description('The name that records should point to; null where SERVICE_HOST is not set.')),
	records: list(
		v.object({
			...ZoneLine.entries,
			state: v.pipe(
				v.picklist(['present', 'missing', 'different', 'addresses', 'unknown']),
				v.description(
					'`addresses`: addresses in a CNAME’s place, of which it could not be told whether the service answers there. `unknown`: no answer, or SERVICE_HOST is not set.',
				),
			),
			found: v.pipe(list(text), v.description('What stands there instead.')),
		}),
	),
	leftover: v.pipe(
		list(v.object({ name: text, type: text, ttl: v.number(), data: text })),
		v.description('Given by this record or by a revision of it that is kept, and no more: to be taken out.'),
	),
	theirs: v.pipe(
		list(v.object({ name: text, type: text, ttl: v.number(), data: text })),
		v.description(
			'At names that this service can own, and not given by any revision that is kept: another service’s, as far as anybody can tell.',
		),
	),
	unlooked: v.pipe(list(v.object({ name: text, type: text, reason: text })), v.description('What could not be looked at, and why.')),
});

export const DnsRecordsView = v.object({
	domain: text,
	site: v.pipe(v.nullable(text), v.description('The name that records point to; null where SERVICE_HOST is not set.')),
	names: v.pipe(v.picklist(PUBLISHED_NAMES_CHOICES), v.description('Which names lead to the service where a record does not say.')),
	records: v.pipe(list(ZoneLine), v.description('What should stand in the zone now, the digests of PACC’s overlap among it.')),
	given: v.pipe(
		list(v.object({ name: text, type: text, data: text })),
		v.description('What the revisions that are kept asked for: where DNS has it and it is not in `records`, it is yours to take out.'),
	),
});

export const RebuildView = v.object({ seen: v.number(), next });

export const RepublishView = v.object({
	written: v.pipe(v.number(), v.description('Copies that are in KV again.')),
	outside: v.pipe(v.number(), v.description('Left as they are: put there by hand.')),
	nothing: v.pipe(v.number(), v.description('Names of which nothing was ever saved.')),
	next,
});

export const ProblemView = v.looseObject({
	type: text,
	title: text,
	status: v.number(),
	code: text,
	errors: v.optional(list(v.object({ path: text, reason: text }))),
});

/** A line of an import's answer: the result for one record, or, on the last line, where to continue. */
export const ImportResultLine = v.union([
	v.object({
		line: v.pipe(v.number(), v.description('The line that was sent, from 1.')),
		domain: v.optional(text),
		result: v.pipe(
			v.picklist(['created', 'changed', 'unchanged', 'refused', 'ignored']),
			v.description('`ignored`: a line that is no record, such as the last one of an export.'),
		),
		revision: v.optional(v.number()),
		problem: v.optional(ProblemView),
	}),
	v.object({
		next: v.pipe(v.nullable(v.number()), v.description('Send the rest from this line on; null when all have been taken.')),
		dry: v.boolean(),
		created: v.number(),
		changed: v.number(),
		unchanged: v.number(),
		refused: v.number(),
		ignored: v.number(),
	}),
]);

/** A line of a restore's answer: what became of the lines of one record or token, or, as the last line, how many lines were taken. */
export const RestoreResultLine = v.union([
	v.object({
		line: v.pipe(v.number(), v.description('The first of its lines, from 1.')),
		lines: v.number(),
		kind: text,
		name: v.pipe(v.nullable(text), v.description('The record, the token’s id, or whose key it is.')),
		result: v.picklist(['created', 'changed', 'unchanged', 'refused', 'ignored']),
		problem: v.optional(ProblemView),
	}),
	v.object({ taken: v.number(), dry: v.boolean() }),
]);

/** A line of an export: one record, in the form that an import takes, or, on the last line, where to continue. */
export const ExportLine = v.union([
	v.object({ domain: text, revision: v.number(), tags: list(text), record: v.unknown() }),
	v.object({ next }),
]);

/** A document of any content. */
export const Document = v.unknown();

export type DnsRecordsView = v.InferOutput<typeof DnsRecordsView>;
export type DnsView = v.InferOutput<typeof DnsView>;
export type DomainView = v.InferOutput<typeof DomainView>;
export type WriteView = v.InferOutput<typeof WriteView>;
export type RevisionView = v.InferOutput<typeof RevisionView>;
export type PreviewView = v.InferOutput<typeof PreviewView>;
export type SourceView = v.InferOutput<typeof SourceView>;
export type TokenView = v.InferOutput<typeof TokenView>;
