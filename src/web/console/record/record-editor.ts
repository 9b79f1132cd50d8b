/** A record being edited: what it began with, how far it has come, what is wrong with it. It survives a reload. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { DomainView } from '../../../contract/views.ts';
import type { Result } from '../../../lib/result.ts';
import { utcDay } from '../../../lib/time.ts';
import { parseRecord, type RecordFault, type ServiceRecord } from '../../../model/record.ts';
import { type RecordWarning, recordWarnings } from '../../../model/warnings.ts';
import { readDraft, type StoredDraft, writeDraft } from './draft-storage.ts';
import { isDeepEqual } from './json-path.ts';

export interface RecordEditor {
	readonly draft: StoredDraft;
	readonly update: (changed: Partial<StoredDraft>) => void;
	/** Throws the edits away and begins again with what is live. */
	readonly reset: (view: Pick<DomainView, 'revision' | 'record'>) => void;
	/** Whether there is anything to save. */
	readonly isDirty: boolean;
	readonly parsed: Result<ServiceRecord, readonly RecordFault[]>;
	readonly warnings: readonly RecordWarning[];
	/** The last draft that was a record; null before the first. */
	readonly lastValid: ServiceRecord | null;
}

/** What a record begins with where there is none. */
const EMPTY_RECORD = { kind: 'domain', provider: { name: '' }, services: {} };

export function useRecordEditor(view: Pick<DomainView, 'domain' | 'revision' | 'record'>): RecordEditor {
	const [kept, setKept] = useState<StoredDraft>(() => readDraft(view.domain) ?? draftFrom(view));
	const dirty = !isDeepEqual(kept.draft, kept.base ?? EMPTY_RECORD) || kept.tags !== null;
	useEffect(() => writeDraft(view.domain, dirty ? kept : null), [kept, dirty, view.domain]);
	const parsed = useMemo(() => parseRecord(kept.draft), [kept.draft]);
	const [lastGood, setLastGood] = useState<ServiceRecord | null>(view.record);
	useEffect(() => {
		if (parsed.ok) setLastGood(parsed.value);
	}, [parsed]);
	const today = utcDay(Date.now());
	return {
		draft: kept,
		update: (changed) => setKept((old) => ({ ...old, ...changed })),
		reset: (from) => setKept(draftFrom(from)),
		isDirty: dirty,
		parsed,
		warnings: parsed.ok ? recordWarnings(parsed.value, today) : [],
		lastValid: parsed.ok ? parsed.value : lastGood,
	};
}

function draftFrom({ revision, record }: Pick<DomainView, 'revision' | 'record'>): StoredDraft {
	return { revision, base: record, draft: record ?? EMPTY_RECORD, note: '', tags: null };
}
