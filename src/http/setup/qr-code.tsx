import encodeQR from 'qr';

/** Modules of quiet zone around the code (ISO/IEC 18004 §6.3.8: four). */
const QUIET_ZONE_MODULES = 4;

/** A QR code as one path: black on white in every colour scheme, because not every camera reads the inverse. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
	const rows = encodeQR(text, 'raw', { border: QUIET_ZONE_MODULES });
	const path = rows.map((row, y) => row.map((dark, x) => (dark && row[x - 1] !== true ? renderDarkRun(row, x, y) : '')).join('')).join('');
	return (
		<svg class="qr" viewBox={`0 0 ${rows.length} ${rows.length}`} role="img" aria-label={label} shape-rendering="crispEdges">
			<rect width={rows.length} height={rows.length} fill="#fff" />
			<path d={path} fill="#000" />
		</svg>
	);
}

/** The dark modules from x on, as one rectangle. */
function renderDarkRun(row: readonly boolean[], x: number, y: number): string {
	const end = row.indexOf(false, x);
	const width = (end < 0 ? row.length : end) - x;
	return `M${x} ${y}h${width}v1h-${width}z`;
}
