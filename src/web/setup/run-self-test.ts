/** Sends this service the requests that mail apps send, and shows the servers in its answers. Loaded when the button is pressed. */
import { type EmailAddress, parseEmailAddress } from '../../model/names.ts';
import { autoconfig } from '../../protocols/autoconfig.ts';
import { autodiscoverXml } from '../../protocols/autodiscover-xml.ts';
import { mobileconfig } from '../../protocols/mobileconfig.ts';
import type { Endpoint } from '../../protocols/protocol.ts';
import { type DocumentServer, parseClientDocument } from '../parse-client-document.ts';

interface ClientRequest {
	readonly apps: string;
	readonly endpoint: Endpoint | undefined;
}

/** One request for each format. The names of the programs are the same in every language. */
const CLIENT_REQUESTS: readonly ClientRequest[] = [
	{ apps: 'Thunderbird, K-9 Mail, FairEmail, Evolution …', endpoint: autoconfig.endpoints[0] },
	{ apps: 'Outlook, eM Client', endpoint: autodiscoverXml.endpoints.find(({ method }) => method === 'POST') },
	{ apps: 'iPhone, iPad, Mac', endpoint: mobileconfig.endpoints.find(({ method }) => method === 'POST') },
];

/** Fills the section that contains the button. */
export async function runSelfTest(button: HTMLButtonElement): Promise<void> {
	const section = button.closest<HTMLElement>('.test');
	const said = section?.querySelector<HTMLElement>('#test-said');
	const place = section?.querySelector<HTMLElement>('#test-answers');
	const address = parseEmailAddress(section?.dataset.example ?? '');
	if (!section || !said || !place || address === null) return;
	button.disabled = true;
	said.textContent = section.dataset.running ?? '';
	const answers = await Promise.all(CLIENT_REQUESTS.map((asked) => fetchAsClient(asked, address)));
	place.replaceChildren(...answers.map((answer) => createResponseCard(answer, section.dataset)));
	said.textContent = (section.dataset.done ?? '').replace('{count}', String(answers.filter(({ status }) => status === 200).length));
	button.disabled = false;
}

interface ClientResponse {
	readonly apps: string;
	/** 0 where no answer came. */
	readonly status: number;
	readonly type: string;
	readonly body: string;
}

async function fetchAsClient({ apps, endpoint }: ClientRequest, address: EmailAddress): Promise<ClientResponse> {
	if (endpoint === undefined) return { apps, status: 0, type: '', body: '' };
	const { method, path, query, contentType, body } = endpoint.sampleRequest(address, endpoint.locations[0]);
	const init = method === 'POST' ? { method, body, headers: { 'Content-Type': contentType } } : { method };
	try {
		const response = await fetch(query === '' ? path : `${path}?${query}`, { ...init, cache: 'no-store', credentials: 'omit' });
		return { apps, status: response.status, type: response.headers.get('Content-Type') ?? '', body: await response.text() };
	} catch {
		return { apps, status: 0, type: '', body: '' };
	}
}

function createResponseCard({ apps, status, body }: ClientResponse, words: DOMStringMap): HTMLElement {
	const box = createStyledElement('article', 'card answer');
	const title = createStyledElement('h3', '');
	title.append(createLeftToRight(apps));
	box.append(title);
	if (status !== 200) {
		box.append(createHint(status === 0 ? (words.offline ?? '') : (words.nothing ?? '').replace('{status}', String(status))));
		return box;
	}
	// A signed profile is DER, which cannot be shown as text.
	if (!body.startsWith('<')) {
		box.append(createHint(words.signed ?? ''));
		return box;
	}
	const list = createStyledElement('ul', '');
	for (const server of parseClientDocument(body)) list.append(createServerItem(server));
	const details = document.createElement('details');
	const summary = document.createElement('summary');
	summary.textContent = words.whole ?? '';
	const whole = document.createElement('pre');
	whole.textContent = body;
	whole.tabIndex = 0;
	details.append(summary, whole);
	box.append(list, details);
	return box;
}

function createServerItem({ kind, host, port, security }: DocumentServer): HTMLElement {
	const line = document.createElement('li');
	const code = document.createElement('code');
	code.dir = 'ltr';
	code.textContent = `${kind}  ${host}:${port}  ${security}`;
	line.append(code);
	return line;
}

function createStyledElement(name: string, className: string): HTMLElement {
	const made = document.createElement(name);
	made.className = className;
	return made;
}

function createHint(text: string): HTMLElement {
	const made = createStyledElement('p', 'hint');
	made.textContent = text;
	return made;
}

function createLeftToRight(text: string): HTMLElement {
	const made = createStyledElement('bdi', '');
	made.dir = 'ltr';
	made.textContent = text;
	return made;
}
