/** QR codes as the path of an SVG image. The server and the scripts of its pages use the same code. */
import encodeQR from 'qr';

/** Modules of quiet zone around the code (ISO/IEC 18004 §6.3.8: four). */
const QUIET_ZONE_MODULES = 4;

export interface QrPath {
	/** Width and height in modules, quiet zone included: the view box. */
	readonly size: number;
	/** The dark modules, as the `d` of one path. */
	readonly path: string;
}

/** Encodes a text of at most 2,953 bytes; a longer one throws. */
export function renderQrPath(text: string): QrPath {
	const rows = encodeQR(text, 'raw', { border: QUIET_ZONE_MODULES });
	const path = rows.map((row, y) => row.map((dark, x) => (dark && row[x - 1] !== true ? renderDarkRun(row, x, y) : '')).join('')).join('');
	return { size: rows.length, path };
}

/** The dark modules from x on, as one rectangle. */
function renderDarkRun(row: readonly boolean[], x: number, y: number): string {
	const end = row.indexOf(false, x);
	const width = (end < 0 ? row.length : end) - x;
	return `M${x} ${y}h${width}v1h-${width}z`;
}
