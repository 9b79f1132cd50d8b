/** A record being edited: what it began with, how far it has come, what is wrong with it. It survives a reload. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { DomainView } from '../../contract/views.ts';
import type { Result } from '../../lib/result.ts';
import { parseRecord, type RecordFault, type ServiceRecord } from '../../model/record.ts';
import { recordWarnings, type Warning } from '../../model/warnings.ts';
import { same } from './json.ts';
import { type Kept, keep, readKept } from './kept.ts';

export interface Editing {
	readonly kept: Kept;
	readonly change: (changed: Partial<Kept>) => void;
	/** Throws the edits away and begins again with what is live. */
	readonly begin: (view: Pick<DomainView, 'revision' | 'record'>) => void;
	/** Whether there is anything to save. */
	readonly dirty: boolean;
	readonly parsed: Result<ServiceRecord, readonly RecordFault[]>;
	readonly warnings: readonly Warning[];
	/** The last draft that was a record; null before the first. */
	readonly lastGood: ServiceRecord | null;
}

/** What a record begins with where there is none. */
const EMPTY = { kind: 'domain', provider: { name: '' }, services: {} };

export function useEditing(view: Pick<DomainView, 'domain' | 'revision' | 'record'>): Editing {
	const [kept, setKept] = useState<Kept>(() => readKept(view.domain) ?? beginning(view));
	const dirty = !same(kept.draft, kept.base ?? EMPTY) || kept.tags !== null;
	useEffect(() => keep(view.domain, dirty ? kept : null), [kept, dirty, view.domain]);
	const parsed = useMemo(() => parseRecord(kept.draft), [kept.draft]);
	const [lastGood, setLastGood] = useState<ServiceRecord | null>(view.record);
	useEffect(() => {
		if (parsed.ok) setLastGood(parsed.value);
	}, [parsed]);
	const today = new Date().toISOString().slice(0, 10);
	return {
		kept,
		change: (changed) => setKept((old) => ({ ...old, ...changed })),
		begin: (from) => setKept(beginning(from)),
		dirty,
		parsed,
		warnings: parsed.ok ? recordWarnings(parsed.value, today) : [],
		lastGood: parsed.ok ? parsed.value : lastGood,
	};
}

function beginning({ revision, record }: Pick<DomainView, 'revision' | 'record'>): Kept {
	return { revision, base: record, draft: record ?? EMPTY, note: '', tags: null };
}
