/** Colours and the contrast between them (WCAG 2.2, "contrast ratio" and "relative luminance"). */

/** Red, green, blue, 0 to 255. */
type Rgb = readonly [number, number, number];

/** The least contrast of text that is not large (WCAG 2.2, 1.4.3). */
const MINIMUM_CONTRAST = 4.5;

const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];

function parseRgb(colour: string): Rgb {
	const value = Number.parseInt(colour.slice(1), 16);
	return [value >> 16, (value >> 8) & 255, value & 255];
}

function renderHex(colour: Rgb): string {
	return `#${colour.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}

function luminance(colour: Rgb): number {
	const [red, green, blue] = colour.map((part) => {
		const share = part / 255;
		return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	}) as [number, number, number];
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrastRatio(one: Rgb, other: Rgb): number {
	const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
	return (lighter + 0.05) / (darker + 0.05);
}

/** The contrast ratio of two colours, each as `#rrggbb`: from 1 (the same) to 21 (black on white). */
export function contrast(one: string, other: string): number {
	return contrastRatio(parseRgb(one), parseRgb(other));
}

/**
 * A colour that is legible on a background, and on which the background's colour is legible: `colour` itself where its contrast is high
 * enough (4.5), otherwise its nearest mix with black or white.
 * @param background `#rrggbb`
 * @param colour `#rrggbb`
 * @returns `#rrggbb`
 */
export function legibleOn(background: string, colour: string): string {
	const ground = parseRgb(background);
	const wanted = parseRgb(colour);
	const end = contrastRatio(BLACK, ground) > contrastRatio(WHITE, ground) ? BLACK : WHITE;
	for (let share = 0; share < 1; share += 0.02) {
		const mixed = wanted.map((part, at) => part + ((end[at] ?? 0) - part) * share).map(Math.round) as [number, number, number];
		if (contrastRatio(mixed, ground) >= MINIMUM_CONTRAST) return renderHex(mixed);
	}
	return renderHex(end);
}
