/** A zone of a PowerDNS Authoritative Server, by its HTTP API. */
import * as v from 'valibot';
import type { ProviderTransport } from '../../lib/http/provider-request.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { RrsetChange } from '../zone-comparison.ts';
import { RECORD_TTL, renderRdata } from '../zone-file.ts';
import { type EditableRrset, planRrset, toKeptZone } from './rrset-edit.ts';
import { lostAnswer, type ZoneEditFailure, type ZoneEditor, zoneCandidates } from './zone-editor.ts';

const Zone = v.object({
	rrsets: v.array(
		v.object({
			name: v.string(),
			type: v.string(),
			ttl: v.number(),
			records: v.array(v.object({ content: v.string(), disabled: v.optional(v.boolean(), false) })),
		}),
	),
});

export interface PowerDnsAccess {
	/** The API's address up to the server's id, as in `http://127.0.0.1:8081/api/v1/servers/localhost`. */
	readonly url: string;
	readonly key: string;
}

/** The API's address up to the server's id. @param address a URL; without a path it is that of the one server that PowerDNS has */
export function powerDnsApiUrl(address: string): string {
	const url = new URL(address);
	return new URL(url.pathname === '/' ? '/api/v1/servers/localhost' : url.pathname, url.origin).href;
}

/** Finds the zone that holds the domain. */
export async function openPowerDnsZone(
	{ url, key }: PowerDnsAccess,
	domain: string,
	send: ProviderTransport,
): Promise<Result<ZoneEditor, ZoneEditFailure>> {
	const base = url.replace(/\/$/, '');
	const headers = { 'X-API-Key': key, 'Content-Type': 'application/json' };

	async function readZone(zone: string): Promise<Result<readonly EditableRrset[] | null, ZoneEditFailure>> {
		const response = await send({ method: 'GET', url: `${base}/zones/${zone}.`, headers, body: null });
		if (!response.ok) return err(lostAnswer(`PowerDNS at ${base}`, response.error, false));
		const { status, text } = response.value;
		// 404: this server has no such zone; PowerDNS before 4.8 says 422.
		if (status === 404 || status === 422) return ok(null);
		if (status !== 200) return err(refusal(status, text));
		const parsed = v.safeParse(Zone, parseJson(text));
		if (!parsed.success) return err({ message: `PowerDNS at ${base} answers with something that is no zone`, isUnknown: false });
		return ok(
			parsed.output.rrsets.map(({ name, type, ttl, records }) => ({
				name: withoutRootDot(name),
				type,
				ttl,
				values: records.map(({ content, disabled }) => ({ data: content, id: '', isActive: !disabled, isOpaque: false })),
			})),
		);
	}

	for (const zone of zoneCandidates(domain)) {
		const found = await readZone(zone);
		if (!found.ok) return found;
		if (found.value === null) continue;
		return ok({
			zone,
			negativeTtl: negativeTtl(found.value),
			async readZone() {
				const rrsets = await readZone(zone);
				return rrsets.ok ? ok(toKeptZone(rrsets.value ?? [])) : rrsets;
			},
			async applyChanges(changes) {
				const rrsets = await readZone(zone);
				if (!rrsets.ok) return rrsets;
				const patch = renderPatch(changes, rrsets.value ?? []);
				if (!patch.ok) return patch;
				const response = await send({
					method: 'PATCH',
					url: `${base}/zones/${zone}.`,
					headers,
					body: JSON.stringify({ rrsets: patch.value }),
				});
				if (!response.ok) return err(lostAnswer(`PowerDNS at ${base}`, response.error, true));
				return response.value.status < 300 ? ok(null) : err(refusal(response.value.status, response.value.text));
			},
		});
	}
	return err({ message: `PowerDNS at ${base} has no zone that holds ${domain}`, isUnknown: false });
}

/** https://doc.powerdns.com/authoritative/http-api/zone.html, "RRset". */
type RrsetPatch =
	| { readonly name: string; readonly type: string; readonly changetype: 'DELETE' }
	| {
			readonly name: string;
			readonly type: string;
			readonly changetype: 'REPLACE';
			readonly ttl: number;
			readonly records: readonly { readonly content: string; readonly disabled: boolean }[];
	  };

/** Whole RRsets, with what stays as it is written there. Deletions first: a patch is applied in order, and a CNAME stands beside nothing. */
function renderPatch(changes: readonly RrsetChange[], rrsets: readonly EditableRrset[]): Result<readonly RrsetPatch[], ZoneEditFailure> {
	const sets: RrsetPatch[] = [];
	for (const change of changes) {
		const edit = planRrset(change, rrsets);
		if (!edit.ok) return edit;
		const { stays, goes } = edit.value;
		const records = [
			...stays.map(({ data, isActive }) => ({ content: data, disabled: !isActive })),
			...change.add.map((record) => ({ content: renderRdata(record), disabled: false })),
		];
		const [name, { type }] = [`${change.name}.`, change];
		if (records.length > 0) sets.push({ name, type, ttl: edit.value.ttl ?? RECORD_TTL, changetype: 'REPLACE', records });
		else if (goes.length > 0) sets.push({ name, type, changetype: 'DELETE' });
	}
	return ok(sets.sort((a, b) => Number(a.changetype === 'REPLACE') - Number(b.changetype === 'REPLACE')));
}

function refusal(status: number, text: string): ZoneEditFailure {
	if (status === 401) return { message: 'PowerDNS refuses the key', hint: 'It is api-key in pdns.conf.', isUnknown: false };
	const parsed = v.safeParse(v.object({ error: v.string() }), parseJson(text));
	return {
		message: `PowerDNS answers ${status}${parsed.success ? `: ${parsed.output.error.slice(0, 200)}` : ''}`,
		isUnknown: status >= 500,
	};
}

/** RFC 2308 §5: the lesser of the SOA record's own TTL and its last field. */
function negativeTtl(rrsets: readonly EditableRrset[]): number {
	const soa = rrsets.find(({ type }) => type === 'SOA');
	const minimum = Number(soa?.values[0]?.data.split(' ')[6]);
	return soa === undefined || !Number.isInteger(minimum) ? RECORD_TTL : Math.min(soa.ttl, minimum);
}

function withoutRootDot(name: string): string {
	return name.replace(/\.$/, '').toLowerCase();
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
