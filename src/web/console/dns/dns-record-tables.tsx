/** The DNS records to publish, the important ones first, in the parts and names that providers' forms ask for. */
import { useRef, useState } from 'preact/hooks';
import type { DnsView } from '../../../contract/views.ts';
import { DNS_IMPORTANCES, type DnsImportance, dnsImportance } from '../../../dns/record-importance.ts';
import type { ZoneLine } from '../../../dns/zone-file.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { DottedName } from '../components/dotted-name.tsx';
import { type Status, StatusBadge } from '../components/status-badge.tsx';
import { formParts, relativeName } from './form-values.ts';

const DNS_STATES = {
	present: { tone: 'good', text: 'Published', explanation: 'DNS already has this record.' },
	missing: { tone: 'bad', text: 'Missing', explanation: 'DNS has no such record: add it.' },
	different: { tone: 'bad', text: 'Different', explanation: 'DNS has a different value: change it.' },
	addresses: {
		tone: 'plain',
		text: 'Addresses',
		explanation: 'DNS has addresses in place of the CNAME; signpost check finds out who answers there.',
	},
	unknown: { tone: 'plain', text: 'Unknown', explanation: 'DNS did not answer, or the target is not configured.' },
} as const satisfies Record<DnsView['records'][number]['state'], Status>;

const IMPORTANCE_TEXTS = {
	required: ['Required', 'Without these, mail apps or sending servers do not find what the record says.'],
	recommended: ['Recommended', 'Some apps look only here, or find their settings sooner.'],
	optional: ['Optional', 'For new standards that few apps use today.'],
} as const satisfies Record<DnsImportance, readonly [title: string, help: string]>;

interface DnsRecordTablesProps {
	/** The domain that relative names belong to. */
	readonly origin: string;
	readonly lines: readonly ZoneLine[];
	/** Null while DNS has not answered, and where it was not asked. */
	readonly live: DnsView | null;
}

export function DnsRecordTables({ origin, lines, live }: DnsRecordTablesProps) {
	const [fullNames, setFullNames] = useState(false);
	return (
		<>
			<div class="stack">
				<label class="switch">
					<input type="checkbox" checked={fullNames} onChange={(event) => setFullNames(event.currentTarget.checked)} />
					Full names, with {origin}
				</label>
				<details class="hint">
					<summary>What your provider’s form may want</summary>
					<ul class="plain">
						<li>Most forms add {origin} to a name themselves. Those that do not want full names.</li>
						<li>Cloudflare: set CNAME records to “DNS only”; its proxy would answer in the service’s place.</li>
						<li>Forms that want a zone file’s syntax want a dot after a full target. Below there is an export for those.</li>
						<li>A form with one field for an SRV record wants “priority weight port target”, with blanks between.</li>
						<li>Put no quotes round a text: the form adds them where they are needed.</li>
					</ul>
				</details>
			</div>
			{DNS_IMPORTANCES.map((importance) => {
				const group = lines.filter((line) => dnsImportance(line) === importance);
				return group.length === 0 ? null : (
					<ImportanceGroup key={importance} importance={importance} lines={group} live={live} origin={fullNames ? null : origin} />
				);
			})}
		</>
	);
}

interface ImportanceGroupProps {
	readonly importance: DnsImportance;
	readonly lines: readonly ZoneLine[];
	readonly live: DnsView | null;
	/** Null where names are shown in full. */
	readonly origin: string | null;
}

function ImportanceGroup({ importance, lines, live, origin }: ImportanceGroupProps) {
	const [title, help] = IMPORTANCE_TEXTS[importance];
	return (
		<div class="card list dns-records">
			<table>
				<caption>
					{title} <span class="hint">{help}</span>
				</caption>
				<thead>
					<tr>
						<th scope="col">Name</th>
						<th scope="col">Type</th>
						<th scope="col">Value</th>
						<th scope="col">TTL</th>
						<th scope="col">In DNS</th>
					</tr>
				</thead>
				<tbody>
					{lines.map((line) => (
						<DnsRecordRow key={`${line.name} ${line.type} ${line.data}`} line={line} live={live} origin={origin} />
					))}
				</tbody>
			</table>
		</div>
	);
}

function DnsRecordRow({ line, live, origin }: { readonly line: ZoneLine; readonly live: DnsView | null; readonly origin: string | null }) {
	const { name, type, data, ttl } = line;
	const shownName = origin === null ? name : relativeName(name, origin);
	const compared = live?.records.find((record) => record.name === name && record.type === type && record.data === data);
	return (
		<tr>
			<th scope="row">
				<CopyableCode text={shownName} description={`the name ${shownName}`} />
			</th>
			<td data-of="Type">{type}</td>
			<td class="parts">
				<dl>
					{formParts(line).map(({ label, value }) => (
						<div key={label}>
							<dt>{label}</dt>
							<dd>
								<CopyableCode text={value} description={`${label.toLowerCase()} of ${shownName}`} />
							</dd>
						</div>
					))}
				</dl>
			</td>
			<td data-of="TTL">{ttl}</td>
			<td data-of="In DNS">
				{compared === undefined ? <span class="soft">–</span> : <StatusBadge status={DNS_STATES[compared.state]} />}
				{compared?.found.map((found) => (
					<span key={found} class="hint block">
						There is: <code>{found}</code>
					</span>
				))}
			</td>
		</tr>
	);
}

function CopyableCode({ text, description }: { readonly text: string; readonly description: string }) {
	const code = useRef<HTMLElement>(null);
	const isHostName = /^[\w.*@-]+$/.test(text);
	return (
		<span class="copyable">
			<code ref={code} class={isHostName ? 'host' : undefined}>
				{isHostName ? <DottedName text={text} /> : text}
			</code>
			<CopyButton target={code} description={description} icon />
		</span>
	);
}
