/** The console's router. The address bar is the only state, so every page can be reloaded, shared, and returned to. */
import { useLayoutEffect, useState } from 'preact/hooks';
import { type ConsoleRoute, parseConsoleRoute } from '../../contract/console-routes.ts';

const NAVIGATION_EVENT = 'console:navigate';

export interface ConsoleLocation {
	/** Null where the console has no such page. */
	readonly route: ConsoleRoute | null;
	readonly query: URLSearchParams;
	readonly href: string;
}

function currentLocation(): ConsoleLocation {
	return { route: parseConsoleRoute(location.pathname), query: new URLSearchParams(location.search), href: location.href };
}

/** The current location; the component renders again when it changes. */
export function useConsoleLocation(): ConsoleLocation {
	const [current, setCurrent] = useState(currentLocation);
	useLayoutEffect(() => {
		const update = () => setCurrent(currentLocation());
		addEventListener('popstate', update);
		addEventListener(NAVIGATION_EVENT, update);
		return () => {
			removeEventListener('popstate', update);
			removeEventListener(NAVIGATION_EVENT, update);
		};
	}, []);
	return current;
}

/** Goes to a page of the console. `replace` leaves no entry in the browser's history, for filters that change with every key. */
export function navigate(href: string, mode: 'push' | 'replace' = 'push'): void {
	if (mode === 'push') history.pushState(null, '', href);
	else history.replaceState(null, '', href);
	dispatchEvent(new Event(NAVIGATION_EVENT));
}

/** Turns plain clicks on links between pages of the console into navigation without a reload. Call it once. */
export function interceptLinks(): void {
	document.addEventListener('click', (event) => {
		if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
		const link = event.target instanceof Element ? event.target.closest('a') : null;
		if (link === null || link.target !== '' || link.hasAttribute('download') || link.origin !== location.origin) return;
		if (parseConsoleRoute(link.pathname) === null) return;
		// A link to an anchor of the same page: the browser itself scrolls there, opens collapsed parts, and moves the focus.
		if (link.hash !== '' && link.pathname === location.pathname) return;
		event.preventDefault();
		if (link.href !== location.href) {
			navigate(link.href);
			scrollTo(0, 0);
		}
	});
}
