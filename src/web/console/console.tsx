/** The admin console: starts where the address bar says. */
import { render } from 'preact';
import { App } from './app.tsx';
import { catchLinks } from './place.ts';

const root = document.getElementById('console');
if (root !== null) {
	catchLinks();
	// What stood there while this was loading.
	root.textContent = '';
	render(<App />, root);
}
