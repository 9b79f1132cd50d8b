/** How many of the records that a domain needs are in DNS now. */
import { consolePath } from '../../../contract/console-routes.ts';
import type { DnsView } from '../../../contract/views.ts';
import type { RecordName } from '../../../model/record-name.ts';
import { QueryNotice } from '../components/status-notices.tsx';
import { countDnsRecords, describeDnsCounts } from '../dns/dns-counts.ts';
import type { ApiQuery } from '../use-api-query.ts';

export function DnsCard({ name, live: { result, refetch } }: { readonly name: RecordName; readonly live: ApiQuery<DnsView | null> }) {
	const counts = result?.ok && result.value !== null ? countDnsRecords(result.value) : null;
	return (
		<section class="card pad stack" aria-labelledby="dns-state">
			<h2 id="dns-state">DNS</h2>
			<QueryNotice result={result} refetch={refetch} />
			{counts === null ? null : (
				<>
					<p class="figure">
						{counts.published} <span class="soft">of {counts.total} live</span>
					</p>
					<meter min={0} max={Math.max(1, counts.total)} value={counts.published} aria-hidden="true" />
					<p role="status">{describeDnsCounts(counts)}</p>
				</>
			)}
			{result?.ok && result.value === null ? (
				<p class="soft">A wildcard record stands for many domains; there is no single zone to compare.</p>
			) : null}
			<p class="buttons">
				<a href={consolePath('dns', name)}>DNS records to publish</a>
				{counts === null ? null : (
					<button type="button" class="quiet small" onClick={refetch}>
						Check again
					</button>
				)}
			</p>
		</section>
	);
}
