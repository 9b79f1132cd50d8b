/** The operator's colour and logo on the page, within a strict Content-Security-Policy. */

import { sha256Base64 } from '../../lib/digest.ts';
import { legibleOn } from '../../lib/presentation/colour.ts';

/** The backgrounds on which the accent must be legible: the page's in the light scheme, sunken parts in the dark one (src/web/design-tokens.css). */
const BACKGROUND = { light: '#f4f5f9', dark: '#20242e' } as const;

/** A style sheet that sets the accent colour, made legible for both schemes; empty where the record has no colour. */
export function renderThemeStyle(colour: string | undefined): string {
	if (colour === undefined) return '';
	const light = `:root{--brand:${colour};--accent:${legibleOn(BACKGROUND.light, colour)}}`;
	return `${light}@media (prefers-color-scheme:dark){:root{--accent:${legibleOn(BACKGROUND.dark, colour)}}}`;
}

/** The Content-Security-Policy of a page: its own origin, the theme by its digest, the operator's logo by its URL, and nothing else. */
export async function contentSecurityPolicy(style: string, logo: string | undefined): Promise<string> {
	const styles = style === '' ? "'self'" : `'self' 'sha256-${await sha256Base64(style)}'`;
	const images = logo === undefined || logo.startsWith('data:') ? '' : ` ${logo.split('?', 1).join('')}`;
	return [
		"default-src 'none'",
		`style-src ${styles}`,
		"script-src 'self'",
		`img-src 'self' data:${images}`,
		"connect-src 'self'",
		"form-action 'self'",
		"base-uri 'none'",
		"frame-ancestors 'none'",
	].join('; ');
}
