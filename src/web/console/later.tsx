/** A part that is loaded when it is shown for the first time: the log-in does not wait for what renders every format. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Refused, Waiting } from './page.tsx';

export interface Later<Props extends object> {
	readonly Part: (props: Props) => preact.JSX.Element;
	/** Begins to load it; what was loaded stays. */
	readonly load: () => void;
}

export function later<Props extends object>(fetchPart: () => Promise<ComponentType<Props>>): Later<Props> {
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
				<Refused
					refusal={{ code: 'offline', status: 0, title: 'A part of the console could not be loaded. If it stays so, reload the page.' }}
					again={begin}
				/>
			);
		return state === null ? <Waiting /> : <state.loaded {...props} />;
	}
	// A failure is shown by who needs the part.
	return { Part, load: () => void load().catch(() => {}) };
}
