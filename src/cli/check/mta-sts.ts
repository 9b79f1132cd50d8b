/** The MTA-STS policy against the domain's MX records (RFC 8461 §4.1). */

import { ok, type Result } from '../../lib/result.ts';
import type { ClientConfig } from '../../model/config.ts';
import type { Resolver } from '../dns/resolver.ts';
import type { Trouble } from '../terminal.ts';
import { type AreaReport, type Finding, finding } from './finding.ts';

export async function checkMtaSts({ domain, mtaSts }: ClientConfig, resolver: Resolver): Promise<Result<AreaReport, Trouble>> {
	const reply = await resolver.query(domain, 'MX');
	if (!reply.ok) return reply;
	// RFC 7505: a null MX is the root.
	const hosts = reply.value.records
		.filter(({ type }) => type === 'MX')
		.map(({ data }) => data.replace(/^\d+ /, '').replace(/\.$/, ''))
		.filter((host) => host !== '');
	const area = (findings: readonly Finding[]): Result<AreaReport, Trouble> => ok({ area: 'mta-sts', looked: hosts.length, findings });
	if (mtaSts === null) return area(hosts.length === 0 ? [] : [finding('mta-sts-absent', domain, 'a policy', 'none')]);
	if (mtaSts.mode === 'none') return area([]);
	if (hosts.length === 0) return area([finding('mx-absent', domain, 'an MX record', 'none')]);
	const code = mtaSts.mode === 'enforce' ? 'mx-unlisted' : 'mx-unlisted-testing';
	const unlisted = hosts.filter((host) => !mtaSts.mx.some((pattern) => matches(pattern, host)));
	const unused = mtaSts.mx.filter((pattern) => !hosts.some((host) => matches(pattern, host)));
	return area([
		...unlisted.map((host) => finding(code, host, mtaSts.mx.join(', '), 'not among them')),
		...unused.map((pattern) => finding('mx-unused', pattern, hosts.join(', '), 'not among them')),
	]);
}

// RFC 8461 §4.1: a wildcard stands for exactly one label, the leftmost.
function matches(pattern: string, host: string): boolean {
	if (!pattern.startsWith('*.')) return pattern === host;
	return host.slice(host.indexOf('.') + 1) === pattern.slice(2);
}
