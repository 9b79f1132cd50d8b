/** The names under which Postfix's services log (syslog_name in master.cf), and the ports that they stand for. */
import type { ServiceKind } from '../evidence/submission.ts';
import { submissionKind } from './port-kinds.ts';

/** Words for 465 and 587. smtps is 465's name until Postfix 3.6 (2021), submissions since. */
const PORT_WORDS: Readonly<Record<string, '465' | '587'>> = {
	submissions: '465',
	smtps: '465',
	ssmtp: '465',
	submission: '587',
};

/**
 * Names of distributions that are known to be neither: mailcow's services for its webmail (588, 590, 591) and its watchdog (589), and the
 * ports on which content filters hand mail back (amavis, and what iRedMail, Modoboa and Zimbra make of it).
 */
const INTERNAL_WORDS = new Set([
	'sogo',
	'watchdog',
	'amavis',
	'reinject',
	'smtp-amavis',
	'dkimmilter',
	'amavisd',
	'10025',
	'10026',
	'10027',
	'10028',
	'10029',
	'10030',
]);

/**
 * The service that a program's name stands for: "postfix/submission/smtpd", "postfix-submission/smtpd", "mx-submission/smtpd",
 * "postfix/smtpd" …
 */
export function postfixServiceKind(program: string): ServiceKind {
	const name = program.slice(0, program.lastIndexOf('/')).toLowerCase();
	const parts = name.split('/');
	// The last part with a meaning decides: in "postfix-smtps/submission" smtps is the name of the instance.
	for (const part of parts.toReversed()) {
		const kind = kindOfPart(part);
		if (kind !== null) return kind;
	}
	// "postfix" alone, or an instance of its own (postfix-out), which postmulti(1) wants to begin so: any port may log under it.
	return /^postfix(-\w+)?$/.test(name) ? 'unnamed' : 'other';
}

/**
 * "smtps-haproxy" (mailcow's, behind a proxy) is 465, "mx-submission" is 587. 25 has its name alone, as "smtp" or "25": "smtp-auth" and an
 * instance "postfix-smtp" may be any port. Words for both, as in "465-and-587", stand for none.
 */
function kindOfPart(part: string): ServiceKind | null {
	if (part === 'smtp' || part === '25') return '25';
	const words = [part, ...part.split(/[-_.@]/)];
	const kinds = new Set(words.flatMap((word) => PORT_WORDS[word] ?? portOfWord(word)));
	const [first, second] = kinds;
	if (first !== undefined) return second === undefined ? first : 'other';
	return words.some((word) => INTERNAL_WORDS.has(word)) ? 'internal' : null;
}

function portOfWord(word: string): readonly ('465' | '587')[] {
	const kind = /^\d{3}$/.test(word) ? submissionKind(Number(word)) : 'other';
	return kind === '465' || kind === '587' ? [kind] : [];
}

/** Whether a program is Postfix's SMTP server. "smtpd" alone is OpenSMTPD's. */
export function isPostfixSmtpd(program: string): boolean {
	return program.endsWith('/smtpd');
}

/**
 * Postfix's other programs, which log in every log of the whole host; the master process is not one of them, as it has a line or two in a
 * month.
 */
const OTHER_DAEMONS: ReadonlySet<string> = new Set([
	...['anvil', 'bounce', 'cleanup', 'discard', 'dnsblog', 'error', 'flush', 'lmtp', 'local', 'oqmgr', 'nqmgr', 'pickup', 'pipe', 'qmqpd'],
	...['postdrop', 'postscreen', 'postsuper', 'qmgr', 'scache', 'sendmail', 'showq', 'smtp', 'tlsmgr', 'tlsproxy', 'trivial-rewrite'],
	...['verify', 'virtual'],
]);

/** @param program as in "postfix/qmgr" */
export function isOtherPostfixDaemon(program: string): boolean {
	const slash = program.lastIndexOf('/');
	return slash >= 0 && OTHER_DAEMONS.has(program.slice(slash + 1));
}

/** What stands behind the instance's name ("postfix/qmgr[812]") anywhere in a line, whatever form the line has. */
const DAEMON_BEHIND_SLASH = /\/([a-z-]{1,20})(?:\[\d{1,10}\])?(?=[:"\s])/g;
const INSTANCE_CHARACTER = /[\w.@+-]/;
const MAX_INSTANCE_LENGTH = 60;

/** The first name of one of them in a line, with its process id where that stands behind it. */
export function findOtherPostfixDaemon(line: string): { readonly index: number; readonly text: string } | null {
	for (const { 0: found, 1: name = '', index: slash } of line.matchAll(DAEMON_BEHIND_SLASH)) {
		if (!OTHER_DAEMONS.has(name)) continue;
		let index = slash;
		while (slash - index < MAX_INSTANCE_LENGTH && INSTANCE_CHARACTER.test(line.charAt(index - 1))) index -= 1;
		if (index < slash) return { index, text: line.slice(index, slash) + found };
	}
	return null;
}

/** The queue manager, which a running Postfix has one of. */
export function isQueueManager(program: string): boolean {
	return program.endsWith('/qmgr');
}
