/** How each mail protocol greets, lists its capabilities and starts TLS. Nothing here ever logs in. */
import { type Dialogue, type Ended, readLine, readLinesUntil, refusalReason, writeLine } from './dialogue-steps.ts';

export interface Greeting {
	/** The first line, as sent. */
	readonly text: string;
	/** Whether the line is a greeting of this protocol. */
	readonly isExpected: boolean;
	/** IMAP: the server treats the connection as logged in already, with PREAUTH (RFC 3501 §7.1.4). */
	readonly preauth: boolean;
}

/** Null: the server refused to list its capabilities. */
type CapabilityList = { readonly capabilities: readonly string[] | null } | Ended;

export interface MailProtocol {
	readonly kind: 'imap' | 'pop3' | 'smtp' | 'sieve';
	readGreeting(): Dialogue<Greeting | Ended>;
	/** @param fresh true right after the greeting or the start of TLS, where a server may send its capabilities without a command */
	listCapabilities(fresh: boolean): Dialogue<CapabilityList>;
	/** Whether a line says that the server has no time for this client now, in place of a greeting or a reply. */
	isBusyReply(text: string): boolean;
	/** The command that starts TLS, and whether a reply accepts it. */
	readonly starttlsCommand: string;
	grantsStarttls(reply: string): boolean;
	offersStarttls(capabilities: readonly string[]): boolean;
	/** Ways to log in, in upper case: SASL mechanisms, and `LOGIN` or `USER` for the protocol's own. */
	authMechanisms(capabilities: readonly string[]): readonly string[];
	/** A command without effect, to be injected after STARTTLS. */
	readonly noopCommand: string;
	/** Whether a line, read inside TLS before anything was sent there, can only be the answer to that command. */
	isNoopReply(text: string): boolean;
	readonly quitCommand: string;
}

const upperCaseWords = (text: string) => text.trim().toUpperCase().split(/\s+/);

export const imap: MailProtocol = {
	kind: 'imap',
	*readGreeting() {
		const first = yield* readLine();
		if ('ended' in first) return first;
		return { text: first.text, isExpected: /^\* (OK|PREAUTH)\b/i.test(first.text), preauth: /^\* PREAUTH\b/i.test(first.text) };
	},
	*listCapabilities() {
		yield* writeLine('a CAPABILITY');
		const listed = yield* readLinesUntil((text) => /^a (OK|NO|BAD)\b/i.test(text) || imap.isBusyReply(text));
		if ('ended' in listed) return listed;
		const bye = listed.lines.find(imap.isBusyReply);
		if (bye !== undefined) return { ended: refusalReason(bye), said: bye };
		const told = listed.lines.filter((text) => /^\* CAPABILITY\b/i.test(text));
		return { capabilities: told.length === 0 ? null : told.flatMap((text) => upperCaseWords(text).slice(2)) };
	},
	isBusyReply: (text) => /^\* BYE\b/i.test(text),
	starttlsCommand: 'b STARTTLS',
	grantsStarttls: (reply) => /^b OK\b/i.test(reply),
	offersStarttls: (capabilities) => capabilities.includes('STARTTLS'),
	authMechanisms: (capabilities) => [
		...capabilities.filter((word) => word.startsWith('AUTH=')).map((word) => word.slice(5)),
		// RFC 9051 §6.2.3: LOGIN is there unless LOGINDISABLED says otherwise.
		...(capabilities.includes('LOGINDISABLED') ? [] : ['LOGIN']),
	],
	noopCommand: 'c NOOP',
	isNoopReply: (text) => /^c\b/i.test(text),
	quitCommand: 'z LOGOUT',
};

export const pop3: MailProtocol = {
	kind: 'pop3',
	*readGreeting() {
		const first = yield* readLine();
		return 'ended' in first ? first : { text: first.text, isExpected: /^\+OK\b/i.test(first.text), preauth: false };
	},
	*listCapabilities() {
		yield* writeLine('CAPA');
		const first = yield* readLine();
		if ('ended' in first) return first;
		if (pop3.isBusyReply(first.text)) return { ended: refusalReason(first.text), said: first.text };
		if (!/^\+OK\b/i.test(first.text)) return { capabilities: null };
		const listed = yield* readLinesUntil((text) => text === '.');
		return 'ended' in listed ? listed : { capabilities: listed.lines.slice(0, -1).map((text) => upperCaseWords(text).join(' ')) };
	},
	// RFC 3206 §4 and RFC 2449 §8.1.2 name the reasons that pass; servers without these codes say it in words.
	isBusyReply: (text) => /^-ERR\b.{0,80}?(\[SYS\/TEMP\]|\[IN-USE\]|too many|busy|try (again|later)|limit)/i.test(text),
	starttlsCommand: 'STLS',
	grantsStarttls: (reply) => /^\+OK\b/i.test(reply),
	offersStarttls: (capabilities) => capabilities.includes('STLS'),
	authMechanisms: (capabilities) => [
		...capabilities.filter((text) => text.startsWith('SASL ')).flatMap((text) => text.split(' ').slice(1)),
		...(capabilities.includes('USER') ? ['USER'] : []),
	],
	noopCommand: 'NOOP',
	isNoopReply: (text) => /^(\+OK|-ERR)/i.test(text),
	quitCommand: 'QUIT',
};

/** The last line of an SMTP reply has a blank behind its code, the others a hyphen (RFC 5321 §4.2.1). */
const isLastReplyLine = (text: string) => !/^\d{3}-/.test(text);

export const smtp: MailProtocol = {
	kind: 'smtp',
	*readGreeting() {
		const reply = yield* readLinesUntil(isLastReplyLine);
		if ('ended' in reply) return reply;
		const [text = ''] = reply.lines;
		return { text, isExpected: /^220\b/.test(text), preauth: false };
	},
	*listCapabilities() {
		// RFC 2606 §2: no host has a name below .invalid.
		yield* writeLine('EHLO signpost.invalid');
		const reply = yield* readLinesUntil(isLastReplyLine);
		if ('ended' in reply) return reply;
		const busy = reply.lines.find(smtp.isBusyReply);
		if (busy !== undefined) return { ended: refusalReason(busy), said: busy };
		if (!reply.lines.every((text) => text.startsWith('250'))) return { capabilities: null };
		return { capabilities: reply.lines.slice(1).map((text) => upperCaseWords(text.slice(4)).join(' ')) };
	},
	// RFC 5321 §3.8: 421 may come in place of any reply. 450 and 451 (RFC 3463: 4.x.x) are policy servers' ways of saying it.
	isBusyReply: (text) => /^(421|45[01])\b/.test(text),
	starttlsCommand: 'STARTTLS',
	grantsStarttls: (reply) => /^220\b/.test(reply),
	offersStarttls: (capabilities) => capabilities.includes('STARTTLS'),
	// "AUTH=PLAIN" is what Outlook Express once needed; Postfix still says it with broken_sasl_auth_clients.
	authMechanisms: (capabilities) => [
		...new Set(capabilities.filter((text) => /^AUTH[ =]/.test(text)).flatMap((text) => text.slice(5).split(' '))),
	],
	noopCommand: 'NOOP',
	isNoopReply: (text) => /^[2-5]\d\d\b/.test(text),
	quitCommand: 'QUIT',
};

/** RFC 5804 §1.7: lines of quoted words, closed by OK. */
const isClosingResponse = (text: string) => /^(OK|NO|BYE)\b/i.test(text);
const unquoted = (text: string) => text.replaceAll('"', '').trim().toUpperCase();

export const sieve: MailProtocol = {
	kind: 'sieve',
	*readGreeting() {
		const reply = yield* readLinesUntil(isClosingResponse);
		if ('ended' in reply) return reply;
		const [text = ''] = reply.lines;
		return { text, isExpected: /^"IMPLEMENTATION"/i.test(text) || reply.lines.some((each) => /^OK\b/i.test(each)), preauth: false };
	},
	*listCapabilities(fresh) {
		// RFC 5804 §2.2: after STARTTLS the server sends its capabilities again, without a command.
		if (fresh) yield* readLinesUntil(isClosingResponse);
		yield* writeLine('CAPABILITY');
		const reply = yield* readLinesUntil(isClosingResponse);
		if ('ended' in reply) return reply;
		const bye = reply.lines.find(sieve.isBusyReply);
		if (bye !== undefined) return { ended: refusalReason(bye), said: bye };
		return { capabilities: /^OK\b/i.test(reply.lines[reply.lines.length - 1] ?? '') ? reply.lines.slice(0, -1).map(unquoted) : null };
	},
	isBusyReply: (text) => /^BYE\b/i.test(text),
	starttlsCommand: 'STARTTLS',
	grantsStarttls: (reply) => /^OK\b/i.test(reply),
	offersStarttls: (capabilities) => capabilities.includes('STARTTLS'),
	authMechanisms: (capabilities) => capabilities.filter((text) => text.startsWith('SASL ')).flatMap((text) => text.split(/\s+/).slice(1)),
	noopCommand: 'NOOP "signpost"',
	isNoopReply: (text) => text.toUpperCase().includes('TAG') && text.toLowerCase().includes('signpost'),
	quitCommand: 'LOGOUT',
};

export const MAIL_PROTOCOLS = { imap, pop3, smtp, sieve } as const satisfies Record<MailProtocol['kind'], MailProtocol>;
