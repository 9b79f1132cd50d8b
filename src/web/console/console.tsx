/** The entry of the admin console: renders the page that the address bar names. */
import { render } from 'preact';
import { App } from './app.tsx';
import { interceptLinks } from './console-router.ts';

const root = document.getElementById('console');
if (root !== null) {
	interceptLinks();
	// The text that the document shows until this script has loaded.
	root.textContent = '';
	render(<App />, root);
}
