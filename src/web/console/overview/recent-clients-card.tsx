/** Which mail apps asked in the last seven days. The service counts requests without their domain, so these are the numbers of all domains. */
import { useMemo } from 'preact/hooks';
import { consolePath } from '../../../contract/console-routes.ts';
import { DAY_MS } from '../../../lib/time.ts';
import { callApi } from '../api-client.ts';
import { MAIL_APP_PROTOCOLS, USAGE_NAMES } from '../components/client-names.ts';
import { QueryNotice } from '../components/status-notices.tsx';
import { useApiQuery } from '../use-api-query.ts';

const DAYS = 7;
/** The families that are listed; the rest is on the usage page. */
const MOST_FAMILIES = 5;

export function RecentClientsCard() {
	const from = useMemo(() => new Date(Date.now() - (DAYS - 1) * DAY_MS).toISOString(), []);
	const { result, refetch } = useApiQuery('usage', () => callApi('readUsage', { query: { step: 'day', from } }));
	const counts = new Map<string, number>();
	if (result?.ok)
		for (const { protocol, client, count } of result.value.rows)
			if (MAIL_APP_PROTOCOLS.has(protocol)) counts.set(client, (counts.get(client) ?? 0) + count);
	const families = [...counts].toSorted(([, a], [, b]) => b - a);
	const most = Math.max(1, ...counts.values());
	return (
		<section class="card pad stack" aria-labelledby="recent-clients">
			<h2 id="recent-clients">Mail apps, last seven days</h2>
			<p class="hint">Of all domains together: requests are counted without their domain.</p>
			<QueryNotice result={result} refetch={refetch} />
			{result?.ok && families.length === 0 ? <p class="soft">No requests yet.</p> : null}
			{families.length === 0 ? null : (
				<ul class="bars">
					{families.slice(0, MOST_FAMILIES).map(([family, count]) => (
						<li key={family}>
							<span>{USAGE_NAMES.client(family)}</span>
							<span class="number">{count.toLocaleString('en')}</span>
							<meter min={0} max={most} value={count} aria-hidden="true" />
						</li>
					))}
				</ul>
			)}
			<p>
				<a href={`${consolePath('usage')}?step=day&by=client`}>All usage</a>
			</p>
		</section>
	);
}
