/** The format of Amazon Route 53: a change batch. */
import type { RrsetChange } from '../zone-comparison.ts';
import { allRecords, type Rrset, removalNotes, replacementRrset, toRrsets, type ZoneFormat } from './zone-format.ts';

interface Route53Change {
	readonly Action: 'UPSERT' | 'DELETE';
	readonly ResourceRecordSet: {
		readonly Name: string;
		readonly Type: string;
		readonly TTL: number;
		readonly ResourceRecords: readonly { readonly Value: string }[];
	};
}

function route53Change(Action: Route53Change['Action'], { name, type, ttl, values }: Rrset): Route53Change {
	return { Action, ResourceRecordSet: { Name: `${name}.`, Type: type, TTL: ttl, ResourceRecords: values.map((Value) => ({ Value })) } };
}

function renderChangeBatch(domain: string, changes: readonly Route53Change[]): string {
	return `${JSON.stringify({ Comment: `Mail discovery for ${domain}`, Changes: changes }, null, 2)}\n`;
}

/**
 * Whether a removal is certain to find its record. A DELETE of a missing record fails the whole batch, so an uncertain one becomes a note.
 */
function isSure({ remove, add }: RrsetChange): boolean {
	return remove.length + add.length > 0;
}

export const route53: ZoneFormat = {
	commentPrefix: null,
	isOneDocument: true,
	title: 'Amazon Route 53, a change batch',
	instructions: 'aws route53 change-resource-record-sets --hosted-zone-id ID --change-batch file://FILE',
	renderZone: ({ domain }, expected) =>
		renderChangeBatch(
			domain,
			toRrsets(allRecords(expected)).map((set) => route53Change('UPSERT', set)),
		),
	renderChange({ domain }, changes) {
		const [sure, doubtful] = [changes.filter(isSure), changes.filter((change) => !isSure(change))];
		const gone = sure.filter(({ keep, add }) => keep.length + add.length === 0);
		const deletions = gone.map(({ name, type, remove }) =>
			route53Change('DELETE', { name, type, ttl: Math.max(0, ...remove.map(({ ttl }) => ttl)), values: remove.map(({ data }) => data) }),
		);
		// A batch is one transaction, in order: an address goes before the CNAME that takes its place.
		const upserts = sure.filter((one) => !gone.includes(one)).map((one) => route53Change('UPSERT', replacementRrset(one)));
		// A deletion must repeat the TTL in the zone, but a resolver only returns what is left of it.
		const notes = [
			...removalNotes(doubtful),
			...(deletions.length === 0
				? []
				: ['DELETE must carry the TTL that stands in the zone: correct it if Route 53 says it does not match']),
		];
		return { text: sure.length === 0 ? '' : renderChangeBatch(domain, [...deletions, ...upserts]), notes };
	},
};
