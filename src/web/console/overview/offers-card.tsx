/** The servers that mail apps are offered, in order. */
import { useMemo } from 'preact/hooks';
import { consolePath } from '../../../contract/console-routes.ts';
import { domainConfig } from '../../../dns/impact.ts';
import type { LookupResult } from '../../../model/lookup.ts';
import { ALIAS_OVERRIDES, type AliasRecord, type ServiceRecord } from '../../../model/record.ts';
import type { RecordName } from '../../../model/record-name.ts';
import { DottedName } from '../components/dotted-name.tsx';
import { QueryNotice } from '../components/status-notices.tsx';
import { fieldMetadata } from '../form/field-metadata.ts';
import { sampleAddress } from '../record/use-resolved-record.ts';
import type { ApiQuery } from '../use-api-query.ts';

const KIND_TITLES = {
	imap: 'IMAP',
	pop3: 'POP3',
	smtp: 'SMTP',
	sieve: 'Filters',
	jmap: 'JMAP',
	caldav: 'Calendars',
	carddav: 'Contacts',
	webdav: 'Files',
} as const;
const SECURITY_TITLES = { tls: 'TLS', starttls: 'STARTTLS' } as const;

/** What an alias has of its own, as the end of a sentence. */
function ownFields(record: AliasRecord): string {
	const titles = ALIAS_OVERRIDES.filter((field) => record[field] !== undefined).map((field) => fieldMetadata(field).title);
	const without = (record.without ?? []).map((field) => fieldMetadata(field).title);
	return [
		titles.length === 0 ? '' : `, with its own: ${titles.join(', ')}`,
		without.length === 0 ? '' : `, without: ${without.join(', ')}`,
	].join('');
}

interface OffersCardProps {
	readonly name: RecordName;
	readonly record: ServiceRecord;
	readonly resolved: ApiQuery<LookupResult>;
}

export function OffersCard({ name, record, resolved: { result, refetch } }: OffersCardProps) {
	return (
		<section class="card pad stack" aria-labelledby="offers">
			<h2 id="offers">What mail apps are told</h2>
			{record.kind === 'alias' ? (
				<p>
					The same servers as <a href={consolePath('domain', record.of)}>{record.of}</a>
					{ownFields(record)}.
				</p>
			) : null}
			{result?.ok ? <Offers name={name} lookup={result.value} /> : <QueryNotice result={result} refetch={refetch} />}
			<p>
				<a href={consolePath('record', name)}>Record and what each client gets</a>
			</p>
		</section>
	);
}

function Offers({ name, lookup }: { readonly name: RecordName; readonly lookup: LookupResult }) {
	const config = useMemo(() => domainConfig(lookup, sampleAddress(name), Date.now()), [lookup, name]);
	if (config === null) return <p class="fault">Nothing: the settings of this record cannot be worked out.</p>;
	return (
		<ul class="offers">
			{config.offers.map((offer) => (
				<li key={`${offer.kind} ${'port' in offer ? offer.port : offer.url}`}>
					<span class="kind-of">{KIND_TITLES[offer.kind]}</span>
					{'port' in offer ? (
						<span>
							<code>
								<DottedName text={`${offer.host}:${offer.port}`} />
							</code>{' '}
							<span class="soft">{SECURITY_TITLES[offer.security]}</span>
						</span>
					) : (
						<code>
							<DottedName text={offer.url} />
						</code>
					)}
				</li>
			))}
		</ul>
	);
}
