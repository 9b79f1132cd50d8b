/** What every field of the form knows: the draft, how to change it, and what is wrong with it. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { RecordFault } from '../../../model/record.ts';
import type { Warning } from '../../../model/warnings.ts';
import { type Path, valueAt } from '../json.ts';

export interface Form {
	readonly draft: unknown;
	/** Undefined takes the field out. */
	readonly set: (path: Path, value: unknown) => void;
	readonly faults: readonly RecordFault[];
	readonly warnings: readonly Pick<Warning, 'path' | 'text'>[];
	/** The session may look, not write. */
	readonly readOnly: boolean;
}

export const FormContext = createContext<Form>({ draft: null, set: () => {}, faults: [], warnings: [], readOnly: true });

export function useForm(): Form {
	return useContext(FormContext);
}

/** One field of it, by its path as the schema writes it. */
export interface Bound {
	readonly id: string;
	readonly path: Path;
	readonly value: unknown;
	readonly set: (value: unknown) => void;
	/** What must be otherwise, and what will disappoint; of the field and of what is in it. */
	readonly faults: readonly string[];
	readonly warnings: readonly string[];
	readonly readOnly: boolean;
}

export function useField(path: string, whole: 'with what is in it' | 'alone' = 'with what is in it'): Bound {
	const { draft, set, faults, warnings, readOnly } = useForm();
	const keys = path.split('.');
	const isHere = (found: string) => found === path || (whole === 'with what is in it' && found.startsWith(`${path}.`));
	return {
		id: fieldId(path),
		path: keys,
		value: valueAt(draft, keys),
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
