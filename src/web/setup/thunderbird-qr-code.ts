/** Draws the QR code for Thunderbird on Android in the browser, so that the address is not sent anywhere. Loaded when an address is entered. */
import { renderQrPath } from '../../lib/presentation/qr-code.ts';
import type { EmailAddress } from '../../model/names.ts';
import { fillThunderbirdQr } from '../../protocols/thunderbird-qr.ts';

const SVG = 'http://www.w3.org/2000/svg';

/** @param box the element with the payload's template in `data-thunderbird-qr` */
export function drawThunderbirdQr(box: HTMLElement, address: EmailAddress): void {
	const place = box.querySelector('.qr-place');
	const payload = fillThunderbirdQr(box.dataset.thunderbirdQr ?? 'null', address);
	if (place === null) return;
	place.replaceChildren(...(payload === null ? [] : [createSvg(payload, (box.dataset.alt ?? '').replace('{address}', address.text))]));
}

function createSvg(text: string, label: string): SVGElement {
	const { size, path } = renderQrPath(text);
	const svg = createElement('svg', {
		class: 'qr',
		viewBox: `0 0 ${size} ${size}`,
		role: 'img',
		'aria-label': label,
		'shape-rendering': 'crispEdges',
	});
	svg.append(
		createElement('rect', { width: String(size), height: String(size), fill: '#fff' }),
		createElement('path', { d: path, fill: '#000' }),
	);
	return svg;
}

function createElement(name: string, attributes: Readonly<Record<string, string>>): SVGElement {
	const element = document.createElementNS(SVG, name);
	for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
	return element;
}
