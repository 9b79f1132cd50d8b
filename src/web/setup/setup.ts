/** The set-up page's script: fills the address in without sending it, copies values, and starts the self-test. All else works without it. */
import { type EmailAddress, parseEmailAddress } from '../../model/names.ts';
import { fillAddress } from '../../model/placeholders.ts';
import { copyText } from '../copy-text.ts';

const form = document.querySelector<HTMLFormElement>('#address-form');
if (form !== null) {
	form.addEventListener('submit', (event) => {
		const field = form.querySelector<HTMLInputElement>('#address');
		const address = parseEmailAddress(field?.value ?? '');
		// Another domain's address, and the page without a domain: the server knows what to do.
		if (field === null || (address !== null && address.domain !== form.dataset.domain)) return;
		// The languages are buttons of this form where it was posted; those reload the page.
		if (event.submitter instanceof HTMLButtonElement && event.submitter.name === 'to') return;
		event.preventDefault();
		if (address === null) field.setAttribute('aria-invalid', 'true');
		else field.removeAttribute('aria-invalid');
		if (address === null) showStatus(form.dataset.bad ?? '', true);
		else fillInAddress(address, form.dataset.done ?? '');
	});
}

function showStatus(text: string, bad: boolean): void {
	const said = document.querySelector('#address-said');
	if (said === null) return;
	said.textContent = text;
	said.classList.toggle('bad', bad);
}

/** Puts the address into every login and into the forms for the profile. */
function fillInAddress(address: EmailAddress, done: string): void {
	for (const login of document.querySelectorAll<HTMLElement>('[data-login]')) {
		login.textContent = fillAddress(login.dataset.login ?? '', address);
		login.hidden = false;
	}
	for (const field of document.querySelectorAll<HTMLInputElement>('input[name="email"]')) field.value = address.text;
	for (const element of document.querySelectorAll<HTMLElement>('[data-with]')) element.hidden = false;
	for (const element of document.querySelectorAll<HTMLElement>('[data-without]')) element.hidden = true;
	showCopyButtons();
	showStatus(done.replace('{address}', `\u2068${address.text}\u2069`), false);
}

/** A copy button shows where there is a value to copy. */
function showCopyButtons(): void {
	for (const button of document.querySelectorAll<HTMLButtonElement>('.copy')) {
		button.hidden = copySourceOf(button)?.hidden !== false;
	}
}

function copySourceOf(button: HTMLElement): HTMLElement | null {
	return button.closest('tr')?.querySelector<HTMLElement>('[data-value]') ?? null;
}

document.addEventListener('click', (event) => {
	const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>('.copy') : null;
	const value = button === null ? null : copySourceOf(button);
	if (button === null || value === null) return;
	void copyText(value).then((copied) => {
		if (copied) confirmCopy(button);
	});
});

/** Says so on the button, and to screen readers, for two seconds. */
function confirmCopy(button: HTMLButtonElement): void {
	const { textContent: words, ariaLabel: label } = button;
	const done = button.dataset.copied ?? '';
	if (words === done) return;
	button.textContent = done;
	button.ariaLabel = done;
	setTimeout(() => {
		button.textContent = words;
		button.ariaLabel = label;
	}, 2000);
}

/** An iPad asks for pages as a Mac does; but a Mac cannot be touched. */
function detectIpad(): void {
	const iphone = document.querySelector<HTMLInputElement>('#way-iphone');
	const mac = document.querySelector<HTMLInputElement>('#way-mac');
	if (iphone === null || mac?.checked !== true || navigator.maxTouchPoints < 2 || !/Macintosh/.test(navigator.userAgent)) return;
	iphone.checked = true;
	document.querySelector('.profile')?.classList.add('here');
	const badge = mac.closest('.choice')?.querySelector('.badge');
	if (badge) iphone.closest('.choice')?.append(badge);
}

/** The languages are a list that closes again. */
function initLanguageMenu(): void {
	const menu = document.querySelector<HTMLDetailsElement>('.languages');
	document.addEventListener('keydown', (event) => {
		if (event.key !== 'Escape' || menu?.open !== true) return;
		menu.open = false;
		menu.querySelector('summary')?.focus();
	});
	// A link would lose the address that was typed, or carry it along; the form does neither.
	menu?.addEventListener('click', (event) => {
		const link = event.target instanceof Element ? event.target.closest('a') : null;
		const typed = form?.querySelector<HTMLInputElement>('#address')?.value ?? '';
		const language = form?.querySelector<HTMLInputElement>('[name="lang"]');
		if (!form || !link || !language || parseEmailAddress(typed) === null) return;
		event.preventDefault();
		language.value = link.hreflang;
		form.submit();
	});
	document.addEventListener('click', (event) => {
		if (menu?.open === true && event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
	});
}

function initSelfTest(): void {
	const button = document.querySelector<HTMLButtonElement>('#test-run');
	if (button === null) return;
	button.hidden = false;
	button.addEventListener('click', () => {
		void import('./run-self-test.ts').then(({ runSelfTest }) => runSelfTest(button));
	});
}

detectIpad();
showCopyButtons();
initLanguageMenu();
initSelfTest();
