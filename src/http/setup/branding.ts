/** The operator's colour and logo, as far as a strict Content-Security-Policy lets them. */
import { legibleOn } from '../../lib/colour.ts';
import { sha256Base64 } from '../../lib/digest.ts';

/** The grounds on which the accent must be read: the less favourable of each scheme's in src/web/tokens.css. */
const BACKGROUND = { light: '#f4f5f9', dark: '#20242e' } as const;

/** A style sheet that sets the accent; empty where the operator has no colour. */
export function renderThemeStyle(colour: string | undefined): string {
	if (colour === undefined) return '';
	const light = `:root{--brand:${colour};--accent:${legibleOn(BACKGROUND.light, colour)}}`;
	return `${light}@media (prefers-color-scheme:dark){:root{--accent:${legibleOn(BACKGROUND.dark, colour)}}}`;
}

/** The policy of a page: its own origin and nothing else, but for the theme, by its digest, and the operator's logo, by its URL. */
export async function contentSecurityPolicy(style: string, logo: string | undefined): Promise<string> {
	const styles = style === '' ? "'self'" : `'self' 'sha256-${await sha256Base64(style)}'`;
	const images = logo === undefined || logo.startsWith('data:') ? '' : ` ${logo.replace(/\?.*$/, '')}`;
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
