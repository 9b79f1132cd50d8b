/** The state of a record being edited: the draft, its errors and warnings. It is stored in the browser, so it survives a reload. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { DomainView } from '../../../contract/views.ts';
import { isDeepEqual } from '../../../lib/json/json-path.ts';
import type { Result } from '../../../lib/result.ts';
import { utcDay } from '../../../lib/time.ts';
import { parseRecord, type RecordFault, type ServiceRecord } from '../../../model/record.ts';
import { type RecordWarning, recordWarnings } from '../../../model/warnings.ts';
import { readDraft, type StoredDraft, writeDraft } from './draft-storage.ts';
import { mergeRecords } from './three-way-merge.ts';

/** The parts of a draft that a save sends. */
export type SentDraft = Pick<StoredDraft, 'draft' | 'note' | 'tags'>;

export interface RecordEditor {
	readonly draft: StoredDraft;
	readonly update: (changed: Partial<StoredDraft>) => void;
	/** Discards the changes and starts again from this revision. */
	readonly reset: (view: Pick<DomainView, 'revision' | 'record'>) => void;
	/** Starts again from the revision that `sent` was saved as. What was changed since it was sent stays an unsaved change. */
	readonly saved: (view: Pick<DomainView, 'revision' | 'record'>, sent: SentDraft) => void;
	/** Whether there are unsaved changes. */
	readonly isDirty: boolean;
	readonly parsed: Result<ServiceRecord, readonly RecordFault[]>;
	readonly warnings: readonly RecordWarning[];
	/** The last version of the draft without errors; null before the first. */
	readonly lastValid: ServiceRecord | null;
}

/** The draft of a domain that has no record. */
const EMPTY_RECORD = { kind: 'domain', provider: { name: '' }, services: {} };

export function useRecordEditor(view: Pick<DomainView, 'domain' | 'revision' | 'record'>): RecordEditor {
	const [draft, setDraft] = useState<StoredDraft>(() => readDraft(view.domain) ?? draftFrom(view));
	const isDirty = !isDeepEqual(draft.draft, draft.base ?? EMPTY_RECORD) || draft.tags !== null;
	useEffect(() => writeDraft(view.domain, isDirty ? draft : null), [draft, isDirty, view.domain]);
	const parsed = useMemo(() => parseRecord(draft.draft), [draft.draft]);
	const [lastValid, setLastValid] = useState<ServiceRecord | null>(view.record);
	useEffect(() => {
		if (parsed.ok) setLastValid(parsed.value);
	}, [parsed]);
	const today = utcDay(Date.now());
	return {
		draft,
		update: (changed) => setDraft((old) => ({ ...old, ...changed })),
		reset: (from) => setDraft(draftFrom(from)),
		saved: (view, sent) => setDraft((old) => rebaseDraft(old, view, sent)),
		isDirty,
		parsed,
		warnings: parsed.ok ? recordWarnings(parsed.value, today) : [],
		lastValid: parsed.ok ? parsed.value : lastValid,
	};
}

function draftFrom({ revision, record }: Pick<DomainView, 'revision' | 'record'>): StoredDraft {
	return { revision, base: record, draft: record ?? EMPTY_RECORD, note: '', tags: null };
}

function rebaseDraft(current: StoredDraft, view: Pick<DomainView, 'revision' | 'record'>, sent: SentDraft): StoredDraft {
	const fresh = draftFrom(view);
	return {
		...fresh,
		draft: mergeRecords(sent.draft, current.draft, fresh.draft).merged,
		note: current.note === sent.note ? '' : current.note,
		tags: isDeepEqual(current.tags, sent.tags) ? null : current.tags,
	};
}
