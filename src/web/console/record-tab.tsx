/** The form, with its JSON and what clients would get beside it; and everything that can come between a draft and its saving. */
import { useMemo, useState } from 'preact/hooks';
import type { DomainView, WriteView } from '../../contract/views.ts';
import type { RecordName } from '../../model/record-name.ts';
import { type Answered, ask, type Refusal } from './api.ts';
import { Beside } from './beside.tsx';
import { Conflict } from './conflict.tsx';
import { Delete } from './delete.tsx';
import type { Editing } from './editing.ts';
import { FormContext, fieldId } from './form/form.ts';
import { RecordForm } from './form/record-form.tsx';
import { withValue } from './json.ts';
import { Outside } from './outside.tsx';
import { Refused } from './page.tsx';
import { SaveBar } from './save-bar.tsx';
import { Saved } from './saved.tsx';

interface RecordTabProps {
	readonly name: RecordName;
	readonly view: DomainView;
	readonly setView: (view: DomainView) => void;
	readonly editing: Editing;
	readonly mayWrite: boolean;
}

export function RecordTab({ name, view, setView, editing, mayWrite }: RecordTabProps) {
	const { kept, change, begin, dirty, parsed, warnings } = editing;
	const [written, setWritten] = useState<WriteView | null>(null);
	const [refusal, setRefusal] = useState<Refusal | null>(null);
	const [busy, setBusy] = useState(false);

	const write = async (asked: Answered<WriteView>) => {
		setBusy(true);
		const answered = await asked;
		setBusy(false);
		if (answered.ok) {
			setView(answered.value);
			begin(answered.value);
			setWritten(answered.value);
			setRefusal(null);
			return;
		}
		const { error } = answered;
		setWritten(null);
		if (error.current !== undefined) setView(error.current);
		// These are shown with what can be done about them; without a draft there is nothing to merge.
		const shownElsewhere = error.code === 'edited-outside' || (dirty && (error.code === 'stale' || error.code === 'exists'));
		setRefusal(shownElsewhere ? null : error);
	};
	const put = (record: unknown, revision: number) =>
		write(
			ask('putDomain', {
				path: { domain: name },
				from: revision === 0 ? 'create' : revision,
				body: { record, note: kept.note, ...(kept.tags === null ? {} : { tags: kept.tags }) },
			}),
		);
	const stale = dirty && kept.revision !== view.revision;
	const form = useMemo(
		() => ({
			draft: kept.draft,
			set: (path: readonly string[], value: unknown) => change({ draft: withValue(kept.draft, path, value) }),
			// An empty form is not full of mistakes: nobody has begun.
			faults: parsed.ok || !dirty ? [] : parsed.error,
			warnings,
			readOnly: !mayWrite,
		}),
		[kept.draft, parsed, dirty, mayWrite],
	);
	return (
		<>
			{written === null ? null : <Saved written={written} />}
			{refusal === null ? null : <Refused refusal={refusal} />}
			{view.outside === null ? null : (
				<Outside
					view={view}
					busy={busy}
					mayWrite={mayWrite}
					settle={(how) => void write(ask(how, { path: { domain: name }, from: view.revision, body: { note: '' } }))}
				/>
			)}
			{stale ? (
				<Conflict
					kept={kept}
					view={view}
					busy={busy}
					drop={() => begin(view)}
					take={(draft, then) => {
						change({ base: view.record, revision: view.revision, draft });
						if (then === 'save') void put(draft, view.revision);
					}}
				/>
			) : null}
			<Warnings warnings={[...warnings, ...view.warnings.filter(({ code }) => code === 'alias-target' && !dirty)]} />
			{view.outside !== null && view.record === null && !dirty ? null : (
				<div class="editor">
					<FormContext.Provider value={form}>
						<RecordForm />
					</FormContext.Provider>
					<Beside name={name} view={view} editing={editing} readOnly={!mayWrite} />
				</div>
			)}
			{dirty && mayWrite && !stale && view.outside === null ? (
				<SaveBar
					editing={editing}
					isNew={view.record === null}
					tags={view.latest?.tags ?? []}
					busy={busy}
					save={() => void put(kept.draft, kept.revision)}
					discard={() => {
						begin(view);
						setWritten(null);
						setRefusal(null);
					}}
				/>
			) : null}
			{mayWrite && view.record !== null && !dirty ? (
				<Delete
					name={name}
					remove={(note) => void write(ask('deleteDomain', { path: { domain: name }, from: view.revision, query: { note } }))}
				/>
			) : null}
		</>
	);
}

function Warnings({ warnings }: { readonly warnings: readonly { readonly path: string; readonly text: string; readonly code: string }[] }) {
	if (warnings.length === 0) return null;
	return (
		<section class="warnings" aria-labelledby="warnings">
			<h2 id="warnings">{warnings.length === 1 ? 'One warning' : `${warnings.length} warnings`}</h2>
			<ul>
				{warnings.map(({ path, text, code }) => (
					<li key={code + path}>
						{text} <a href={`#${fieldId(path)}`}>{path}</a>
					</li>
				))}
			</ul>
		</section>
	);
}
