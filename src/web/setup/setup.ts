/** The set-up page's script: fills in the address without sending it, copies values, and starts the self-test. The page works without it. */
import { type EmailAddress, parseEmailAddress } from '../../model/names.ts';
import { fillAddress, fillAddressIntoUrl } from '../../model/placeholders.ts';
import { copyText } from '../copy-text.ts';
import { initShareButtons } from './share-text.ts';

/** Where the start page leaves the address for the page of its domain: in the browser's tab, never in the URL. */
const ADDRESS_STORAGE_KEY = 'signpost:address';

const form = document.querySelector<HTMLFormElement>('#address-form');
const addressField = form?.querySelector<HTMLInputElement>('#address') ?? null;

function initAddressForm(form: HTMLFormElement, field: HTMLInputElement): void {
	// The page's own messages are in its language; the browser's are not.
	form.noValidate = true;
	form.addEventListener('submit', (event) => {
		// The languages are buttons of this form where it was posted; those reload the page.
		if (event.submitter instanceof HTMLButtonElement && event.submitter.name === 'to') return;
		event.preventDefault();
		const address = parseEmailAddress(field.value.trim());
		const { domain, bad = '', other = '', unknown = '', done = '' } = form.dataset;
		if (address === null) showError(field, bad);
		else if (domain === undefined) void openDomainPage(field, address, unknown);
		else if (address.domain !== domain) showError(field, other);
		else fillInAddress(field, address, done);
	});
	const stored = parseEmailAddress(takeStoredAddress());
	if (stored === null || stored.domain !== form.dataset.domain) return;
	field.value = stored.text;
	fillInAddress(field, stored, form.dataset.done ?? '');
}

/** Goes to the page of the address's domain. Only the domain is sent. */
async function openDomainPage(field: HTMLInputElement, address: EmailAddress, unknown: string): Promise<void> {
	const language = form?.querySelector<HTMLInputElement>('[name="lang"]')?.value ?? '';
	const url = `/setup/${address.domain}?lang=${language}`;
	try {
		const { status } = await fetch(url);
		if (status === 404) {
			showError(field, unknown);
			return;
		}
		sessionStorage.setItem(ADDRESS_STORAGE_KEY, address.text);
	} catch {
		// Without storage the address is typed again; without a connection the browser says so on the next page.
	}
	location.assign(url);
}

function takeStoredAddress(): string {
	try {
		const stored = sessionStorage.getItem(ADDRESS_STORAGE_KEY) ?? '';
		sessionStorage.removeItem(ADDRESS_STORAGE_KEY);
		return stored;
	} catch {
		return '';
	}
}

function showError(field: HTMLInputElement, text: string): void {
	field.setAttribute('aria-invalid', 'true');
	showStatus(text, true);
	field.focus();
}

function showStatus(text: string, isError: boolean): void {
	const status = document.querySelector('#address-said');
	if (status === null) return;
	status.textContent = text;
	status.classList.toggle('bad', isError);
}

/** Puts the address into every user name and URL, into the forms for the profile, and into the QR code for Thunderbird. */
function fillInAddress(field: HTMLInputElement, address: EmailAddress, done: string): void {
	field.removeAttribute('aria-invalid');
	for (const login of document.querySelectorAll<HTMLElement>('[data-login]')) {
		login.textContent = fillAddress(login.dataset.login ?? '', address);
		login.hidden = false;
	}
	for (const value of document.querySelectorAll<HTMLElement>('[data-url]')) {
		// An address that cannot stand in a URL has no such service.
		value.textContent = fillAddressIntoUrl(value.dataset.url ?? '', address);
		value.hidden = value.textContent === '';
	}
	for (const input of document.querySelectorAll<HTMLInputElement>('input[name="email"]')) input.value = address.text;
	for (const element of document.querySelectorAll<HTMLElement>('[data-with]')) element.hidden = false;
	for (const element of document.querySelectorAll<HTMLElement>('[data-without]')) element.hidden = true;
	showCopyButtons();
	showStatus(done.replace('{address}', `\u2068${address.text}\u2069`), false);
	const box = document.querySelector<HTMLElement>('[data-thunderbird-qr]');
	if (box !== null) loadAndDrawThunderbirdQr(box, address);
}

function loadAndDrawThunderbirdQr(box: HTMLElement, address: EmailAddress): void {
	const showFailure = (hasFailed: boolean) => {
		for (const element of box.querySelectorAll<HTMLElement>('[data-load-failed]')) element.hidden = !hasFailed;
		// Without a code there is nothing to scan.
		for (const element of box.querySelectorAll<HTMLElement>('[data-with]')) element.hidden = hasFailed;
	};
	import('./thunderbird-qr-code.ts').then(
		({ drawThunderbirdQr }) => {
			drawThunderbirdQr(box, address);
			showFailure(false);
		},
		() => showFailure(true),
	);
}

/** Shows the copy buttons of rows that have a value. */
function showCopyButtons(): void {
	for (const button of document.querySelectorAll<HTMLButtonElement>('.copy')) {
		button.hidden = copySourceOf(button)?.hidden !== false;
	}
}

function copySourceOf(button: HTMLElement): HTMLElement | null {
	return button.closest('tr')?.querySelector<HTMLElement>('[data-value]') ?? null;
}

function initCopyButtons(): void {
	showCopyButtons();
	document.addEventListener('click', (event) => {
		const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>('.copy') : null;
		const value = button === null ? null : copySourceOf(button);
		if (button === null || value === null) return;
		void copyText(value).then((copied) => {
			if (copied) confirmCopy(button, button.dataset.copied ?? '');
		});
	});
}

/** Shows on the button for two seconds that the value was copied; screen readers announce it. */
function confirmCopy(button: HTMLButtonElement, confirmation: string): void {
	const { textContent, ariaLabel } = button;
	if (textContent === confirmation) return;
	button.textContent = confirmation;
	button.ariaLabel = confirmation;
	setTimeout(() => {
		button.textContent = textContent;
		button.ariaLabel = ariaLabel;
	}, 2000);
}

/** An iPad asks for pages as a Mac does, but a Mac has no touch screen. */
function detectIpad(): void {
	const iphone = document.querySelector<HTMLInputElement>('#way-iphone');
	const mac = document.querySelector<HTMLInputElement>('#way-mac');
	if (iphone === null || mac?.checked !== true || navigator.maxTouchPoints < 2 || !/Macintosh/.test(navigator.userAgent)) return;
	iphone.checked = true;
	document.querySelector('.profile')?.classList.add('here');
	const badge = mac.closest('.choice')?.querySelector('.badge');
	if (badge) iphone.closest('.choice')?.append(badge);
}

/** Closes the language menu on Escape and on clicks elsewhere, and keeps the address when the language changes. */
function initLanguageMenu(): void {
	const menu = document.querySelector<HTMLDetailsElement>('.languages');
	document.addEventListener('keydown', (event) => {
		if (event.key !== 'Escape' || menu?.open !== true) return;
		menu.open = false;
		menu.querySelector('summary')?.focus();
	});
	// The address stays in the tab's storage, because a link would lose it, and a URL must not carry it.
	menu?.addEventListener('click', (event) => {
		const link = event.target instanceof Element ? event.target.closest('a') : null;
		const address = parseEmailAddress(addressField?.value ?? '');
		if (link === null || address === null) return;
		try {
			sessionStorage.setItem(ADDRESS_STORAGE_KEY, address.text);
		} catch {
			// Without storage the address is typed again.
		}
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
		import('./run-self-test.ts').then(
			({ runSelfTest }) => runSelfTest(button),
			() => {
				const said = document.querySelector('#test-said');
				if (said !== null) said.textContent = button.closest<HTMLElement>('.test')?.dataset.loadFailed ?? '';
			},
		);
	});
}

detectIpad();
initCopyButtons();
if (form !== null && addressField !== null) initAddressForm(form, addressField);
initLanguageMenu();
initShareButtons(confirmCopy);
initSelfTest();
