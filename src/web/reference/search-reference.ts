/** The search of the API reference: hides the operations that do not contain every word. The page is whole without it. */
import { matchesWords } from './match-words.ts';

const field = document.querySelector<HTMLInputElement>('#search input');
const count = document.querySelector<HTMLElement>('#search output');
const sections = [...document.querySelectorAll<HTMLElement>('section[id]')];
const entries = new Map(
	[...document.querySelectorAll<HTMLElement>('#operations li')].map((entry) => [entry.querySelector('a')?.hash.slice(1), entry]),
);
const texts = new Map(sections.map((section) => [section, section.textContent ?? '']));

function search(): void {
	const words = field?.value ?? '';
	let found = 0;
	for (const section of sections) {
		const isFound = matchesWords(texts.get(section) ?? '', words);
		section.hidden = !isFound;
		const entry = entries.get(section.id);
		if (entry !== undefined) entry.hidden = !isFound;
		if (isFound) found += 1;
	}
	if (count !== null) count.textContent = `${found} of ${sections.length} operations`;
}

if (field !== null) {
	document.querySelector<HTMLElement>('#search')?.removeAttribute('hidden');
	field.addEventListener('input', search);
	document.addEventListener('keydown', (event) => {
		if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.target === field) return;
		event.preventDefault();
		field.focus();
	});
	// Browsers keep what was typed when one comes back to a page.
	search();
}
