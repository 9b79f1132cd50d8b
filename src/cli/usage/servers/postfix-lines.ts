/**
 * Reads the parts of a line of Postfix's smtpd(8) that matter. It goes mostly by position and not by patterns, because there are millions
 * of lines, and clients can choose most of their content.
 */

// "fe80::1%eth0" has a zone.
const ADDRESS = /^(?:[\da-fA-F.:]+(?:%[\w.-]+)?|unknown)$/;
/** RFC 1035 §2.3.4, and room for what resolvers make of it. */
const MAX_NAME_LENGTH = 260;
/** 45 characters of IPv6, and a zone. */
const MAX_ADDRESS_LENGTH = 70;
// A queue id, short or long (enable_long_queue_ids), or NOQUEUE before a proxy filter (smtpd_proxy_filter).
const QUEUE_ID = /^(?:[0-9A-F]{5,20}|[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{12,24}|NOQUEUE)$/;

const PEER_SIGNS = ['connect from', 'disconnect from'] as const;
const REFUSED_ACCOUNT = '> sasl_username=';
/** RFC 5321 §4.5.3.1.3. */
const MAX_ACCOUNT_LENGTH = 254;

export interface Peer {
	/** The client's address. */
	readonly client: string;
	/** The text after the client's address. */
	readonly rest: string;
}

/** "host[192.0.2.7]:51234 …"; null where the text does not begin with a client. */
export function peerOf(text: string): Peer | null {
	const open = text.indexOf('[');
	const close = open < 0 || open > MAX_NAME_LENGTH ? -1 : text.indexOf(']', open);
	if (close < 0 || close > open + MAX_ADDRESS_LENGTH || /[\s\]]/.test(text.slice(0, open))) return null;
	const client = text.slice(open + 1, close);
	if (!ADDRESS.test(client)) return null;
	const rest = text.slice(close + 1);
	return { client, rest: rest.startsWith(':') ? rest.replace(/^:\w+/, '') : rest };
}

/** The text of a line after its queue id ("4F2A9: client=…"); null for a line without one. */
export function behindQueueId(message: string): string | null {
	const at = message.indexOf(': ');
	return at < 0 || at > 24 || !QUEUE_ID.test(message.slice(0, at)) ? null : message.slice(at + 2);
}

export function isSmtpdMessage(message: string): boolean {
	// A simple sign is looked for first, because this runs on the lines of all other programs too.
	if (!message.includes('[')) return false;
	const sign = PEER_SIGNS.find((each) => message.startsWith(each));
	if (sign !== undefined) return peerOf(message.slice(sign.length + 1)) !== null;
	return behindQueueId(message)?.startsWith('client=') === true;
}

/** The account at the end of a line about refused mail; null where there was no login. */
export function refusedAccount(text: string): string | null {
	// It stands behind the name that the client gave of itself, helo=<…>, and not in it.
	const at = text.lastIndexOf(REFUSED_ACCOUNT);
	const value = at < 0 ? '' : text.slice(at + REFUSED_ACCOUNT.length);
	const account = value.slice(value.startsWith('<') ? 1 : 0, value.endsWith('>') ? -1 : value.length);
	return account === '' || account.length > MAX_ACCOUNT_LENGTH || /[<>\s]/.test(account) ? null : account;
}

/** How often each command succeeded. */
export interface CommandCounts {
	readonly starttls: number;
	readonly auth: number;
}

/**
 * " ehlo=2 starttls=1 auth=1 mail=1 rcpt=0/1 commands=5/6": successes, and what was tried behind the slash. Null where the line has none
 * (Postfix 2.11, and a line that was cut).
 */
export function commandCounts(stats: string): CommandCounts | null {
	if (!stats.includes(' commands=')) return null;
	return { starttls: countBehind(stats, ' starttls='), auth: countBehind(stats, ' auth=') };
}

/** The number of messages that were taken: DATA, or BDAT since 3.4. */
export function messageCount(stats: string): number {
	return countBehind(stats, ' data=') + countBehind(stats, ' bdat=');
}

function countBehind(stats: string, word: string): number {
	const at = stats.indexOf(word);
	return at < 0 ? 0 : Number.parseInt(stats.slice(at + word.length, at + word.length + 9), 10) || 0;
}

/**
 * The account in ", sasl_method=PLAIN, sasl_username=alice@example.org, sasl_sender=…, orig_client=…"; null where there was no login;
 * undefined where the line was cut before one could stand.
 */
export function accountOf(rest: string): string | null | undefined {
	const line = rest.trimEnd();
	if (line === '') return null;
	if (!line.startsWith(', ')) return undefined;
	const at = line.indexOf(' sasl_username=');
	if (at < 0) return /^(, (orig_queue_id|orig_client)=[^,]*)+$/.test(line.slice(0, 1000)) ? null : undefined;
	const account = line.slice(at + ' sasl_username='.length);
	const end = account.indexOf(', ') < 0 ? account.length : endOfAccount(account);
	return end === 0 ? undefined : account.slice(0, end);
}

function endOfAccount(text: string): number {
	const ends = [', sasl_sender=', ', orig_queue_id=', ', orig_client='].map((word) => text.indexOf(word)).filter((end) => end >= 0);
	return ends.length === 0 ? text.length : Math.min(...ends);
}
