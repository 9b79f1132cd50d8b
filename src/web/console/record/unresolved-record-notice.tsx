/** Shown in place of what follows from a record, while it is not known, or where it cannot be. */
import { ErrorNotice, LoadingNotice } from '../components/status-notices.tsx';
import type { ResolvedRecordQuery } from './use-resolved-record.ts';

export function UnresolvedRecordNotice({ query }: { readonly query: Exclude<ResolvedRecordQuery, { readonly kind: 'resolved' }> }) {
	return query.kind === 'loading' ? <LoadingNotice /> : <ErrorNotice error={query.error} retry={query.retry} />;
}
