/** The answers of the admin API about tokens. */
import * as v from 'valibot';
import { ROLES } from '../roles.ts';

const time = v.pipe(v.string(), v.isoTimestamp());
const text = v.string();
const list = <T extends v.GenericSchema>(item: T) => v.pipe(v.array(item), v.readonly());

const TokenView = v.object({
	id: text,
	name: text,
	role: v.picklist(ROLES),
	domains: list(text),
	tag: v.pipe(
		v.optional(v.nullable(text)),
		v.description('It is for all records that carry this tag, now and later; null where it is for the `domains`.'),
	),
	createdAt: time,
	createdBy: text,
	expiresAt: time,
	revokedAt: v.nullable(time),
	usedAt: v.pipe(
		v.optional(v.nullable(time)),
		v.description('When somebody last came with its secret, to the hour; a browser session counts as its log-in. Null where nobody has.'),
	),
});

export const CreatedTokenView = v.object({
	...TokenView.entries,
	secret: v.pipe(text, v.description('The token itself. It is shown only in this answer; the service keeps a hash.')),
});

export const TokensView = v.object({
	tokens: list(TokenView),
	next: v.pipe(v.nullable(text), v.description('Send this in the next request to get the following page; null on the last page.')),
});

export type TokenView = v.InferOutput<typeof TokenView>;
