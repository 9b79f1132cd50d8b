/** What a comparison with DNS found, counted. No I/O. */
import type { DnsView } from '../../../contract/views.ts';

export interface DnsCounts {
	readonly total: number;
	readonly published: number;
	readonly missing: number;
	readonly different: number;
	/** Those of which DNS did not tell whether they are right. They count neither as published nor as missing. */
	readonly unchecked: number;
	/** Records of this service's that are out of date. */
	readonly leftover: number;
}

export function countDnsRecords({ records, leftover }: Pick<DnsView, 'records' | 'leftover'>): DnsCounts {
	const count = (...states: readonly DnsView['records'][number]['state'][]) => records.filter(({ state }) => states.includes(state)).length;
	return {
		total: records.length,
		published: count('present'),
		missing: count('missing'),
		different: count('different'),
		unchecked: count('unknown', 'addresses'),
		leftover: leftover.length,
	};
}

/** One sentence or two. It says that everything is published only where there are records, and every one was compared. */
export function describeDnsCounts({ total, published, missing, different, unchecked }: DnsCounts): string {
	if (total === 0) return 'This record needs no DNS records.';
	const rest = unchecked === 0 ? '' : ` ${unchecked} could not be checked.`;
	if (missing + different > 0) return `${published} of ${total} DNS records are published.${rest}`;
	return unchecked === 0 ? 'All DNS records are published.' : `No DNS record is known to be missing.${rest}`;
}
