/**
 * A zone at Cloudflare, by its API: GET /zones, GET /zones/ID/dns_records, POST /zones/ID/dns_records/batch. A batch is one transaction there,
 * and makes deletions first (developers.cloudflare.com/dns/manage-dns-records/how-to/batch-record-changes, read 2026-11).
 */
import * as v from 'valibot';
import type { ProviderTransport } from '../../lib/http/provider-request.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { cloudflareRecord } from '../formats/cloudflare.ts';
import type { RrsetChange } from '../zone-comparison.ts';
import { type EditableRrset, planRrset, toKeptZone } from './rrset-edit.ts';
import { lostAnswer, type ZoneEditFailure, type ZoneEditor, zoneCandidates } from './zone-editor.ts';

export interface CloudflareAccess {
	/** `https://api.cloudflare.com/client/v4`. */
	readonly url: string;
	/** A token with Zone Read and DNS Edit for this zone. */
	readonly token: string;
}

const Failed = v.object({ errors: v.array(v.object({ code: v.number(), message: v.string() })) });
const Zones = v.object({ result: v.array(v.object({ id: v.string(), name: v.string() })) });
const Records = v.object({
	result: v.array(
		v.object({
			id: v.string(),
			name: v.string(),
			type: v.string(),
			ttl: v.number(),
			content: v.optional(v.string(), ''),
			proxied: v.optional(v.boolean(), false),
			priority: v.optional(v.number()),
			data: v.optional(v.record(v.string(), v.unknown())),
		}),
	),
	result_info: v.optional(v.object({ total_pages: v.optional(v.number(), 1) })),
});

type ListedRecord = v.InferOutput<typeof Records>['result'][number];

const RECORDS_PER_PAGE = 1000;

/** "Automatic": 300 seconds. */
const AUTOMATIC_TTL = 1;
const AUTOMATIC_TTL_SECONDS = 300;

/** What Cloudflare's SOA records say for names that are not there; the API does not tell. */
const NEGATIVE_TTL = 1800;

/** Finds the zone that holds the domain; the token must be allowed to see it. */
export async function openCloudflareZone(
	{ url, token }: CloudflareAccess,
	domain: string,
	send: ProviderTransport,
): Promise<Result<ZoneEditor, ZoneEditFailure>> {
	const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };

	async function call<T>(
		method: 'GET' | 'POST',
		path: string,
		body: unknown,
		schema: v.GenericSchema<unknown, T>,
	): Promise<Result<T, ZoneEditFailure>> {
		const response = await send({ method, url: `${url}${path}`, headers, body: body === null ? null : JSON.stringify(body) });
		if (!response.ok) return err(lostAnswer('Cloudflare', response.error, method === 'POST'));
		const { status, text } = response.value;
		if (status >= 300) return err(refusal(status, text));
		const parsed = v.safeParse(schema, parseJson(text));
		return parsed.success ? ok(parsed.output) : err({ message: 'Cloudflare answers in an unknown form', isUnknown: method === 'POST' });
	}

	async function readRrsets(zoneId: string): Promise<Result<readonly EditableRrset[], ZoneEditFailure>> {
		const records: ListedRecord[] = [];
		for (let page = 1; ; page++) {
			// `name.endswith` would keep the answers short, and knows nothing of labels: the names are compared here.
			const answer = await call('GET', `/zones/${zoneId}/dns_records?per_page=${RECORDS_PER_PAGE}&page=${page}`, null, Records);
			if (!answer.ok) return answer;
			records.push(...answer.value.result);
			if (page >= (answer.value.result_info?.total_pages ?? 1)) return ok(toRrsets(records));
		}
	}

	for (const name of zoneCandidates(domain)) {
		const zones = await call('GET', `/zones?name=${encodeURIComponent(name)}`, null, Zones);
		if (!zones.ok) return zones;
		const zone = zones.value.result.find((each) => each.name === name);
		if (zone === undefined) continue;
		return ok({
			zone: name,
			negativeTtl: NEGATIVE_TTL,
			async readZone() {
				const rrsets = await readRrsets(zone.id);
				return rrsets.ok ? ok(toKeptZone(rrsets.value)) : rrsets;
			},
			async applyChanges(changes) {
				const rrsets = await readRrsets(zone.id);
				if (!rrsets.ok) return rrsets;
				const deletes = idsToDelete(changes, rrsets.value);
				if (!deletes.ok) return deletes;
				const posts = changes.flatMap(({ add }) => add.map(cloudflareRecord));
				const batch = { ...(deletes.value.length > 0 ? { deletes: deletes.value } : {}), ...(posts.length > 0 ? { posts } : {}) };
				if (deletes.value.length + posts.length === 0) return ok(null);
				const done = await call('POST', `/zones/${zone.id}/dns_records/batch`, batch, v.object({}));
				return done.ok ? ok(null) : done;
			},
		});
	}
	return err({
		message: `the token sees no zone at Cloudflare that holds ${domain}`,
		hint: 'It needs Zone Read and DNS Edit for that zone.',
		isUnknown: false,
	});
}

function idsToDelete(
	changes: readonly RrsetChange[],
	rrsets: readonly EditableRrset[],
): Result<readonly { readonly id: string }[], ZoneEditFailure> {
	const ids: { readonly id: string }[] = [];
	for (const change of changes) {
		const edit = planRrset(change, rrsets);
		if (!edit.ok) return edit;
		ids.push(...edit.value.goes.map(({ id }) => ({ id })));
	}
	return ok(ids);
}

function toRrsets(records: readonly ListedRecord[]): readonly EditableRrset[] {
	const sets = new Map<string, EditableRrset>();
	for (const record of records) {
		const name = record.name.toLowerCase();
		const key = `${record.type} ${name}`;
		const ttl = record.ttl === AUTOMATIC_TTL ? AUTOMATIC_TTL_SECONDS : record.ttl;
		const value = { data: presentationForm(record), id: record.id, isActive: !record.proxied, isOpaque: record.proxied };
		sets.set(key, { name, type: record.type, ttl: sets.get(key)?.ttl ?? ttl, values: [...(sets.get(key)?.values ?? []), value] });
	}
	return [...sets.values()];
}

function presentationForm({ type, content, priority, data }: ListedRecord): string {
	switch (type) {
		case 'CNAME':
		case 'NS':
			return `${content.toLowerCase().replace(/\.$/, '')}.`;
		case 'MX':
			return `${priority ?? 0} ${content.toLowerCase().replace(/\.$/, '')}.`;
		case 'SRV': {
			const target = String(data?.target ?? '.').toLowerCase();
			return `${data?.priority} ${data?.weight} ${data?.port} ${target === '.' ? '.' : `${target.replace(/\.$/, '')}.`}`;
		}
		default:
			return content;
	}
}

function refusal(status: number, text: string): ZoneEditFailure {
	const parsed = v.safeParse(Failed, parseJson(text));
	const [first] = parsed.success ? parsed.output.errors : [];
	if (status === 401 || status === 403)
		return { message: 'Cloudflare refuses the token', hint: 'It needs Zone Read and DNS Edit for that zone.', isUnknown: false };
	if (status === 429)
		return { message: 'Cloudflare takes no more requests for now', hint: 'Run it again in five minutes.', isUnknown: false };
	const reason = first === undefined ? '' : `: ${first.message.slice(0, 200)} (${first.code})`;
	return { message: `Cloudflare answers ${status}${reason}`, isUnknown: status >= 500 };
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
