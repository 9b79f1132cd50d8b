/** The request bodies of the admin API. Each has one schema, which validates it and describes it in the reference. */
import * as v from 'valibot';
import { isBulkEditId } from '../model/bulk-edit-note.ts';
import { MAX_ADDRESS_LENGTH, MAX_URL_LENGTH } from '../model/names.ts';
import { ServiceRecord } from '../model/record.ts';
import { INVISIBLE_CHARACTERS } from '../model/record-fields.ts';
import { MAX_RECORD_NAME_LENGTH, parseRecordName, type RecordName } from '../model/record-name.ts';
import { isReservedName } from './acts.ts';
import { CONFIGURATION_FORMAT_NAMES } from './imports/configuration-formats.ts';
import {
	DEFAULT_TOKEN_DAYS,
	MAX_BULK_EDIT_RECORDS,
	MAX_NOTE_LENGTH,
	MAX_TAGS,
	MAX_TOKEN_DAYS,
	MAX_TOKEN_DOMAINS,
	MAX_TOKEN_LENGTH,
} from './limits.ts';
import { ROLES } from './roles.ts';
import { ACCESS_TAG_PREFIX, isAccessTag, TAG_PATTERN } from './tokens/access-tags.ts';
import { WEBHOOK_EVENTS } from './webhooks/webhook-events.ts';

const note = v.optional(
	v.pipe(
		v.string('must be text'),
		v.maxLength(MAX_NOTE_LENGTH, `must have at most ${MAX_NOTE_LENGTH} characters`),
		v.description('The reason, shown in the history.'),
	),
	'',
);

const tags = v.pipe(
	v.array(v.pipe(v.string('must be text'), v.regex(TAG_PATTERN, 'must be 1 to 32 of a-z 0-9 . _ : -')), 'must be a list'),
	v.maxLength(MAX_TAGS, `must have at most ${MAX_TAGS} entries`),
	v.readonly(),
	v.description(
		`Labels for lists and searches. Mail clients never see them. If left out, they stay as they are. One that begins with ${ACCESS_TAG_PREFIX} gives access to tokens for it: only the operator adds or removes it.`,
	),
);

/** A record's name, which may be a wildcard; stored in A-labels. */
const recordName = v.pipe(
	v.string('must be a domain name'),
	v.maxLength(MAX_RECORD_NAME_LENGTH, `must have at most ${MAX_RECORD_NAME_LENGTH} characters`),
	v.rawTransform(({ dataset, addIssue, NEVER }): RecordName => {
		const name = parseRecordName(dataset.value.trim());
		if (name !== null) return name;
		addIssue({ message: 'must be a domain name such as example.org, or *.example.org, or *' });
		return NEVER;
	}),
	v.description('A domain name, or a wildcard such as *.example.org, or * alone.'),
);

export const PutBody = v.strictObject({ record: ServiceRecord, note, tags: v.optional(tags) });

/** What to change: members that are left out stay as they are. */
export const PatchBody = v.strictObject({
	record: v.optional(
		v.pipe(
			v.record(v.string(), v.unknown(), 'must be an object'),
			v.description(
				'A JSON Merge Patch (RFC 7396) of the record: members are merged, null removes one, a list takes the place of a list. A port is `false` where the record has null: there is none.',
			),
		),
		{},
	),
	note,
	tags: v.optional(tags),
});

export const BulkEditBody = v.strictObject({
	domains: v.pipe(
		v.array(recordName, 'must be a list'),
		v.minLength(1, 'must name at least one record'),
		v.maxLength(MAX_BULK_EDIT_RECORDS, `must have at most ${MAX_BULK_EDIT_RECORDS} entries`),
		v.readonly(),
		v.description('The records to change.'),
	),
	record: v.pipe(
		v.record(v.string(), v.unknown(), 'must be an object'),
		v.description('A JSON Merge Patch (RFC 7396) that is applied to each record, as in `patchDomain`.'),
	),
	note,
	edit: v.optional(
		v.pipe(
			v.string('must be the id of a bulk edit'),
			v.check(isBulkEditId, 'must be the id of a bulk edit'),
			v.description('The `edit` of an earlier response: these records are then part of the same bulk edit.'),
		),
	),
});

export const NoteBody = v.strictObject({ note });

export const RestoreBody = v.strictObject({
	revision: v.pipe(
		v.number('must be a revision'),
		v.integer('must be a whole number'),
		v.minValue(1, 'must be at least 1'),
		v.description('The revision to go back to. Of a deletion, the record before it is restored.'),
	),
	note,
});

const address = v.pipe(
	v.string('must be an e-mail address'),
	v.maxLength(MAX_ADDRESS_LENGTH, `must have at most ${MAX_ADDRESS_LENGTH} characters`),
	v.description('The address that the answers are made for. Default: `sample@` and the domain.'),
);

export const PreviewBody = v.strictObject({ domain: recordName, record: ServiceRecord, address: v.optional(address) });

/** One line of an import or export. */
export const ImportLine = v.strictObject({
	domain: recordName,
	record: ServiceRecord,
	tags: v.optional(tags),
	note,
	revision: v.optional(
		v.pipe(
			v.number('must be a revision'),
			v.integer('must be a whole number'),
			v.description('With existing=match: the revision that the record must have now. Exports write it.'),
		),
	),
});

export const DomainBody = v.strictObject({ domain: recordName });

const accessTag = v.pipe(
	v.string('must be a tag'),
	v.regex(TAG_PATTERN, 'must be 1 to 32 of a-z 0-9 . _ : -'),
	v.check(isAccessTag, `must begin with ${ACCESS_TAG_PREFIX}, as in ${ACCESS_TAG_PREFIX}sales`),
	v.description(
		`In place of \`domains\`: it is for all records that carry this tag, now and later. The tag begins with ${ACCESS_TAG_PREFIX}, so that only the operator puts it on records.`,
	),
);

const tokenFields = v.strictObject({
	name: v.pipe(
		v.string('must be text'),
		v.trim(),
		v.minLength(1, 'must not be empty'),
		v.maxLength(60, 'must have at most 60 characters'),
		v.regex(/^[^\p{Cc}]*$/u, 'must not contain control characters'),
		v.check((text) => !INVISIBLE_CHARACTERS.test(text), 'must not contain invisible characters'),
		v.check((text) => !isReservedName(text), 'must not be the name of somebody else: operator, nobody, owner of …'),
		v.description('Who or what uses the token; shown in the history.'),
	),
	role: v.pipe(
		v.picklist(ROLES, `must be one of ${ROLES.join(', ')}`),
		v.description('Each role includes those before it: preview, read, write, admin. An admin may create tokens.'),
	),
	domains: v.optional(
		v.pipe(
			v.array(recordName, 'must be a list'),
			v.maxLength(MAX_TOKEN_DOMAINS, `must have at most ${MAX_TOKEN_DOMAINS} entries`),
			v.readonly(),
			v.description('The record names that it is for, exactly: *.example.org is that wildcard record, not every domain below example.org.'),
		),
		[],
	),
	tag: v.optional(accessTag),
	days: v.optional(
		v.pipe(
			v.number('must be a number of days'),
			v.integer('must be a whole number of days'),
			v.minValue(1, 'must be at least 1'),
			v.maxValue(MAX_TOKEN_DAYS, `must be at most ${MAX_TOKEN_DAYS}`),
			v.description('How many days it is valid; never longer than the token that creates it.'),
		),
		DEFAULT_TOKEN_DAYS,
	),
});

export const CreateTokenBody = v.pipe(
	tokenFields,
	v.forward(
		v.check(({ domains, tag }) => domains.length > 0 || tag !== undefined, 'must name at least one domain, or there must be a tag'),
		['domains'],
	),
	v.forward(
		v.check(({ domains, tag }) => domains.length === 0 || tag === undefined, 'cannot be combined with domains'),
		['tag'],
	),
);

export const CreateWebhookBody = v.strictObject({
	url: v.pipe(
		v.string('must be a URL'),
		v.maxLength(MAX_URL_LENGTH, `must have at most ${MAX_URL_LENGTH} characters`),
		v.description('Where the messages are sent: https, port 443, a host with a name in public DNS.'),
	),
	events: v.optional(
		v.pipe(
			v.array(v.picklist(WEBHOOK_EVENTS, `must be one of ${WEBHOOK_EVENTS.join(', ')}`), 'must be a list'),
			v.minLength(1, 'must name at least one event'),
			v.maxLength(WEBHOOK_EVENTS.length, 'must name each event once'),
			v.readonly(),
			v.description('What it is told of; all, where left out.'),
		),
		WEBHOOK_EVENTS,
	),
});

export const LogInBody = v.strictObject({ token: v.pipe(v.string('must be text'), v.maxLength(MAX_TOKEN_LENGTH, 'is too long')) });

export const ProofBody = v.strictObject({
	claim: v.pipe(
		v.string('must be text'),
		v.regex(/^[A-Za-z0-9_-]{43}$/, 'must be the claim as it was given'),
		v.description('The secret that the start of the claim answered with.'),
	),
});

/**
 * The seed file of automx2, version 2 (its contrib/seed-sample.json). Unknown members are allowed, because another project defines the
 * format.
 */
export const Automx2SeedBody = v.looseObject({
	version: v.literal(2, 'must be 2'),
	provider: v.pipe(v.string('must be text'), v.trim(), v.minLength(1, 'must not be empty')),
	domains: v.pipe(
		v.array(v.looseObject({ name: v.string('must be a domain name') }), 'must be a list'),
		v.minLength(1, 'must name at least one domain'),
		v.maxLength(MAX_TOKEN_DOMAINS, `must have at most ${MAX_TOKEN_DOMAINS} entries`),
	),
	servers: v.array(
		v.looseObject({
			type: v.string('must be text'),
			name: v.optional(v.string('must be text')),
			port: v.optional(v.number('must be a number')),
			prio: v.optional(v.number('must be a number')),
			url: v.optional(v.string('must be text')),
		}),
		'must be a list',
	),
	ldapservers: v.optional(v.array(v.unknown(), 'must be a list')),
});

/** Files of one program at most. */
const MAX_CONFIGURATION_FILES = 8;

export const ConfigurationBody = v.strictObject({
	format: v.pipe(
		v.picklist(CONFIGURATION_FORMAT_NAMES, `must be one of ${CONFIGURATION_FORMAT_NAMES.join(', ')}`),
		v.description('The program that the files belong to.'),
	),
	files: v.optional(
		v.pipe(
			v.array(v.string('must be the text of a file'), 'must be a list'),
			v.maxLength(MAX_CONFIGURATION_FILES, `must have at most ${MAX_CONFIGURATION_FILES} entries`),
			v.readonly(),
			v.description('The texts of the files, in any order. Without any, `autodiscover` asks the domain’s own service.'),
		),
		[],
	),
	domain: v.optional(v.pipe(recordName, v.description('The mail domain that comes first. Needed where the files name none.'))),
	address: v.optional(
		v.pipe(
			v.string('must be an e-mail address'),
			v.maxLength(MAX_ADDRESS_LENGTH, `must have at most ${MAX_ADDRESS_LENGTH} characters`),
			v.description('With `autodiscover`: the address to ask for; some services answer for a mailbox that exists only.'),
		),
	),
});
