/** The lines of a backup, as the admin API gives them away and takes them back; `docs/operate.md` describes the file that holds them. */
import * as v from 'valibot';
import { MAX_RECORD_NAME_LENGTH, parseRecordName, type RecordName } from '../model/record-name.ts';
import { AUDIT_ACTS, RECORD_ACTS } from './acts.ts';
import { ROLES } from './roles.ts';

/** Where a backup begins: what stands first is restored first. The audit trail comes before the records that would be told to it again. */
export const BACKUP_PARTS = ['audit', 'tokens', 'records', 'signing-keys'] as const;
export type BackupPart = (typeof BACKUP_PARTS)[number];

const text = v.pipe(v.string('must be text'), v.maxLength(65_536, 'is too long'));
const count = v.pipe(v.number('must be a number'), v.integer('must be a whole number'), v.minValue(0, 'must not be negative'));
const time = v.pipe(count, v.description('Unix time in milliseconds.'));
const texts = v.pipe(v.array(text, 'must be a list'), v.readonly());

const recordName = v.pipe(
	v.string('must be a domain name'),
	v.maxLength(MAX_RECORD_NAME_LENGTH, 'is too long'),
	v.check((name) => parseRecordName(name) === name, 'must be the name of a record'),
	v.transform((name) => name as RecordName),
);

export const RevisionLine = v.strictObject({
	kind: v.literal('revision'),
	domain: recordName,
	revision: v.pipe(count, v.minValue(1, 'must be at least 1')),
	latest: v.pipe(v.boolean('must be true or false'), v.description('Whether it is the last line of its record.')),
	at: time,
	author: text,
	token: v.nullable(text),
	act: v.picklist(RECORD_ACTS, 'must be an act'),
	note: text,
	tags: texts,
	record: v.pipe(v.nullable(text), v.description('The record as JSON text, byte for byte as it is kept; null where it was deleted.')),
});

export const AuditLine = v.strictObject({
	kind: v.literal('audit'),
	at: time,
	who: text,
	token: v.nullable(text),
	act: v.picklist(AUDIT_ACTS, 'must be an act'),
	domain: v.nullable(text),
	detail: text,
	source: text,
	seq: count,
});

export const TokenLine = v.strictObject({
	kind: v.literal('token'),
	id: v.pipe(text, v.minLength(1, 'must not be empty')),
	hash: v.pipe(v.string('must be text'), v.regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hexadecimal')),
	name: text,
	role: v.picklist(ROLES, 'must be a role'),
	domains: texts,
	createdAt: time,
	createdBy: text,
	parent: v.nullable(text),
	expiresAt: time,
	revokedAt: v.nullable(time),
	usedAt: v.optional(v.nullable(time), null),
	tag: v.optional(v.nullable(text), null),
	claim: v.pipe(
		v.optional(v.nullable(count)),
		v.description('The generation of the claim that it was created for; null: for none. Backups of the first release do not have it.'),
	),
});

/** Who holds a domain by a claim. */
export const ClaimLine = v.strictObject({
	kind: v.literal('claim'),
	domain: recordName,
	generation: v.pipe(count, v.minValue(1, 'must be at least 1')),
	state: v.picklist(['held', 'released'], 'must be a state'),
	since: time,
	provedAt: time,
	proof: text,
	revision: count,
});

/** A browser session that was logged out before its time, by the id in its cookie, which is no secret. */
export const EndedSessionLine = v.strictObject({
	kind: v.literal('ended-session'),
	session: v.pipe(text, v.minLength(1, 'must not be empty')),
	until: time,
});

export const SigningLine = v.strictObject({ kind: v.literal('signing-key'), owner: text, key: text, chain: text });

/** A value that was put into KV by hand and never saved: named, so that nobody believes that it is in the backup. */
export const OutsideLine = v.strictObject({ kind: v.literal('outside'), domain: text });

/** What can be restored. */
export const BackupLine = v.variant('kind', [RevisionLine, AuditLine, TokenLine, ClaimLine, EndedSessionLine, SigningLine, OutsideLine]);

/** What is answered: those lines, and a last one that says where to go on. */
export const BackupAnswerLine = v.union([
	RevisionLine,
	AuditLine,
	TokenLine,
	ClaimLine,
	EndedSessionLine,
	SigningLine,
	OutsideLine,
	v.object({
		next: v.pipe(v.nullable(v.string()), v.description('Send this in the next request to get the rest; null at the end of the part.')),
	}),
]);

export type RevisionLine = v.InferOutput<typeof RevisionLine>;
export type BackupLine = v.InferOutput<typeof BackupLine>;
