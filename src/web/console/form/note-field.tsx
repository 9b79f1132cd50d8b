/** The reason for a change, which the history shows. */
import { MAX_NOTE_LENGTH } from '../../../contract/limits.ts';
import { LabelledField } from './labelled-field.tsx';

interface NoteFieldProps {
	readonly id: string;
	/** Where the reason is shown, in brackets behind the title. */
	readonly hint?: string;
	readonly value: string;
	readonly set: (note: string) => void;
}

export function NoteField({ id, hint = '(optional, shown in the history)', value, set }: NoteFieldProps) {
	return (
		<LabelledField id={id} title="Reason" note={hint}>
			{(control) => (
				<input
					{...control}
					maxLength={MAX_NOTE_LENGTH}
					autocomplete="off"
					value={value}
					onInput={(event) => set(event.currentTarget.value)}
				/>
			)}
		</LabelledField>
	);
}
