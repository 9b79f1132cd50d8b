/** How each protocol greets, lists what it can do, and starts TLS. Nothing here ever logs in. */
import { type Dialogue, type End, line, linesUntil, say } from './dialogue.ts';

export interface Greeting {
	/** The first line, as sent. */
	readonly text: string;
	/** Whether it is this protocol's greeting at all. */
	readonly right: boolean;
	/** IMAP: the server takes the connection for logged in (RFC 3501 §7.1.4). */
	readonly preauth: boolean;
}

/** Null: the server refused to list its capabilities. */
type Capabilities = { readonly capabilities: readonly string[] | null } | { readonly why: End };

export interface Speech {
	readonly kind: 'imap' | 'pop3' | 'smtp' | 'sieve';
	greeting(): Dialogue<Greeting | { readonly why: End }>;
	/** @param greeted true right after the greeting, or right after TLS: where a server may tell unasked */
	capabilities(fresh: boolean): Dialogue<Capabilities>;
	/** The command that asks for TLS, and whether a reply grants it. */
	readonly starttls: string;
	granted(reply: string): boolean;
	offersStarttls(capabilities: readonly string[]): boolean;
	/** Ways to log in, in upper case: SASL mechanisms, and `LOGIN` or `USER` for the protocol's own. */
	mechanisms(capabilities: readonly string[]): readonly string[];
	/** A command that does nothing, to be smuggled in behind STARTTLS. */
	readonly noop: string;
	/** Whether a line, read inside TLS before anything was sent there, can only be the answer to that command. */
	answersNoop(text: string): boolean;
	readonly quit: string;
}

const words = (text: string) => text.trim().toUpperCase().split(/\s+/);

export const imap: Speech = {
	kind: 'imap',
	*greeting() {
		const first = yield* line();
		if ('why' in first) return first;
		return { text: first.text, right: /^\* (OK|PREAUTH)\b/i.test(first.text), preauth: /^\* PREAUTH\b/i.test(first.text) };
	},
	*capabilities() {
		yield* say('a CAPABILITY');
		const listed = yield* linesUntil((text) => /^a (OK|NO|BAD)\b/i.test(text));
		if ('why' in listed) return listed;
		const told = listed.lines.filter((text) => /^\* CAPABILITY\b/i.test(text));
		return { capabilities: told.length === 0 ? null : told.flatMap((text) => words(text).slice(2)) };
	},
	starttls: 'b STARTTLS',
	granted: (reply) => /^b OK\b/i.test(reply),
	offersStarttls: (capabilities) => capabilities.includes('STARTTLS'),
	mechanisms: (capabilities) => [
		...capabilities.filter((word) => word.startsWith('AUTH=')).map((word) => word.slice(5)),
		// RFC 9051 §6.2.3: LOGIN is there unless LOGINDISABLED says otherwise.
		...(capabilities.includes('LOGINDISABLED') ? [] : ['LOGIN']),
	],
	noop: 'c NOOP',
	answersNoop: (text) => /^c\b/i.test(text),
	quit: 'z LOGOUT',
};

export const pop3: Speech = {
	kind: 'pop3',
	*greeting() {
		const first = yield* line();
		return 'why' in first ? first : { text: first.text, right: /^\+OK\b/i.test(first.text), preauth: false };
	},
	*capabilities() {
		yield* say('CAPA');
		const first = yield* line();
		if ('why' in first) return first;
		if (!/^\+OK\b/i.test(first.text)) return { capabilities: null };
		const listed = yield* linesUntil((text) => text === '.');
		return 'why' in listed ? listed : { capabilities: listed.lines.slice(0, -1).map((text) => words(text).join(' ')) };
	},
	starttls: 'STLS',
	granted: (reply) => /^\+OK\b/i.test(reply),
	offersStarttls: (capabilities) => capabilities.includes('STLS'),
	mechanisms: (capabilities) => [
		...capabilities.filter((text) => text.startsWith('SASL ')).flatMap((text) => text.split(' ').slice(1)),
		...(capabilities.includes('USER') ? ['USER'] : []),
	],
	noop: 'NOOP',
	answersNoop: (text) => /^(\+OK|-ERR)/i.test(text),
	quit: 'QUIT',
};

/** The last line of an SMTP reply has a blank behind its code, the others a hyphen (RFC 5321 §4.2.1). */
const lastOfReply = (text: string) => !/^\d{3}-/.test(text);

export const smtp: Speech = {
	kind: 'smtp',
	*greeting() {
		const reply = yield* linesUntil(lastOfReply);
		if ('why' in reply) return reply;
		const [text = ''] = reply.lines;
		return { text, right: /^220\b/.test(text), preauth: false };
	},
	*capabilities() {
		// RFC 2606 §2: .invalid is nobody's name.
		yield* say('EHLO signpost.invalid');
		const reply = yield* linesUntil(lastOfReply);
		if ('why' in reply) return reply;
		if (!reply.lines.every((text) => text.startsWith('250'))) return { capabilities: null };
		return { capabilities: reply.lines.slice(1).map((text) => words(text.slice(4)).join(' ')) };
	},
	starttls: 'STARTTLS',
	granted: (reply) => /^220\b/.test(reply),
	offersStarttls: (capabilities) => capabilities.includes('STARTTLS'),
	// "AUTH=PLAIN" is what Outlook Express once needed; Postfix still says it with broken_sasl_auth_clients.
	mechanisms: (capabilities) => [
		...new Set(capabilities.filter((text) => /^AUTH[ =]/.test(text)).flatMap((text) => text.slice(5).split(' '))),
	],
	noop: 'NOOP',
	answersNoop: (text) => /^[2-5]\d\d\b/.test(text),
	quit: 'QUIT',
};

/** RFC 5804 §1.7: lines of quoted words, closed by OK. */
const closes = (text: string) => /^(OK|NO|BYE)\b/i.test(text);
const unquoted = (text: string) => text.replaceAll('"', '').trim().toUpperCase();

export const sieve: Speech = {
	kind: 'sieve',
	*greeting() {
		const reply = yield* linesUntil(closes);
		if ('why' in reply) return reply;
		const [text = ''] = reply.lines;
		return { text, right: /^"IMPLEMENTATION"/i.test(text) || reply.lines.some((each) => /^OK\b/i.test(each)), preauth: false };
	},
	*capabilities(fresh) {
		// RFC 5804 §2.2: after STARTTLS the server tells its capabilities anew, unasked.
		if (fresh) yield* linesUntil(closes);
		yield* say('CAPABILITY');
		const reply = yield* linesUntil(closes);
		if ('why' in reply) return reply;
		return { capabilities: /^OK\b/i.test(reply.lines[reply.lines.length - 1] ?? '') ? reply.lines.slice(0, -1).map(unquoted) : null };
	},
	starttls: 'STARTTLS',
	granted: (reply) => /^OK\b/i.test(reply),
	offersStarttls: (capabilities) => capabilities.includes('STARTTLS'),
	mechanisms: (capabilities) => capabilities.filter((text) => text.startsWith('SASL ')).flatMap((text) => text.split(/\s+/).slice(1)),
	noop: 'NOOP "signpost"',
	answersNoop: (text) => /TAG.*signpost/i.test(text),
	quit: 'LOGOUT',
};

export const SPEECHES = { imap, pop3, smtp, sieve } as const satisfies Record<Speech['kind'], Speech>;
