/** The DNS records that a domain needs, whether DNS has them, and how to publish them. */
import { useEffect, useState } from 'preact/hooks';
import type { DnsView, DomainView } from '../../../contract/views.ts';
import { domainConfig, expectedZoneLines } from '../../../dns/impact.ts';
import type { ZoneLine } from '../../../dns/zone-file.ts';
import { isWildcardName, type RecordName } from '../../../model/record-name.ts';
import { callApi } from '../api-client.ts';
import { lazy } from '../components/lazy.tsx';
import { ErrorNotice, LoadingNotice, QueryNotice } from '../components/status-notices.tsx';
import type { RecordEditor } from '../record/record-editor.ts';
import { sampleAddress, useResolvedRecord } from '../record/use-resolved-record.ts';
import { DNS_SITE, SERVICE_HOST } from '../service-host.ts';
import { type ApiQuery, useApiQuery } from '../use-api-query.ts';
import { countDnsRecords, describeDnsCounts } from './dns-counts.ts';
import { DnsRecordTables } from './dns-record-tables.tsx';
import { PublishPanel } from './publish-panel.tsx';
import type { ZoneDownloadProps } from './zone-download.tsx';

const lazyZoneDownload = lazy<ZoneDownloadProps>(() => import('./zone-download.tsx').then((module) => module.ZoneDownload));

interface DnsTabProps {
	readonly name: RecordName;
	readonly view: DomainView;
	readonly editor: RecordEditor;
	readonly mayWrite: boolean;
}

export function DnsTab({ name, view, editor, mayWrite }: DnsTabProps) {
	const sample = sampleAddress(name);
	const drafted = useResolvedRecord(editor.lastValid, name, sample.domain);
	const saved = useResolvedRecord(view.record, name, sample.domain);
	const isDraftUnknown = editor.isDirty && editor.lastValid === null;
	const [draftLines, setDraftLines] = useState<readonly ZoneLine[] | null>(null);
	useEffect(() => {
		let isCurrent = true;
		setDraftLines(null);
		if (!editor.isDirty || isDraftUnknown || !drafted.result?.ok || !saved.result?.ok) return;
		const config = domainConfig(drafted.result.value, sample, Date.now());
		const replaced = domainConfig(saved.result.value, sample, Date.now());
		// Once the draft is saved, PACC's digest of the record that it replaces stays beside its own for a while.
		void expectedZoneLines(config, DNS_SITE, replaced === null ? [] : [replaced]).then((lines) => {
			if (isCurrent) setDraftLines(withOverlap(lines, view.dns));
		});
		return () => {
			isCurrent = false;
		};
	}, [drafted.result, saved.result, view.dns, editor.isDirty, isDraftUnknown]);
	// A wildcard record stands for many domains, so there is no single zone to compare with.
	const isComparable = !isWildcardName(name) && view.record !== null;
	const live = useApiQuery<DnsView | null>(`${name} ${view.revision}`, () =>
		isComparable ? callApi('readDns', { path: { domain: name } }) : Promise.resolve({ ok: true, value: null }),
	);
	const lines = draftLines ?? view.dns;
	const unresolved = editor.isDirty ? [drafted, saved].find(({ result }) => !result?.ok) : undefined;
	const isCompared = live.result?.ok === true && live.result.value !== null && live.result.value.records.length === 0;
	// A service of an older version does not tell.
	const publishing = (live.result?.ok ? live.result.value?.publishing : null) ?? null;
	return (
		<div class="stack">
			{SERVICE_HOST === null ? (
				<p class="warn">
					The service does not know its own host name. Set SERVICE_HOST; it replaces <code>{DNS_SITE.host}</code> below.
				</p>
			) : null}
			{draftLines === null ? null : <p class="note">These are the records you need once you save your changes.</p>}
			<DnsCheckSummary live={live} isComparable={isComparable} />
			{publishing === null || !mayWrite ? null : (
				<PublishPanel
					name={name}
					zone={publishing.zone}
					provider={publishing.provider}
					hasDraft={editor.isDirty}
					onPublished={live.refetch}
				/>
			)}
			{isDraftUnknown ? (
				<p class="note">The DNS records are shown here once the record has no mistakes.</p>
			) : unresolved !== undefined ? (
				<QueryNotice {...unresolved} />
			) : lines.length === 0 ? (
				// Where DNS was asked, the summary says so already.
				isCompared ? null : (
					<p class="note">This record needs no DNS records.</p>
				)
			) : (
				<DnsRecordTables origin={sample.domain} lines={lines} live={live.result?.ok ? live.result.value : null} />
			)}
			<OtherRecords
				id="leftover"
				title="Records to remove"
				tone="warn"
				records={(live.result?.ok ? live.result.value?.leftover : null) ?? []}
			/>
			{/* A service of an older version does not tell. */}
			<OtherRecords
				id="theirs"
				title="Records of another service, left alone"
				tone="note"
				records={(live.result?.ok ? live.result.value?.theirs : null) ?? []}
			/>
			{isDraftUnknown || unresolved !== undefined || lines.length === 0 ? null : (
				<lazyZoneDownload.Component domain={sample.domain} lines={lines} />
			)}
		</div>
	);
}

/** PACC's digests of records replaced before this draft stay beside its own. */
function withOverlap(drafted: readonly ZoneLine[], saved: readonly ZoneLine[]): readonly ZoneLine[] {
	const last = drafted.findLastIndex(({ protocol, type }) => protocol === 'pacc' && type === 'TXT');
	if (last < 0) return drafted;
	const known = new Set(drafted.map(({ data }) => data));
	const older = saved.filter(({ protocol, type, data }) => protocol === 'pacc' && type === 'TXT' && !known.has(data));
	return [...drafted.slice(0, last + 1), ...older, ...drafted.slice(last + 1)];
}

function DnsCheckSummary({
	live: { result, refetch },
	isComparable,
}: {
	readonly live: ApiQuery<DnsView | null>;
	readonly isComparable: boolean;
}) {
	if (!isComparable) return null;
	if (result === null) return <LoadingNotice />;
	// An older version of the service does not have this operation.
	if (!result.ok && result.error.status === 404) return <p class="hint">This service cannot check DNS; use the command-line tool.</p>;
	if (!result.ok) return <ErrorNotice error={result.error} retry={refetch} />;
	return (
		<p class="checked" role="status">
			{result.value === null ? null : describeDnsCounts(countDnsRecords(result.value))}{' '}
			<button type="button" class="quiet small" onClick={refetch}>
				Check again
			</button>
		</p>
	);
}

interface OtherRecordsProps {
	readonly id: string;
	readonly title: string;
	readonly tone: 'warn' | 'note';
	readonly records: DnsView['leftover'];
}

function OtherRecords({ id, title, tone, records }: OtherRecordsProps) {
	if (records.length === 0) return null;
	return (
		<section class={`${tone} stack`} aria-labelledby={id}>
			<h2 id={id}>{title}</h2>
			<ul class="plain">
				{records.map(({ name, type, data }) => (
					<li key={`${name} ${type} ${data}`}>
						<code>
							{name} {type} {data}
						</code>
					</li>
				))}
			</ul>
		</section>
	);
}
