/**
 * Reads the parts of a line of Postfix's smtpd(8) that matter. It goes mostly by position and not by patterns, because there are millions
 * of lines, and clients can choose most of their content.
 */

// "connect from host[192.0.2.7]", "disconnect from host[192.0.2.7]:51234 ehlo=1 …"; "fe80::1%eth0" has a zone.
const PEER = /^[^\s[\]]{0,260}\[([\da-fA-F.:]{2,45}(?:%[\w.-]{1,20})?|unknown)\](?::\w{1,8})?/;
// A queue id, short or long (enable_long_queue_ids), or NOQUEUE before a proxy filter (smtpd_proxy_filter).
const QUEUE_ID = /^(?:[0-9A-F]{5,20}|[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{12,24}|NOQUEUE)$/;
// The account follows helo=<…>, which the client can choose, so it must not be searched within that.
const REFUSED_ACCOUNT = /> sasl_username=<?([^<>\s]{1,254})>?$/;
// Messages of Postfix's SMTP server, recognised without the program's name, which a logging daemon may have cut.
const SMTPD_MESSAGE =
	/^(?:(?:dis)?connect from [^\s[\]]{0,260}\[(?:[\da-fA-F.:]{2,45}|unknown)|(?:[0-9A-F]{5,20}|[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{12,24}|NOQUEUE): client=[^\s[\]]{0,260}\[)/;

export interface Peer {
	/** The client's address. */
	readonly client: string;
	/** The text after the client's address. */
	readonly rest: string;
}

/** "host[192.0.2.7]:51234 …"; null where the text does not begin with a client. */
export function peerOf(text: string): Peer | null {
	const peer = PEER.exec(text);
	return peer === null ? null : { client: peer[1] ?? '', rest: text.slice(peer[0].length) };
}

/** The text of a line after its queue id ("4F2A9: client=…"); null for a line without one. */
export function behindQueueId(message: string): string | null {
	const at = message.indexOf(': ');
	return at < 0 || at > 24 || !QUEUE_ID.test(message.slice(0, at)) ? null : message.slice(at + 2);
}

export function isSmtpdMessage(message: string): boolean {
	// Two simple words are tested first, because this runs on the lines of all other programs too.
	return /connect from |: client=/.test(message) && SMTPD_MESSAGE.test(message);
}

/** The account at the end of a line about refused mail; null where there was no login. */
export function refusedAccount(text: string): string | null {
	return text.includes(' sasl_username=') ? (REFUSED_ACCOUNT.exec(text.slice(-300))?.[1] ?? null) : null;
}

/** How often each command succeeded. */
export interface CommandCounts {
	readonly starttls: number;
	readonly auth: number;
	/** Messages that were taken: DATA, or BDAT since 3.4. */
	readonly data: number;
}

/**
 * " ehlo=2 starttls=1 auth=1 mail=1 rcpt=0/1 commands=5/6": successes, and what was tried behind the slash. Null where the line has none
 * (Postfix 2.11, and a line that was cut).
 */
export function commandCounts(stats: string): CommandCounts | null {
	if (!stats.includes(' commands=')) return null;
	return {
		starttls: countBehind(stats, ' starttls='),
		auth: countBehind(stats, ' auth='),
		data: countBehind(stats, ' data=') + countBehind(stats, ' bdat='),
	};
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
