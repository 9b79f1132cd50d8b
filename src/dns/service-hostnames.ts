/** The host names of a domain that lead to the service: with Cloudflare for SaaS each of them needs a custom hostname. */
import type { ClientConfig } from '../model/config.ts';
import type { DnsTarget } from '../model/dns-record.ts';
import { expectedRecords } from './expected.ts';

/** The names whose CNAME leads to the service, by the choice of the record or else of the service. */
export async function serviceHostnames(config: ClientConfig, site: DnsTarget): Promise<readonly string[]> {
	const expected = await expectedRecords(config, site, []);
	return expected.flatMap(({ records }) => records.flatMap(({ type, name }) => (type === 'CNAME' ? [name] : [])));
}
