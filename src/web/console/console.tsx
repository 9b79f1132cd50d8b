/** The admin console: starts where the address bar says. */
import { render } from 'preact';
import { App } from './app.tsx';
import { interceptLinks } from './console-router.ts';

const root = document.getElementById('console');
if (root !== null) {
	interceptLinks();
	// What stood there while this was loading.
	root.textContent = '';
	render(<App />, root);
}
