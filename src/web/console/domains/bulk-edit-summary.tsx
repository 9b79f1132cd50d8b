/** What a bulk edit changes or has changed, in a table. */
import type { ApiError } from '../api-client.ts';
import { ErrorNotice } from '../components/status-notices.tsx';
import { fieldLabel } from '../form/field-metadata.ts';
import { JsonValue } from '../record/field-changes.tsx';
import type { BulkEditResult } from './apply-bulk-edit.ts';

/** What changes or has changed, the same changes counted together, and what stays as it is, and why. */
export function BulkEditSummary({ result, isUndo }: { readonly result: BulkEditResult; readonly isUndo: boolean }) {
	const { dry, changed, unchanged, changes, otherChanges, refused } = result;
	const verb = dry ? 'change' : isUndo ? 'were restored' : 'were changed';
	return (
		<>
			<p role="status">
				{changed.toLocaleString('en')} {verb}, {unchanged.toLocaleString('en')} {dry ? 'stay as they are' : 'stayed as they were'}
				{refused.length === 0 ? '.' : `, ${refused.length.toLocaleString('en')} ${dry ? 'cannot be changed' : 'could not be changed'}.`}
			</p>
			{changes.length === 0 ? null : (
				<div class="list">
					<table>
						<caption class="hidden">Changes</caption>
						<thead>
							<tr>
								<th scope="col" class="number">
									Records
								</th>
								<th scope="col">Field</th>
								<th scope="col">Before</th>
								<th scope="col">After</th>
							</tr>
						</thead>
						<tbody>
							{changes.map(({ path, before, after, count, example }) => (
								<tr key={JSON.stringify([path, before, after])}>
									<td class="number" data-of="Records" title={`For example ${example}`}>
										{count.toLocaleString('en')}
									</td>
									<th scope="row">{fieldLabel(path)}</th>
									<td data-of="Before">
										<JsonValue value={before} />
									</td>
									<td data-of="After">
										<JsonValue value={after} />
									</td>
								</tr>
							))}
						</tbody>
					</table>
				</div>
			)}
			{otherChanges === 0 ? null : <p class="hint">And {otherChanges.toLocaleString('en')} other changes.</p>}
			{refused.length === 0 ? null : (
				<details>
					<summary>
						{refused.length === 1 ? '1 record stays as it is' : `${refused.length.toLocaleString('en')} records stay as they are`}
					</summary>
					<ul class="plain">
						{refused.slice(0, 100).map(({ domain, problem }) => (
							<li key={domain}>
								{domain}:{' '}
								{problem.errors?.map(({ path, reason }) => `${fieldLabel(path.replace(/^record\.?/, ''))} ${reason}`).join('; ') ??
									problem.title}
							</li>
						))}
					</ul>
				</details>
			)}
		</>
	);
}

/** Why a bulk edit or its undo stopped before its end, and what that means. */
export function StoppedNotice({ error }: { readonly error: ApiError }) {
	return (
		<>
			<ErrorNotice error={error} />
			<p class="hint">
				Whether the records of the last request were changed is not known. <em>Go on</em> sends them again; those that were changed are then
				counted as unchanged.
			</p>
		</>
	);
}
