/** What the zone must say, whether it does, and how to put it there. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { DnsView, DomainView } from '../../../contract/views.ts';
import { domainConfig, expectedZoneLines } from '../../../dns/impact.ts';
import type { ZoneLine } from '../../../dns/zone-file.ts';
import type { RecordName } from '../../../model/record-name.ts';
import { callApi } from '../api-client.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { StatusBadge } from '../components/status-badge.tsx';
import { ErrorNotice, LoadingNotice } from '../layout/page-layout.tsx';
import type { RecordEditor } from '../record/record-editor.ts';
import { sampleAddress, useResolvedRecord } from '../record/use-resolved-record.ts';
import { DNS_SITE, SERVICE_HOST } from '../service-host.ts';
import { type ApiQuery, useApiQuery } from '../use-api-query.ts';
import { ZoneDownload } from './zone-download.tsx';

type DnsRecordState = DnsView['records'][number]['state'];

const DNS_STATES = {
	present: { tone: 'good', text: 'There', explanation: 'DNS says this already.' },
	missing: { tone: 'bad', text: 'Missing', explanation: 'DNS says nothing here: add it.' },
	different: { tone: 'bad', text: 'Different', explanation: 'DNS says something else: change it.' },
	addresses: { tone: 'plain', text: 'Addresses', explanation: 'Addresses in a CNAME’s place, as providers that flatten make of one.' },
	unknown: { tone: 'plain', text: 'Unknown', explanation: 'DNS did not answer, or it is not known where this should point.' },
} as const satisfies Record<DnsRecordState, { tone: 'good' | 'plain' | 'bad'; text: string; explanation: string }>;

interface DnsTabProps {
	readonly name: RecordName;
	readonly view: DomainView;
	readonly editing: RecordEditor;
}

export function DnsTab({ name, view, editing }: DnsTabProps) {
	const sample = sampleAddress(name);
	const side = useResolvedRecord(editing.lastValid, name, sample.domain);
	const config = useMemo(() => domainConfig(side, sample, Date.now()), [side]);
	const [drafted, setDrafted] = useState<readonly ZoneLine[] | null>(null);
	useEffect(() => {
		if (editing.isDirty) void expectedZoneLines(config, DNS_SITE, []).then(setDrafted);
		else setDrafted(null);
	}, [config, editing.isDirty]);
	// A wildcard's names are as many as its domains: there is no one zone to look at.
	const looks = !name.startsWith('*') && view.record !== null;
	const live = useApiQuery<DnsView | null>(`${name} ${view.revision}`, () =>
		looks ? callApi('readDns', { path: { domain: name } }) : Promise.resolve({ ok: true, value: null }),
	);
	const lines = drafted ?? view.dns;
	return (
		<div class="stack">
			{SERVICE_HOST === null ? (
				<p class="warn">
					The service does not know its own name: set SERVICE_HOST, and <code>{DNS_SITE.host}</code> below becomes it.
				</p>
			) : null}
			{drafted === null ? null : <p class="note">As it must be once your unsaved changes are saved.</p>}
			<DnsCheckSummary live={live} looks={looks} />
			{lines.length === 0 ? (
				<p class="note">This record needs nothing in DNS.</p>
			) : (
				<DnsRecordTable lines={lines} live={live.result?.ok ? live.result.value : null} />
			)}
			{config === null || lines.length === 0 ? null : <ZoneDownload config={config} />}
		</div>
	);
}

function DnsCheckSummary({ live: { result, refetch }, looks }: { readonly live: ApiQuery<DnsView | null>; readonly looks: boolean }) {
	if (!looks) return null;
	if (result === null) return <LoadingNotice />;
	// A service of an older version has no such operation.
	if (!result.ok && result.error.status === 404)
		return <p class="hint">This service does not look at DNS itself: the command-line tool does.</p>;
	if (!result.ok) return <ErrorNotice error={result.error} retry={refetch} />;
	const wrong = result.value?.records.filter(({ state }) => state === 'missing' || state === 'different').length ?? 0;
	return (
		<p class="checked" role="status">
			{wrong === 0 ? 'DNS says what it should.' : `${wrong} of ${result.value?.records.length} records are not there yet.`}{' '}
			<button type="button" class="quiet small" onClick={refetch}>
				Look again
			</button>
		</p>
	);
}

function DnsRecordTable({ lines, live }: { readonly lines: readonly ZoneLine[]; readonly live: DnsView | null }) {
	return (
		<>
			<div class="card list">
				<table>
					<caption>Records to publish</caption>
					<thead>
						<tr>
							<th scope="col">Name</th>
							<th scope="col">Type</th>
							<th scope="col">Value</th>
							<th scope="col">In DNS</th>
							<th scope="col">
								<span class="hidden">Copy</span>
							</th>
						</tr>
					</thead>
					<tbody>
						{lines.map((line) => (
							<DnsRecordRow key={`${line.name} ${line.type} ${line.data}`} line={line} live={live} />
						))}
					</tbody>
				</table>
			</div>
			{live === null || live.leftover.length === 0 ? null : (
				<section class="warn stack" aria-labelledby="leftover">
					<h2 id="leftover">To be taken out</h2>
					<ul class="plain">
						{live.leftover.map(({ name, type, data }) => (
							<li key={`${name} ${type} ${data}`}>
								<code>
									{name} {type} {data}
								</code>
							</li>
						))}
					</ul>
				</section>
			)}
		</>
	);
}

function DnsRecordRow({ line, live }: { readonly line: ZoneLine; readonly live: DnsView | null }) {
	const { name, type, data } = line;
	const value = useRef<HTMLElement>(null);
	const seen = live?.records.find((record) => record.name === name && record.type === type && record.data === data);
	return (
		<tr>
			<th scope="row">
				<code>{name}</code>
			</th>
			<td data-of="Type">{type}</td>
			<td data-of="Value">
				<code ref={value}>{data}</code>
			</td>
			<td data-of="In DNS">
				{seen === undefined ? <span class="soft">–</span> : <StatusBadge status={DNS_STATES[seen.state]} />}
				{seen?.found.map((found) => (
					<code key={found} class="hint block">
						{found}
					</code>
				))}
			</td>
			<td>
				<CopyButton of={value} what={`the value of ${name}`} />
			</td>
		</tr>
	);
}
