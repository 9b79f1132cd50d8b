/** The buttons of the text for new users: copy it as text or with formatting, and print it as a card. */
import { copyText } from '../copy-text.ts';

export function initShareButtons(onCopied: (button: HTMLButtonElement, label: string) => void): void {
	const source = document.querySelector<HTMLElement>('#share-text');
	const buttons = document.querySelector<HTMLElement>('#share-buttons');
	if (source === null || buttons === null) return;
	buttons.hidden = false;
	buttons.addEventListener('click', (event) => {
		const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>('[data-share]') : null;
		if (button === null) return;
		if (button.dataset.share === 'print') {
			printCard();
			return;
		}
		void copyShareText(source, button.dataset.share === 'html').then((copied) => {
			if (copied) onCopied(button, source.dataset.copied ?? '');
		});
	});
}

/** Both ways carry plain text, one carries HTML too. Where the clipboard is refused, the text is selected. */
async function copyShareText(source: HTMLElement, withFormatting: boolean): Promise<boolean> {
	const text = renderPlainText(source);
	try {
		if (withFormatting)
			await navigator.clipboard.write([
				new ClipboardItem({
					'text/plain': new Blob([text], { type: 'text/plain' }),
					'text/html': new Blob([renderHtml(source)], { type: 'text/html' }),
				}),
			]);
		else await navigator.clipboard.writeText(text);
		return true;
	} catch {
		await copyText(source);
		return false;
	}
}

/** One paragraph or list entry per line; the QR code is left out. */
function renderPlainText(source: HTMLElement): string {
	const lines = [...source.querySelectorAll('p, li')].map((element) => {
		const line = (element.textContent ?? '').trim().replace(/\s+/g, ' ');
		return element.localName === 'li' ? `- ${line}` : `${line}\n`;
	});
	const lastEntry = lines.findLastIndex((line) => line.startsWith('- '));
	// An empty line separates the list from what follows it.
	return `${lines.map((line, at) => (at === lastEntry ? `${line}\n` : line)).join('\n')}\n`;
}

/** Paragraphs, the list and the link, without classes, scripts or the QR code. */
function renderHtml(source: HTMLElement): string {
	const copy = document.createElement('div');
	for (const element of source.querySelectorAll(':scope > p, :scope > ul')) copy.append(element.cloneNode(true));
	for (const element of copy.querySelectorAll('*'))
		for (const { name } of [...element.attributes]) if (name !== 'href' && name !== 'dir') element.removeAttribute(name);
	return copy.innerHTML;
}

/** Prints the card alone: the style sheet hides everything else while the class is set. */
function printCard(): void {
	document.documentElement.classList.add('print-card');
	addEventListener('afterprint', () => document.documentElement.classList.remove('print-card'), { once: true });
	print();
}
