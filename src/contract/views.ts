/**
 * The answers of the admin API as schemas: they type what the handlers return and describe it in the reference. Times are ISO 8601 in UTC.
 */
import * as v from 'valibot';
import { ServiceRecord } from '../model/record.ts';
import { PUBLISHED_NAMES_CHOICES } from '../model/service-labels.ts';
import { ACTOR_KINDS, AUDIT_ACTS, RECORD_ACTS } from './acts.ts';
import { PublishedZoneView } from './publication/publication-views.ts';
import { ROLES } from './roles.ts';

const time = v.pipe(v.string(), v.isoTimestamp());
const text = v.string();
const list = <T extends v.GenericSchema>(item: T) => v.pipe(v.array(item), v.readonly());
const next = v.pipe(
	v.nullable(v.string()),
	v.description('Send this in the next request to get the following page; null on the last page.'),
);

const actorKind = v.pipe(
	v.picklist(ACTOR_KINDS),
	v.description(
		'What kind of caller it was: the operator, a person who logged in through Access, a token (whose id is `token`), or the owner of a domain who proved it by DNS.',
	),
);

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
		removeLater: v.pipe(
			list(ZoneLine),
			v.description('Digests of superseded PACC documents, which stay in the zone until the overlap ends.'),
		),
	}),
});

export const RevisionView = v.object({
	revision: v.number(),
	at: time,
	author: text,
	kind: v.optional(actorKind),
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
		v.description('Whether the copy in KV, from which clients are answered, is this revision.'),
	),
	record: v.nullable(ServiceRecord),
	latest: v.pipe(v.nullable(RevisionView), v.description('Who saved the latest revision, when, with which token, and why.')),
	outside: v.pipe(
		v.nullable(v.object({ text: v.nullable(text) })),
		v.description(
			'The value in KV, where somebody changed it by hand; null where nobody did. Clients get that value until it is adopted or overwritten.',
		),
	),
	warnings: v.pipe(list(Warning), v.description('What is allowed, but does not work for some clients.')),
	dns: v.pipe(list(ZoneLine), v.description('The DNS records that should be in the zone now.')),
});

export const WriteView = v.object({
	...DomainView.entries,
	changed: v.pipe(v.boolean(), v.description('False where the record was the same already; then no revision is added.')),
	changes: v.pipe(
		ChangeImpact,
		v.description(
			'What changes for clients, by protocol, with a diff of each answer; and which DNS records to add, to remove, and to remove later.',
		),
	),
});

export const DomainsView = v.object({
	domains: list(
		v.object({
			domain: text,
			revision: v.number(),
			state: v.picklist(['live', 'deleted', 'outside']),
			tags: list(text),
			at: time,
			digest: v.optional(
				v.pipe(
					v.nullable(text),
					v.description(
						'Without `q`, `sort` and `count`: SHA-256 (hexadecimal) of the record as it is stored, which is JSON without white space. Null where there is no record, and where the digest is not known.',
					),
				),
			),
			warnings: v.optional(
				v.pipe(
					v.nullable(v.number()),
					v.description('With `q`, `sort` or `count`: how many warnings the record has; null where that is not known.'),
				),
			),
			fallbackEnds: v.optional(
				v.pipe(v.nullable(text), v.description('With `q`, `sort` or `count`: the day (UTC) on which a STARTTLS fallback ends.')),
			),
		}),
	),
	next,
	total: v.optional(v.pipe(v.number(), v.description('With `count`: how many there are on all pages.'))),
});

export const AliasesView = v.object({
	domain: text,
	aliases: v.pipe(list(text), v.description('The records that you may read and that are aliases of this domain.')),
	hidden: v.pipe(v.number(), v.description('How many others there are, which you may not read.')),
	unknown: v.pipe(
		v.number(),
		v.description(
			'Records of which the directory does not know whether they are aliases, because an earlier release saved them: rebuild it.',
		),
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

export const ImportedRecordsView = v.object({
	records: v.pipe(
		list(v.object({ domain: text, record: ServiceRecord, warnings: list(Warning) })),
		v.description('The proposed records. Nothing has been stored.'),
	),
	lost: v.pipe(list(text), v.description('What the source tells clients and the proposed records would not.')),
});

export const AuditView = v.object({
	lines: list(
		v.object({
			id: v.number(),
			at: time,
			who: text,
			kind: v.optional(actorKind),
			token: v.nullable(text),
			act: v.picklist(AUDIT_ACTS),
			domain: v.nullable(text),
			detail: text,
			revision: v.optional(v.pipe(v.nullable(v.number()), v.description('The revision that the act made.'))),
			bulkEdit: v.optional(v.pipe(v.nullable(text), v.description('The bulk edit that the act belongs to.'))),
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
		v.description('In order of time. There is no row for a count of zero.'),
	),
	source: v.picklist(['analytics-engine', 'counter']),
});

export const SessionView = v.object({
	who: text,
	token: v.nullable(text),
	role: v.picklist(ROLES),
	domains: v.union([v.literal('all'), list(text)]),
	tag: v.pipe(
		v.optional(v.nullable(text)),
		v.description(
			'What is allowed is allowed for records with this tag alone: for all of them where `domains` is empty, otherwise for those of the `domains` that carry it. Null where no tag is needed.',
		),
	),
	expiresAt: v.nullable(time),
});

export const DnsView = v.object({
	domain: text,
	site: v.pipe(v.nullable(text), v.description('The host name that DNS records should point to; null where SERVICE_HOST is not set.')),
	records: list(
		v.object({
			...ZoneLine.entries,
			state: v.pipe(
				v.picklist(['present', 'missing', 'different', 'addresses', 'unknown']),
				v.description(
					'`addresses`: there are addresses in place of the CNAME, and it is not known whether the service answers there. `unknown`: DNS did not answer, or SERVICE_HOST is not set.',
				),
			),
			found: v.pipe(list(text), v.description('What was found in DNS instead.')),
		}),
	),
	leftover: v.pipe(
		list(v.object({ name: text, type: text, ttl: v.number(), data: text })),
		v.description('Records that a kept revision asked for and the current one does not: remove them.'),
	),
	theirs: v.pipe(
		list(v.object({ name: text, type: text, ttl: v.number(), data: text })),
		v.description(
			'Records at names that this service could own, which no kept revision asked for. They belong to another service, as far as can be told, and are never removed.',
		),
	),
	unlooked: v.pipe(list(v.object({ place: text, reason: text })), v.description('What could not be looked up, by name and type, and why.')),
	publishing: v.optional(
		v.pipe(
			v.nullable(PublishedZoneView),
			v.description('The zone that the service may change, and where it is; null where the records have to be published by hand.'),
		),
	),
});

export const DnsRecordsView = v.object({
	domain: text,
	site: v.pipe(v.nullable(text), v.description('The host name that DNS records point to; null where SERVICE_HOST is not set.')),
	names: v.pipe(v.picklist(PUBLISHED_NAMES_CHOICES), v.description('Which names lead to the service, for records that do not say.')),
	records: v.pipe(
		list(ZoneLine),
		v.description('The DNS records that should be in the zone now, including digests of superseded PACC documents.'),
	),
	given: v.pipe(
		list(v.object({ name: text, type: text, data: text })),
		v.description('What the kept revisions asked for. If DNS has one of these and it is not in `records`, it is this service’s to remove.'),
	),
});

export const RebuildView = v.object({ seen: v.number(), next });

export const RepublishView = v.object({
	written: v.pipe(v.number(), v.description('Copies that were written to KV again.')),
	outside: v.pipe(v.number(), v.description('Copies that were changed by hand and left as they are.')),
	nothing: v.pipe(v.number(), v.description('Names for which nothing was ever saved.')),
	next,
});

export const ProblemView = v.looseObject({
	type: text,
	title: text,
	status: v.number(),
	code: text,
	errors: v.optional(list(v.object({ path: text, reason: text }))),
});

/** A document of any content. */
export const Document = v.unknown();

export type DnsRecordsView = v.InferOutput<typeof DnsRecordsView>;
export type DnsView = v.InferOutput<typeof DnsView>;
export type DomainView = v.InferOutput<typeof DomainView>;
export type WriteView = v.InferOutput<typeof WriteView>;
export type RevisionView = v.InferOutput<typeof RevisionView>;
export type PreviewView = v.InferOutput<typeof PreviewView>;
export type ImportedRecordsView = v.InferOutput<typeof ImportedRecordsView>;
