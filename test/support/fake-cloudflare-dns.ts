/**
 * Cloudflare's DNS API in memory, as its documentation describes it (Zones, DNS Records, "Batch record changes"; read 2026-11): zones by
 * name, records by page, batches as one transaction, deletions first. It refuses a CNAME beside other records, as the real one does (81053).
 */
import { parseTxtRdata } from '../../src/dns/zone-file.ts';
import type { ProviderTransport } from '../../src/lib/http/provider-request.ts';
import { ok } from '../../src/lib/result.ts';

export interface StoredRecord {
	readonly id: string;
	readonly name: string;
	readonly type: string;
	readonly ttl: number;
	readonly content: string;
	readonly proxied: boolean;
	readonly data?: Readonly<Record<string, unknown>>;
}

export interface FakeCloudflareDns {
	readonly transport: ProviderTransport;
	readonly requests: string[];
	records: readonly StoredRecord[];
}

const PAGE = 100;

/** @param zone the one zone that the token sees */
export function createFakeCloudflareDns(zone: string, token: string, initial: readonly Omit<StoredRecord, 'id'>[]): FakeCloudflareDns {
	const requests: string[] = [];
	const fake: FakeCloudflareDns = {
		requests,
		records: initial.map((record) => ({ ...record, id: crypto.randomUUID() })),
		async transport({ method, url, headers, body }) {
			const { pathname, searchParams } = new URL(url);
			requests.push(`${method} ${pathname.replace('/client/v4', '')}`);
			const answer = (status: number, result: unknown, info: unknown = undefined) =>
				ok({
					status,
					retryAfterSeconds: null,
					text: JSON.stringify({ success: status < 300, errors: [], messages: [], result, result_info: info }),
				});
			const refuse = (status: number, code: number, message: string) =>
				ok({
					status,
					retryAfterSeconds: null,
					text: JSON.stringify({ success: false, errors: [{ code, message }], messages: [], result: null }),
				});
			if (headers.Authorization !== `Bearer ${token}`) return refuse(403, 9109, 'Invalid access token');
			if (pathname.endsWith('/zones')) return answer(200, searchParams.get('name') === zone ? [{ id: 'z1', name: zone }] : []);
			if (method === 'GET') {
				const page = Number(searchParams.get('page'));
				const total = Math.max(1, Math.ceil(fake.records.length / PAGE));
				return answer(200, fake.records.slice((page - 1) * PAGE, page * PAGE).map(listed), { page, total_pages: total });
			}
			const batch = JSON.parse(body ?? '{}') as {
				readonly deletes?: readonly { readonly id: string }[];
				readonly posts?: readonly Omit<StoredRecord, 'id'>[];
			};
			let next = fake.records;
			for (const { id } of batch.deletes ?? []) {
				if (!next.some((record) => record.id === id)) return refuse(404, 81044, 'Record does not exist.');
				next = next.filter((record) => record.id !== id);
			}
			for (const post of batch.posts ?? []) {
				const here = next.filter(({ name }) => name === post.name);
				if (here.some(({ type }) => type === 'CNAME') || (post.type === 'CNAME' && here.length > 0))
					return refuse(400, 81053, 'An A, AAAA, or CNAME record with that host already exists.');
				if (here.some((record) => contentOf(record) === contentOf(post) && record.type === post.type))
					return refuse(400, 81058, 'An identical record already exists.');
				next = [...next, { ...post, proxied: post.proxied ?? false, id: crypto.randomUUID() }];
			}
			fake.records = next;
			return answer(200, {});
		},
	};
	return fake;
}

function listed(record: StoredRecord) {
	return { ...record, content: contentOf(record) };
}

function contentOf({ type, content, data }: Pick<StoredRecord, 'type' | 'content' | 'data'>): string {
	return type === 'SRV' ? `${data?.weight} ${data?.port} ${data?.target}` : content;
}

/** What DNS answers from these records, texts joined. */
export function zoneLines(records: readonly StoredRecord[]): readonly string[] {
	return records
		.map(
			(record) =>
				`${record.name} ${record.type} ${record.type === 'TXT' ? parseTxtRdata(record.content) : JSON.stringify(record.data ?? record.content)}`,
		)
		.sort();
}
