/** The state that all fields of the record form share: the draft, how to change it, its errors and warnings. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { getAtPath, type JsonPath } from '../../../lib/json/json-path.ts';
import type { RecordFault } from '../../../model/record.ts';
import type { RecordWarning } from '../../../model/warnings.ts';
import { fieldMetadata } from './field-metadata.ts';
import type { FieldProblems } from './labelled-field.tsx';

export interface RecordFormState {
	readonly draft: unknown;
	/** Changes the value at a path; undefined removes it. */
	readonly set: (path: JsonPath, value: unknown) => void;
	readonly faults: readonly RecordFault[];
	readonly warnings: readonly Pick<RecordWarning, 'path' | 'text'>[];
	/** Whether the session may only read. */
	readonly readOnly: boolean;
}

export const FormContext = createContext<RecordFormState>({ draft: null, set: () => {}, faults: [], warnings: [], readOnly: true });

export function useRecordForm(): RecordFormState {
	return useContext(FormContext);
}

/** One field of the form, with its value and its problems. */
export interface BoundField extends FieldProblems {
	readonly id: string;
	readonly path: JsonPath;
	readonly value: unknown;
	readonly set: (value: unknown) => void;
	readonly readOnly: boolean;
}

/**
 * Binds a field to the draft. @param path its path in the schema, for example `services.imap.host`
 * @param scope whether problems of fields inside this one are shown with it
 */
export function useField(path: string, scope: 'field-and-children' | 'field-only' = 'field-and-children'): BoundField {
	const { draft, set, faults, warnings, readOnly } = useRecordForm();
	const keys = path.split('.');
	const { title } = fieldMetadata(path);
	const isShown = (problem: { readonly path: string }) =>
		problem.path === path || (scope === 'field-and-children' && problem.path.startsWith(`${path}.`));
	return {
		id: fieldId(path),
		path: keys,
		value: getAtPath(draft, keys),
		set: (value) => set(keys, value),
		faults: faults.filter(isShown).map(({ reason }) => `${title} ${reason}.`),
		warnings: warnings.filter(isShown).map(({ text }) => text),
		readOnly,
	};
}

/** The id of a field's control, which links from warnings and errors lead to. */
export function fieldId(path: string): string {
	// All entries of a list are edited in one control.
	const keys = path.split('.');
	const entry = keys.findIndex((key) => /^\d+$/.test(key));
	return `field-${(entry < 0 ? keys : keys.slice(0, entry)).join('.')}`;
}
