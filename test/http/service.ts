/** The Worker, through its real entry point, and its real KV. */
import { env, exports } from 'cloudflare:workers';

export const MINIMAL =
	'{"kind":"domain","provider":{"name":"Example Mail"},"services":{"imap":{"host":"imap.example.com"},"submission":{"host":"smtp.example.com"}}}';

export function put(name: string, record: string | object): Promise<void> {
	return env.RECORDS.put(`record:${name}`, typeof record === 'string' ? record : JSON.stringify(record));
}

export function ask(url: string, init?: RequestInit): Promise<Response> {
	return exports.default.fetch(new Request(url, { redirect: 'manual', ...init }));
}

export async function text(url: string, init?: RequestInit): Promise<string> {
	return (await ask(url, init)).text();
}

export function post(url: string, body: string, headers: Record<string, string> = { 'Content-Type': 'text/xml' }): Promise<Response> {
	return ask(url, { method: 'POST', headers, body });
}

export function autodiscover(
	address: string,
	schema = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a',
): string {
	return `<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><Request><EMailAddress>${address}</EMailAddress><AcceptableResponseSchema>${schema}</AcceptableResponseSchema></Request></Autodiscover>`;
}

/** A record whose submission host tells which record it is. */
export function recordOf(name: string): object {
	return {
		kind: 'domain',
		provider: { name },
		services: { imap: { host: `imap.${name}.example` }, submission: { host: `smtp.${name}.example` } },
	};
}
