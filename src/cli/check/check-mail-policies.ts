/**
 * Looks for the DNS records of mail authentication (SPF, DKIM, DMARC), which other software keeps in the same zone. Only their presence is
 * checked, and their absence is advice.
 */
import { isConclusive, type Resolver } from '../dns/resolver.ts';
import { finding, joinParts, type PartialReport, partWith, unlookedPart } from './finding.ts';
import type { FindingCode } from './finding-codes.ts';

/** TXT records that should exist, and how each begins. */
const POLICIES: readonly { readonly label: string; readonly pattern: RegExp; readonly code: FindingCode; readonly wanted: string }[] = [
	{ label: '', pattern: /^"v=spf1(?:\s|"|$)/i, code: 'spf-absent', wanted: 'a text that begins with v=spf1' },
	{ label: '_dmarc.', pattern: /^"v\s*=\s*DMARC1/i, code: 'dmarc-absent', wanted: 'a text that begins with v=DMARC1' },
	{ label: 'default._bimi.', pattern: /^"v\s*=\s*BIMI1/i, code: 'bimi-absent', wanted: 'a text that begins with v=BIMI1' },
];

export async function checkMailPolicies(domain: string, resolver: Resolver): Promise<PartialReport> {
	const policies = await Promise.all(
		POLICIES.map(async ({ label, pattern, code, wanted }): Promise<PartialReport> => {
			const name = `${label}${domain}`;
			const reply = await resolver.query(name, 'TXT');
			if (!reply.ok || !isConclusive(reply.value)) return unlookedPart(`${name} TXT`, 'DNS did not answer');
			const isThere = reply.value.records.some(({ type, data }) => type === 'TXT' && pattern.test(data));
			return partWith(...(isThere ? [] : [finding(code, name, wanted, 'none')]));
		}),
	);
	// The names of DKIM selectors cannot be listed; but where there is any, the name above them exists (RFC 8020).
	const keys = await resolver.query(`_domainkey.${domain}`, 'TXT');
	const dkim =
		keys.ok && keys.value.rcode === 'NXDOMAIN'
			? [finding('dkim-absent', `_domainkey.${domain}`, 'a selector below this name', 'none')]
			: [];
	return joinParts([...policies, partWith(...dkim)]);
}
