/** Names the domains that share a record, before it is changed, restored or deleted. Nothing is shown where there are none. */
import { callApi } from '../api-client.ts';
import { QueryNotice } from '../components/status-notices.tsx';
import { useApiQuery } from '../use-api-query.ts';

/** Aliases that are named. */
const NAMED_ALIASES = 10;

interface AliasNoticeProps {
	readonly name: string;
	/** What the act does to the aliases; their names follow. */
	readonly consequence: string;
}

export function AliasNotice({ name, consequence }: AliasNoticeProps) {
	const { result, refetch } = useApiQuery(`aliases ${name}`, () => callApi('readAliases', { path: { domain: name } }));
	if (!result?.ok) return <QueryNotice result={result} refetch={refetch} />;
	const { aliases, hidden, unknown, next } = result.value;
	return (
		<>
			{aliases.length === 0 ? null : (
				<p>
					<strong>{consequence}</strong> {aliases.slice(0, NAMED_ALIASES).join(', ')}
					{aliases.length > NAMED_ALIASES || next !== null ? ' and more' : ''}.
				</p>
			)}
			<UnnamedAliases hidden={hidden} unknown={unknown} />
		</>
	);
}

interface UnnamedAliasesProps {
	/** How many may not be read. */
	readonly hidden: number;
	/** How many records may be aliases. */
	readonly unknown: number;
}

/** Says how many aliases cannot be named, and why. */
export function UnnamedAliases({ hidden, unknown }: UnnamedAliasesProps) {
	return (
		<>
			{hidden === 0 ? null : <p>Domains that you may not read are aliases of it: {hidden}.</p>}
			{unknown === 0 ? null : <p>Records that may be aliases, which is not known until the directory is rebuilt: {unknown}.</p>}
		</>
	);
}
