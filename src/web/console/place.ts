/** Where the console is: the address bar, read and written. Every page can be reloaded, shared and gone back to. */
import { useEffect, useState } from 'preact/hooks';
import { type Place, parsePlace } from '../../contract/console-pages.ts';

const MOVED = 'console:moved';

export interface Here {
	/** Null: there is no such page. */
	readonly place: Place | null;
	readonly query: URLSearchParams;
	readonly href: string;
}

function here(): Here {
	return { place: parsePlace(location.pathname), query: new URLSearchParams(location.search), href: location.href };
}

export function useHere(): Here {
	const [now, setNow] = useState(here);
	useEffect(() => {
		const moved = () => setNow(here());
		addEventListener('popstate', moved);
		addEventListener(MOVED, moved);
		return () => {
			removeEventListener('popstate', moved);
			removeEventListener(MOVED, moved);
		};
	}, []);
	return now;
}

/** Goes to a page of the console. */
export function go(href: string, how: 'push' | 'replace' = 'push'): void {
	if (how === 'push') history.pushState(null, '', href);
	else history.replaceState(null, '', href);
	dispatchEvent(new Event(MOVED));
}

/** Lets plain clicks on links to the console's pages stay in the page. */
export function catchLinks(): void {
	document.addEventListener('click', (event) => {
		if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
		const link = event.target instanceof Element ? event.target.closest('a') : null;
		if (link === null || link.target !== '' || link.hasAttribute('download') || link.origin !== location.origin) return;
		if (parsePlace(link.pathname) === null) return;
		// Within the page: the browser scrolls there, opens what is folded, and moves the focus.
		if (link.hash !== '' && link.pathname === location.pathname) return;
		event.preventDefault();
		if (link.href !== location.href) {
			go(link.href);
			scrollTo(0, 0);
		}
	});
}
