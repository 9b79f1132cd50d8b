/** The answers of the operations on claims. */
import * as v from 'valibot';

const text = v.string();
const time = v.pipe(text, v.isoTimestamp());
const TxtRecord = v.object({ name: text, type: v.literal('TXT'), data: text });

/** A claim that was opened. */
export const ClaimView = v.object({
	domain: text,
	claim: v.pipe(text, v.description('The secret of this claim. Keep it: the proof needs it, within seven days.')),
	record: v.pipe(TxtRecord, v.description('Publish it, and leave it in DNS: it is looked for again before changes.')),
});

/** Whether somebody holds a domain, without saying who that is. */
export const DomainClaimView = v.object({
	domain: text,
	state: v.pipe(
		v.picklist(['unclaimed', 'held', 'released']),
		v.description('`unclaimed`: nobody has claimed it, or its token was handed out by a release that kept no claims.'),
	),
	since: v.nullable(time),
	provedAt: v.pipe(v.nullable(time), v.description('When the TXT record was last seen in DNS.')),
	record: v.pipe(v.nullable(TxtRecord), v.description('The TXT record that has to stay in DNS: without it nothing can be changed.')),
});

export type DomainClaimView = v.InferOutput<typeof DomainClaimView>;
