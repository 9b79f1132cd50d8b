/** The domains that share this record: whoever edits it changes them too. Nothing is shown where there are none. */
import { consolePath } from '../../../contract/console-routes.ts';
import { parseRecordName, type RecordName } from '../../../model/record-name.ts';
import { callApi } from '../api-client.ts';
import { ErrorNotice } from '../components/status-notices.tsx';
import { UnnamedAliases } from '../record/alias-notice.tsx';
import { useApiQuery } from '../use-api-query.ts';

/** The aliases that are named. */
const NAMED_ALIASES = 8;

export function AliasesCard({ name }: { readonly name: RecordName }) {
	const { result, refetch } = useApiQuery(`aliases ${name}`, () => callApi('readAliases', { path: { domain: name } }));
	if (result === null) return null;
	if (result.ok && result.value.aliases.length + result.value.hidden + result.value.unknown === 0) return null;
	return (
		<section class="card pad stack" aria-labelledby="aliases">
			<h2 id="aliases">Domains that share this record</h2>
			{result.ok ? <AliasNames {...result.value} /> : <ErrorNotice error={result.error} retry={refetch} />}
		</section>
	);
}

interface AliasNamesProps {
	readonly aliases: readonly string[];
	readonly hidden: number;
	readonly unknown: number;
	readonly next: string | null;
}

function AliasNames({ aliases, hidden, unknown, next }: AliasNamesProps) {
	const more = aliases.length - NAMED_ALIASES;
	return (
		<>
			{aliases.length === 0 ? null : (
				<ul class="aliases">
					{aliases.slice(0, NAMED_ALIASES).map((alias) => {
						const parsed = parseRecordName(alias);
						return <li key={alias}>{parsed === null ? alias : <a href={consolePath('domain', parsed)}>{alias}</a>}</li>;
					})}
				</ul>
			)}
			{more <= 0 ? null : (
				<p class="hint">
					And {more} more{next === null ? '' : ', at least'}.
				</p>
			)}
			<UnnamedAliases hidden={hidden} unknown={unknown} />
			<p class="hint">What you change in it changes for them.</p>
		</>
	);
}
