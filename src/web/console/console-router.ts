/** Where the console is: the address bar, read and written. Every page can be reloaded, shared and gone back to. */
import { useEffect, useState } from 'preact/hooks';
import { type ConsoleRoute, parseConsoleRoute } from '../../contract/console-routes.ts';

const NAVIGATION_EVENT = 'console:moved';

export interface ConsoleLocation {
	/** Null: there is no such page. */
	readonly route: ConsoleRoute | null;
	readonly query: URLSearchParams;
	readonly href: string;
}

function currentLocation(): ConsoleLocation {
	return { route: parseConsoleRoute(location.pathname), query: new URLSearchParams(location.search), href: location.href };
}

export function useConsoleLocation(): ConsoleLocation {
	const [now, setNow] = useState(currentLocation);
	useEffect(() => {
		const moved = () => setNow(currentLocation());
		addEventListener('popstate', moved);
		addEventListener(NAVIGATION_EVENT, moved);
		return () => {
			removeEventListener('popstate', moved);
			removeEventListener(NAVIGATION_EVENT, moved);
		};
	}, []);
	return now;
}

/** Goes to a page of the console. */
export function navigate(href: string, how: 'push' | 'replace' = 'push'): void {
	if (how === 'push') history.pushState(null, '', href);
	else history.replaceState(null, '', href);
	dispatchEvent(new Event(NAVIGATION_EVENT));
}

/** Lets plain clicks on links to the console's pages stay in the page. */
export function interceptLinks(): void {
	document.addEventListener('click', (event) => {
		if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
		const link = event.target instanceof Element ? event.target.closest('a') : null;
		if (link === null || link.target !== '' || link.hasAttribute('download') || link.origin !== location.origin) return;
		if (parseConsoleRoute(link.pathname) === null) return;
		// Within the page: the browser scrolls there, opens what is folded, and moves the focus.
		if (link.hash !== '' && link.pathname === location.pathname) return;
		event.preventDefault();
		if (link.href !== location.href) {
			navigate(link.href);
			scrollTo(0, 0);
		}
	});
}
