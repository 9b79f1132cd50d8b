/** The bodies and answers of the admin API about the publication of DNS records in a zone that the service may change. Times are ISO 8601 in UTC. */
import * as v from 'valibot';
import { ZONE_PROVIDERS } from './zone-providers.ts';

const text = v.string();
const list = <T extends v.GenericSchema>(item: T) => v.pipe(v.array(item), v.readonly());

const recordData = v.object({ ttl: v.number(), data: v.pipe(text, v.description('In presentation form, as in a zone file.')) });

const ChangeView = v.object({
	name: text,
	type: text,
	remove: list(recordData),
	removeIfPresent: v.pipe(
		list(recordData),
		v.description('What a wildcard answers now: removed only where the name itself has the same, beside which the new cannot stand.'),
	),
	add: list(recordData),
});

const RemarkView = v.object({ place: text, reason: text });

export const PublishedZoneView = v.object({ zone: text, provider: v.picklist(ZONE_PROVIDERS) });

export const PublicationView = v.object({
	domain: text,
	...PublishedZoneView.entries,
	plan: v.pipe(text, v.description('A digest of the changes. Publishing sends it back, so that nothing else is done than what was shown.')),
	steps: v.pipe(
		list(
			v.object({
				condition: v.pipe(
					v.picklist(['nothing', 'policy-served', 'caches-expired']),
					v.description(
						'What must be so first. `policy-served`: the service answers with the MTA-STS policy. `caches-expired`: resolvers have forgotten what stood there before the last change.',
					),
				),
				changes: list(ChangeView),
			}),
		),
		v.description('The changes, in the order in which they are made. Those of one step are made together, all or none.'),
	),
	theirs: v.pipe(
		list(v.object({ name: text, type: text, ttl: v.number(), data: text })),
		v.description('Records that belong to another service, as far as can be told. They are left alone.'),
	),
	blocked: v.pipe(list(RemarkView), v.description('Changes that cannot be made in this zone, and why.')),
	unlooked: v.pipe(list(RemarkView), v.description('What could not be looked up, by name and type, and why.')),
});

export const PublishedView = v.object({
	domain: text,
	...PublishedZoneView.entries,
	done: v.pipe(
		list(ChangeView),
		v.description('The changes that were made. What was removed has to be put back by hand if it is wanted again.'),
	),
	held: v.pipe(
		list(
			v.object({
				changes: list(ChangeView),
				reason: text,
				from: v.pipe(
					v.nullable(v.pipe(text, v.isoTimestamp())),
					v.description('From when on they can be made; null where they wait for something else than time.'),
				),
			}),
		),
		v.description('Changes that wait: publish again later.'),
	),
	failure: v.pipe(
		v.nullable(
			v.object({
				message: text,
				hint: v.nullable(text),
				unknown: v.pipe(v.boolean(), v.description('The answer was lost: the last change may have been made or not. Look again.')),
			}),
		),
		v.description('Why a step failed, after which no other was tried. The zone works all the same.'),
	),
});

const SHA256_HEX_DIGITS = 64;

export const PublishBody = v.strictObject({
	plan: v.pipe(
		v.string('must be text'),
		v.length(SHA256_HEX_DIGITS, `must have ${SHA256_HEX_DIGITS} characters`),
		v.description('`plan` of the answer that showed the changes.'),
	),
});

export type ChangeView = v.InferOutput<typeof ChangeView>;
export type PublicationView = v.InferOutput<typeof PublicationView>;
export type PublishedView = v.InferOutput<typeof PublishedView>;
