/** Sends requests to the Worker through its real entry point, with a real KV behind it. */
import { env, exports } from 'cloudflare:workers';

export const MINIMAL_RECORD =
	'{"kind":"domain","provider":{"name":"Example Mail"},"services":{"imap":{"host":"imap.example.com"},"submission":{"host":"smtp.example.com"}}}';

export function putRecord(name: string, record: string | object): Promise<void> {
	return env.RECORDS.put(`record:${name}`, typeof record === 'string' ? record : JSON.stringify(record));
}

export function fetchWorker(url: string, init?: RequestInit): Promise<Response> {
	return exports.default.fetch(new Request(url, { redirect: 'manual', ...init }));
}

export async function fetchText(url: string, init?: RequestInit): Promise<string> {
	return (await fetchWorker(url, init)).text();
}

export function postBody(url: string, body: string, headers: Record<string, string> = { 'Content-Type': 'text/xml' }): Promise<Response> {
	return fetchWorker(url, { method: 'POST', headers, body });
}

export function autodiscoverRequest(
	address: string,
	schema = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a',
): string {
	return `<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><Request><EMailAddress>${address}</EMailAddress><AcceptableResponseSchema>${schema}</AcceptableResponseSchema></Request></Autodiscover>`;
}

/** A record that can be recognised in answers by its submission host. */
export function recordNamed(name: string): object {
	return {
		kind: 'domain',
		provider: { name },
		services: { imap: { host: `imap.${name}.example` }, submission: { host: `smtp.${name}.example` } },
	};
}
