/** Restores a revision, once a person has seen what would change. */
import type { DomainView } from '../../../contract/views.ts';
import { callApi } from '../api-client.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { QueryNotice } from '../components/status-notices.tsx';
import { useApiQuery } from '../use-api-query.ts';
import { AliasNotice } from './alias-notice.tsx';
import { FieldChanges } from './field-changes.tsx';

interface RestoreDialogProps {
	readonly name: string;
	readonly revision: number;
	/** The record as it is now; null where it is deleted. */
	readonly current: DomainView['record'];
	readonly restore: () => void;
}

export function RestoreDialog({ name, revision, current, restore }: RestoreDialogProps) {
	return (
		<ConfirmDialog
			titleId={`restore-${revision}`}
			title={`Restore revision ${revision}?`}
			label={
				<>
					Restore <span class="hidden">revision {revision}</span>
				</>
			}
			confirmLabel="Restore"
			small
			confirm={restore}
		>
			{() => <RestoredChanges name={name} revision={revision} current={current} />}
		</ConfirmDialog>
	);
}

/** What would change. Of a revision that was a deletion, the service restores the record before it. */
function RestoredChanges({ name, revision, current }: Omit<RestoreDialogProps, 'restore'>) {
	const { result, refetch } = useApiQuery(`restore ${name} ${revision}`, async () => {
		const read = (number: number) => callApi('readRevision', { path: { domain: name, revision: number } });
		const wanted = await read(revision);
		return !wanted.ok || wanted.value.record !== null || revision === 1 ? wanted : read(revision - 1);
	});
	if (!result?.ok) return <QueryNotice result={result} refetch={refetch} />;
	return (
		<>
			{result.value.revision === revision ? null : (
				<p>
					Revision {revision} was a deletion: the record before it, revision {result.value.revision}, is restored.
				</p>
			)}
			<FieldChanges before={current} after={result.value.record} />
			<AliasNotice name={name} consequence="Its aliases change with it:" />
		</>
	);
}
