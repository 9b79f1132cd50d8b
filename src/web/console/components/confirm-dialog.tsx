/** A button that opens a dialog, which says what would happen and does it once a person has confirmed. */
import type { ComponentChildren } from 'preact';
import { useCallback, useRef, useState } from 'preact/hooks';
import { LoadingListener } from './status-notices.tsx';

interface ConfirmDialogProps {
	/** The element that the title of the dialog has, unique on the page. */
	readonly titleId: string;
	readonly title: string;
	/** The label of the button that opens the dialog. */
	readonly label: ComponentChildren;
	/** The label of the button in the dialog that does it. */
	readonly confirmLabel: string;
	/** Adds the look of something that takes away. */
	readonly danger?: boolean;
	readonly small?: boolean;
	/** Whether the dialog cannot be opened now. */
	readonly disabled?: boolean;
	readonly confirm: () => void;
	/** What would happen; drawn only while the dialog is open, because it may ask the service. Nobody can confirm while that is loading. */
	readonly children: () => ComponentChildren;
}

export function ConfirmDialog({
	titleId,
	title,
	label,
	confirmLabel,
	danger = false,
	small = false,
	disabled = false,
	confirm,
	children,
}: ConfirmDialogProps) {
	const dialog = useRef<HTMLDialogElement>(null);
	const [open, setOpen] = useState(false);
	const [loading, setLoading] = useState(0);
	const countLoading = useCallback((change: 1 | -1) => setLoading((count) => count + change), []);
	const isLoading = loading > 0;
	return (
		<>
			<button
				type="button"
				disabled={disabled}
				class={`quiet${small ? ' small' : ''}${danger ? ' danger' : ''}`}
				onClick={() => {
					setOpen(true);
					dialog.current?.showModal();
				}}
			>
				{label}
			</button>
			{/* The event comes some time after the closing, and the dialog may have been opened again by then. */}
			<dialog ref={dialog} class="card pad" aria-labelledby={titleId} onClose={(event) => setOpen(event.currentTarget.open)}>
				<form
					method="dialog"
					class="stack"
					onSubmit={(event) => {
						if (isLoading) event.preventDefault();
						else confirm();
					}}
				>
					<h2 id={titleId}>{title}</h2>
					<LoadingListener.Provider value={countLoading}>{open ? children() : null}</LoadingListener.Provider>
					<div class="buttons">
						{/* Disabled in this way it keeps the focus that it has when the dialog opens. */}
						<button type="submit" class={danger ? 'danger' : ''} aria-disabled={isLoading}>
							{confirmLabel}
						</button>
						<button type="button" class="quiet" onClick={() => dialog.current?.close()}>
							Cancel
						</button>
					</div>
				</form>
			</dialog>
		</>
	);
}
