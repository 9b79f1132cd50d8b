/** Components whose code is loaded when they are first shown, so that the log-in form does not wait for the code of every page. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { LoadingNotice } from './status-notices.tsx';

export interface LazyComponent<Props extends object> {
	readonly Component: (props: Props) => preact.JSX.Element;
	/** Starts loading the code. Once loaded, it is kept. */
	readonly preload: () => void;
}

/** Wraps a component that is loaded on demand. Meanwhile a notice is shown; after a failure, one with a button to reload the page. */
export function lazy<Props extends object>(importComponent: () => Promise<ComponentType<Props>>): LazyComponent<Props> {
	let pending: Promise<ComponentType<Props>> | null = null;
	const load = () => {
		// After a failure the next call loads again.
		pending ??= importComponent().catch((failure: unknown) => {
			pending = null;
			throw failure;
		});
		return pending;
	};
	function LazyPart(props: Props) {
		const [state, setState] = useState<{ readonly loaded: ComponentType<Props> } | 'failed' | null>(null);
		useEffect(() => {
			load().then(
				(loaded) => setState({ loaded }),
				() => setState('failed'),
			);
		}, []);
		if (state === 'failed') return <LoadFailureNotice />;
		return state === null ? <LoadingNotice /> : <state.loaded {...props} />;
	}
	// A failure to preload is not shown: showing the component loads again, and reports it then.
	return { Component: LazyPart, preload: () => void load().catch(() => {}) };
}

/** Reloading is what helps: browsers remember that a module failed, and after an update of the service the old one is gone. */
function LoadFailureNotice() {
	return (
		<div class="warn stack" role="alert">
			<p>Part of the console could not be loaded: there is no connection, or the service has been updated.</p>
			<button type="button" class="quiet small" onClick={() => location.reload()}>
				Reload the page
			</button>
		</div>
	);
}
