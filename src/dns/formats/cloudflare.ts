/** The formats for Cloudflare: a batch of records for its API, and Terraform. */
import type { DnsRecord } from '../../model/dns-record.ts';
import { RECORD_TTL, renderRdata } from '../zone-file.ts';
import { allRecords, asciiJsonString, removalNotes, type ZoneFormat } from './zone-format.ts';

/** A record as Cloudflare's API takes it (`posts` of a batch). */
export interface CloudflareRecord {
	readonly type: string;
	readonly name: string;
	readonly ttl: number;
	readonly content?: string;
	readonly data?: { readonly priority: number; readonly weight: number; readonly port: number; readonly target: string };
	readonly priority?: number;
	readonly proxied?: boolean;
}

export function cloudflareRecord(record: DnsRecord): CloudflareRecord {
	const common = { type: record.type, name: record.name, ttl: RECORD_TTL };
	switch (record.type) {
		case 'CNAME':
			// The service's own Worker answers at its own name: a proxied CNAME would be answered by this zone's edge instead.
			return { ...common, content: record.target, proxied: false };
		case 'TXT':
			return { ...common, content: renderRdata(record) };
		case 'SRV': {
			const { priority, weight, port, target } = record;
			return { ...common, data: { priority, weight, port, target } };
		}
	}
}

function renderBatch(records: readonly DnsRecord[]): string {
	return `${JSON.stringify({ posts: records.map(cloudflareRecord) }, null, 2)}\n`;
}

export const cloudflare: ZoneFormat = {
	commentPrefix: null,
	isOneDocument: true,
	title: 'Cloudflare API, a batch of records',
	instructions: 'curl -H "Authorization: Bearer $TOKEN" --json @FILE https://api.cloudflare.com/client/v4/zones/$ZONE_ID/dns_records/batch',
	renderZone: (_, expected) => renderBatch(allRecords(expected)),
	renderChange(_, changes) {
		const added = changes.flatMap(({ add }) => add);
		// A batch deletes by the record's identifier, which DNS does not tell.
		const notes = removalNotes(changes).map((line) => `${line}   (a batch deletes by id: look it up with GET …/dns_records?name=…)`);
		return { text: added.length === 0 ? '' : renderBatch(added), notes };
	},
};

/**
 * HCL's quoted string: the escapes of JSON but for \b and \f, and a doubled sign where a template would begin (`$${`, `%%{`). Of several
 * signs in a row all but the last are escaped by number: whether `$$${` begins with the escape or ends with it is not said anywhere. Every
 * replacement is a function, because in a replacement text `$$` means one `$`.
 */
function hclString(text: string): string {
	return asciiJsonString(text)
		.replace(/\\./g, (pair) => (pair === '\\b' ? '\\u0008' : pair === '\\f' ? '\\u000c' : pair))
		.replace(/[$%](?=[$%])/g, (sign) => (sign === '$' ? '\\u0024' : '\\u0025'))
		.replace(/[$%](?=\{)/g, (sign) => sign + sign);
}

function renderTerraformResources(records: readonly DnsRecord[]): string {
	const used = new Map<string, number>();
	return records
		.map((record) => {
			const plain = `${record.name}_${record.type}`.toLowerCase().replace(/[^a-z0-9]+/g, '_');
			const base = /^[a-z_]/.test(plain) ? plain : `_${plain}`;
			const times = used.get(base) ?? 0;
			used.set(base, times + 1);
			const { type, name, ttl, content, data, proxied } = cloudflareRecord(record);
			const lines = [`zone_id = var.zone_id`, `name    = ${hclString(name)}`, `type    = ${hclString(type)}`, `ttl     = ${ttl}`];
			if (content !== undefined) lines.push(`content = ${hclString(content)}`);
			if (proxied !== undefined) lines.push(`proxied = ${proxied}`);
			if (data !== undefined) {
				lines.push(`priority = ${data.priority}`, 'data = {');
				lines.push(
					`  priority = ${data.priority}`,
					`  weight   = ${data.weight}`,
					`  port     = ${data.port}`,
					`  target   = ${hclString(data.target)}`,
					'}',
				);
			}
			return `resource "cloudflare_dns_record" "${times === 0 ? base : `${base}_${times + 1}`}" {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
		})
		.join('\n');
}

export const terraform: ZoneFormat = {
	commentPrefix: '#',
	isOneDocument: false,
	title: 'Terraform, Cloudflare provider 5',
	instructions: 'terraform plan -var zone_id=…',
	renderZone: (_, expected) => renderTerraformResources(allRecords(expected)),
	renderChange: (_, changes) => ({ text: renderTerraformResources(changes.flatMap(({ add }) => add)), notes: removalNotes(changes) }),
};
