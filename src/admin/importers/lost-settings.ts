/**
 * What clients would be told otherwise than by the source of an import. It is computed, not collected: the source and the answer that would
 * be served are both read into `AdvertisedSettings`, and every difference is a sentence.
 */
import type { AdvertisedOAuth, AdvertisedServer, AdvertisedSettings, AdvertisedUrl } from '../../protocols/readers/advertised-settings.ts';
import { whyOAuthDoesNotFit, whyServerDoesNotFit, whyServerIsLeftOut, whyUrlDoesNotFit } from './proposed-record.ts';

/** What the format of a source cannot express; its absence there is no difference. */
export interface SilentAbout {
	readonly names: boolean;
	readonly shortName: boolean;
	/** The texts of links to instructions. */
	readonly texts: boolean;
	readonly logins: boolean;
	readonly auth: boolean;
}

/** For formats that can express everything, as autoconfig can. */
export const SILENT_ABOUT_NOTHING: SilentAbout = { names: false, shortName: false, texts: false, logins: false, auth: false };

/**
 * A sentence for each difference; none where clients would be told the same.
 * @param source with the domain filled in for %EMAILDOMAIN%, as clients fill it in
 */
export function lostSettings(source: AdvertisedSettings, served: AdvertisedSettings, silent: SilentAbout): readonly string[] {
	return [
		...serverDifferences(source.servers, served.servers, silent),
		...urlDifferences(source.urls, served.urls, silent),
		...(silent.names ? [] : nameDifferences(source, served, silent)),
		...oauthDifferences(source.oauth, served.oauth),
		...source.more.map(({ path, text }) => `${path}: a record has no field for it${text === '' ? '' : ` (${quote(text)})`}.`),
	];
}

const PROTOCOL_NAMES: Readonly<Record<string, string>> = { imap: 'IMAP', pop3: 'POP3', smtp: 'SMTP', sieve: 'ManageSieve' };
const SECURITY_NAMES = { tls: 'implicit TLS', starttls: 'STARTTLS', plain: 'no encryption' } as const;

function describe({ type, host, port, security }: AdvertisedServer): string {
	const encryption = security === null ? 'unknown encryption' : SECURITY_NAMES[security];
	return `${PROTOCOL_NAMES[type] ?? type.slice(0, 20)} on ${cut(host)}:${port ?? '?'}, ${encryption}`;
}

function isSameServer(a: AdvertisedServer, b: AdvertisedServer): boolean {
	return a.direction === b.direction && a.type === b.type && a.host === b.host && a.port === b.port && a.security === b.security;
}

function serverDifferences(
	source: readonly AdvertisedServer[],
	served: readonly AdvertisedServer[],
	silent: SilentAbout,
): readonly string[] {
	const sentences: string[] = [];
	const left = [...served];
	const pairs: { readonly from: AdvertisedServer; readonly to: AdvertisedServer }[] = [];
	for (const from of source) {
		const at = left.findIndex((to) => isSameServer(from, to));
		const to = left[at];
		if (to === undefined) {
			const again = pairs.some((pair) => isSameServer(pair.from, from));
			const why = again ? 'it is listed twice' : (whyServerDoesNotFit(from) ?? whyServerIsLeftOut(from, source));
			const told = why === null ? `: ${whyNotServed(served)}` : ` is not carried over: ${why}`;
			sentences.push(`${from.path} (${describe(from)})${told}.`);
			continue;
		}
		left.splice(at, 1);
		pairs.push({ from, to });
	}
	for (const { from, to } of pairs) sentences.push(...accessDifferences(`${from.path} (${describe(from)})`, from, to, silent));
	for (const to of left) sentences.push(`Clients would also be told ${describe(to)}, which the source does not name.`);
	for (const direction of ['incoming', 'outgoing'] as const) {
		const before = pairs.filter(({ from }) => from.direction === direction).map(({ to }) => to);
		const after = served.filter((to) => before.includes(to));
		if (before.some((server, at) => server !== after[at]))
			sentences.push(
				`The order of ${direction} servers: the source has ${before.map(describe).join('; then ')}. Clients would be told ${after.map(describe).join('; then ')}.`,
			);
	}
	return sentences;
}

/** That no client is told of a server that the record has, and why. */
function whyNotServed(served: readonly AdvertisedServer[]): string {
	const hasBoth = (['incoming', 'outgoing'] as const).every((direction) =>
		served.some((server) => server.direction === direction && server.type !== 'sieve'),
	);
	return hasBoth
		? 'no client is told of it in this format'
		: 'no client is told of it in this format, which needs an incoming and an outgoing server; one direction has none that a record can hold';
}

type Access = Pick<AdvertisedServer, 'login' | 'auth'>;

function accessDifferences(what: string, from: Access, to: Access, silent: SilentAbout): readonly string[] {
	const sentences: string[] = [];
	if (!silent.logins && from.login !== to.login)
		sentences.push(`${what}: the source has ${loginText(from.login)}; clients would be told ${loginText(to.login)}.`);
	if (!silent.auth && from.auth.join() !== to.auth.join())
		sentences.push(`${what}: the source has ${authText(from.auth)}; clients would be told ${authText(to.auth)}.`);
	return sentences;
}

function loginText(login: string | null): string {
	return login === null ? 'no username' : `the username ${quote(login)}`;
}

function authText(auth: readonly string[]): string {
	return auth.length === 0 ? 'no authentication' : `the authentication ${auth.map(cut).join(', then ')}`;
}

function urlDifferences(source: readonly AdvertisedUrl[], served: readonly AdvertisedUrl[], silent: SilentAbout): readonly string[] {
	const sentences: string[] = [];
	const taken = new Set<AdvertisedUrl>();
	for (const from of source) {
		const to = served.find(({ kind }) => kind === from.kind);
		const what = `${from.path} (${quote(from.url)})`;
		const unfit = whyUrlDoesNotFit(from);
		if (to === undefined || unfit !== null) {
			sentences.push(unfit === null ? `${what}: no client is told of it in this format.` : `${what} is not carried over: ${unfit}.`);
			if (to !== undefined) taken.add(to);
		} else if (taken.has(to)) sentences.push(`${what} is not carried over: a record has one URL of this kind.`);
		else {
			taken.add(to);
			if (!isSameUrl(from.url, to.url)) sentences.push(`${what}: clients would be told ${quote(to.url)}.`);
			sentences.push(...accessDifferences(what, from, to, silent));
		}
	}
	for (const to of served) if (!taken.has(to)) sentences.push(`Clients would also be told of ${to.kind} at ${quote(to.url)}.`);
	return sentences;
}

function nameDifferences(source: AdvertisedSettings, served: AdvertisedSettings, silent: SilentAbout): readonly string[] {
	const sentences: string[] = [];
	const compare = (path: string, from: string | null, to: string | null, isSame = from === to) => {
		if (!isSame) sentences.push(`${path}: the source has ${quoteOrNone(from)}; clients would be told ${quoteOrNone(to)}.`);
	};
	compare('displayName', source.displayName, served.displayName);
	if (!silent.shortName) compare('displayShortName', source.shortName, served.shortName);
	for (let at = 0; at < Math.max(source.documentation.length, served.documentation.length); at += 1) {
		const [from, to] = [source.documentation[at], served.documentation[at]];
		const path = at === 0 ? 'documentation' : `documentation[${at + 1}]`;
		compare(`${path} (its URL)`, from?.url ?? null, to?.url ?? null, from?.url === to?.url || isSameUrl(from?.url, to?.url));
		if (!silent.texts) compare(`${path} (its texts)`, joined(from?.texts), joined(to?.texts));
	}
	return sentences;
}

/** Whether two texts are one URL (RFC 3986 §6.2.2): `https://a.example` and `https://a.example/` are. */
function isSameUrl(a: string | undefined, b: string | undefined): boolean {
	const normalise = (text: string | undefined) => {
		try {
			return new URL(text ?? '').href;
		} catch {
			// A text that is no URL is what it is.
			return text;
		}
	};
	return normalise(a) === normalise(b);
}

function joined(texts: readonly string[] = []): string | null {
	return texts.length === 0 ? null : texts.join(' | ');
}

function oauthDifferences(source: AdvertisedOAuth | null, served: AdvertisedOAuth | null): readonly string[] {
	if (source === null) return served === null ? [] : ['oAuth2: the source has none; clients would be told of one.'];
	if (served === null) {
		return [`oAuth2 is not carried over: ${whyOAuthDoesNotFit(source) ?? 'no answer has it'}.`];
	}
	return (['issuer', 'authUrl', 'tokenUrl', 'scope'] as const).flatMap((name) =>
		source[name] === served[name]
			? []
			: [`oAuth2.${name}: the source has ${quoteOrNone(source[name])}; clients would be told ${quoteOrNone(served[name])}.`],
	);
}

function quoteOrNone(text: string | null): string {
	return text === null ? 'none' : quote(text);
}

function quote(text: string): string {
	return `"${cut(text)}"`;
}

/** A text of a stranger's document, short enough for a sentence. */
function cut(text: string): string {
	return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
