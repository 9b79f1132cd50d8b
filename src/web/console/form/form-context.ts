/** What every field of the form knows: the draft, how to change it, and what is wrong with it. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { RecordFault } from '../../../model/record.ts';
import type { RecordWarning } from '../../../model/warnings.ts';
import { getAtPath, type JsonPath } from '../record/json-path.ts';

export interface RecordFormState {
	readonly draft: unknown;
	/** Undefined takes the field out. */
	readonly set: (path: JsonPath, value: unknown) => void;
	readonly faults: readonly RecordFault[];
	readonly warnings: readonly Pick<RecordWarning, 'path' | 'text'>[];
	/** The session may look, not write. */
	readonly readOnly: boolean;
}

export const FormContext = createContext<RecordFormState>({ draft: null, set: () => {}, faults: [], warnings: [], readOnly: true });

export function useRecordForm(): RecordFormState {
	return useContext(FormContext);
}

/** One field of it, by its path as the schema writes it. */
export interface BoundField {
	readonly id: string;
	readonly path: JsonPath;
	readonly value: unknown;
	readonly set: (value: unknown) => void;
	/** What must be otherwise, and what will disappoint; of the field and of what is in it. */
	readonly faults: readonly string[];
	readonly warnings: readonly string[];
	readonly readOnly: boolean;
}

export function useField(path: string, whole: 'with what is in it' | 'alone' = 'with what is in it'): BoundField {
	const { draft, set, faults, warnings, readOnly } = useRecordForm();
	const keys = path.split('.');
	const isHere = (found: string) => found === path || (whole === 'with what is in it' && found.startsWith(`${path}.`));
	return {
		id: fieldId(path),
		path: keys,
		value: getAtPath(draft, keys),
		set: (value) => set(keys, value),
		faults: faults.filter((fault) => isHere(fault.path)).map(({ reason }) => reason),
		warnings: warnings.filter((warning) => isHere(warning.path)).map(({ text }) => text),
		readOnly,
	};
}

/** The id of a field's input: where a warning's link leads. */
export function fieldId(path: string): string {
	// The entries of a list share one input.
	return `field-${path.replace(/\.\d+$/, '')}`;
}
