/** Removes what identifies a person from a line of a log, word by word: accounts, addresses and names of hosts. Times, programs and counts stay. */
import { isIP } from 'node:net';

const ACCOUNT = 'ACCOUNT';
const HOST = 'HOST';
const ADDRESS = 'ADDRESS';

/** Keys whose value is an account, as the servers and the forms of JSON call it. */
const ACCOUNT_KEYS = new Set([
	'sasl_username',
	'sasl_sender',
	'authid',
	'accountname',
	'account',
	'login',
	'user',
	'username',
	'auth_user',
	'authenticated',
]);
/** Keys whose value is a host. */
const HOST_KEYS = new Set(['client', 'relay', 'h', 'helo', 'host', 'hostname', '_hostname', 'orig_client']);

// What ends a word; ":" and "=" belong to it, because addresses have the one, and keys are told by the other.
const SEPARATORS = /([\s<>"(),;[\]{}]+)/;
// In the forms of syslog the name of the host follows the timestamp.
const HOST_BEHIND_STAMP = /^((?:[A-Z][a-z]{2} [ 0-3]\d \d{2}:\d{2}:\d{2}|\d{4}-\d{2}-\d{2}T\S{8,32}) )\S+ /;
const HOST_NAME = /^[\w-]+(?:\.[\w-]+)+\.?$/;
const TOP_LEVEL = /\.[A-Za-z][A-Za-z-]{0,23}[A-Za-z]\.?$/;

export function anonymizeLine(line: string): string {
	const parts = line.replace(HOST_BEHIND_STAMP, '$1HOST ').split(SEPARATORS);
	/** The key to which the next word is the value, and the last word, which becomes one with a sign that stands alone. */
	let key = '';
	let last = '';
	return parts
		.map((part, at) => {
			if (at % 2 === 1 || part === '') return part;
			if (part === '=' || part === ':') {
				key = last;
				return part;
			}
			const own = keyAndValue(part);
			// "connect from c.example.net[192.0.2.7]": whatever stands before an address in brackets is the name of a host.
			const isHost = parts[at + 1]?.startsWith('[') === true && isIP(parts[at + 2] ?? '') !== 0;
			const plain = own.key + own.sign + anonymousWord(own.value, own.key === '' ? key : own.key, isHost);
			key = own.value === '' ? own.key : '';
			last = part;
			return plain;
		})
		.join('');
}

interface KeyAndValue {
	readonly key: string;
	readonly sign: string;
	readonly value: string;
}

/** "rip=192.0.2.7" is a key and its value, "login:" a key without one; a word that is neither is a value alone. */
function keyAndValue(word: string): KeyAndValue {
	const equals = word.indexOf('=');
	if (equals > 0) return { key: word.slice(0, equals), sign: '=', value: word.slice(equals + 1) };
	if (word.endsWith(':') && word.length > 1) return { key: word.slice(0, -1), sign: ':', value: '' };
	return { key: '', sign: '', value: word };
}

function anonymousWord(word: string, key: string, isHost: boolean): string {
	if (word === '') return '';
	const name = key.toLowerCase();
	if (ACCOUNT_KEYS.has(name)) return ACCOUNT;
	// Exim: A=plain_login:alice.
	const colon = word.indexOf(':');
	if (key === 'A' && colon > 0) return `${word.slice(0, colon)}:${ACCOUNT}`;
	if (word.includes('@')) return ACCOUNT;
	const behind = behindAddress(word);
	if (behind !== null) return ADDRESS + behind;
	return isHost || HOST_KEYS.has(name) || (HOST_NAME.test(word) && TOP_LEVEL.test(word)) ? HOST : word;
}

/** The port behind an IP address, which stays; null where there is no address. It may have a zone, and Sendmail's "IPv6:" before it. */
function behindAddress(word: string): string | null {
	const plain = word.startsWith('IPv6:') ? word.slice(5) : word;
	if (isIP(plain) !== 0) return '';
	const colon = plain.lastIndexOf(':');
	return colon > 0 && isIP(plain.slice(0, colon)) !== 0 ? plain.slice(colon) : null;
}
