/** A part that is loaded when it is shown for the first time: the log-in does not wait for what renders every format. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ErrorNotice, LoadingNotice } from '../layout/page-layout.tsx';

export interface LazyComponent<Props extends object> {
	readonly Component: (props: Props) => preact.JSX.Element;
	/** Begins to load it; what was loaded stays. */
	readonly preload: () => void;
}

export function lazy<Props extends object>(fetchPart: () => Promise<ComponentType<Props>>): LazyComponent<Props> {
	let asked: Promise<ComponentType<Props>> | null = null;
	const load = () => {
		// One that failed is asked for again.
		asked ??= fetchPart().catch((failure: unknown) => {
			asked = null;
			throw failure;
		});
		return asked;
	};
	function Part(props: Props) {
		const [state, setState] = useState<{ readonly loaded: ComponentType<Props> } | 'failed' | null>(null);
		const begin = () => {
			setState(null);
			load().then(
				(loaded) => setState({ loaded }),
				() => setState('failed'),
			);
		};
		useEffect(begin, []);
		if (state === 'failed')
			return (
				<ErrorNotice
					error={{ code: 'offline', status: 0, title: 'A part of the console could not be loaded. If it stays so, reload the page.' }}
					retry={begin}
				/>
			);
		return state === null ? <LoadingNotice /> : <state.loaded {...props} />;
	}
	// A failure is shown by who needs the part.
	return { Component: Part, preload: () => void load().catch(() => {}) };
}
