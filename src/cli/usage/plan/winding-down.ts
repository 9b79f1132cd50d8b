/** Plans how to end 587 without cutting anybody off: who still uses it, what to tell them, the dates, and what changes on the day. */
import { addDays } from '../../../lib/time.ts';
import { clientsCutOff } from '../../../model/fallback-dependents.ts';
import { columns, paint, sanitizeText } from '../../terminal.ts';
import type { LogCounts } from '../evidence/log-counts.ts';
import type { StarttlsUser } from '../evidence/starttls-users.ts';
import type { UsageVerdict } from '../evidence/usage-verdict.ts';
import { type DeviceKind, type RemainingUsers, remainingUsers } from './device-kind.ts';
import { distributionSteps } from './distributions.ts';

export interface WindingDown {
	readonly remaining: RemainingUsers;
	/**
	 * YYYY-MM-DD: the day on which everybody is told, a reminder, the first day on which no client is told of 587, and the day on which the
	 * port is closed.
	 */
	readonly dates: { readonly announce: string; readonly remind: string; readonly until: string; readonly close: string };
	/** A text for each kind of device that still uses 587. */
	readonly letters: readonly { readonly to: DeviceKind; readonly text: string }[];
	/** What changes on the day, in order. */
	readonly steps: readonly string[];
	/** What is special about the mail server distribution, in sentences. */
	readonly distribution: readonly string[];
	/** Who is cut off without having shown in any log. */
	readonly cutsOff: readonly string[];
	/** What to watch afterwards: whether anybody still connects to 587. */
	readonly knocks: string;
}

/**
 * Days from the last day on which clients are offered 587 to the day on which the port closes: existing accounts keep their settings for
 * that long.
 */
const CLOSE_DAYS = 30;

/**
 * @param until YYYY-MM-DD, the first day on which no client is told of 587
 * @param today YYYY-MM-DD
 */
export function planWindingDown(tally: LogCounts, { until, today }: { readonly until: string; readonly today: string }): WindingDown {
	const remaining = remainingUsers(tally);
	const remind = addDays(until, -7);
	const dates = { announce: today, remind: remind > today ? remind : today, until, close: addDays(until, CLOSE_DAYS) };
	const kinds = (['people', 'machines', 'server'] as const).filter((kind) => remaining[kind].length > 0);
	return {
		remaining,
		dates,
		letters: kinds.map((to) => ({ to, text: LETTERS[to](dates.close) })),
		steps: stepsOf(dates),
		distribution: distributionSteps(tally),
		cutsOff: CUTS_OFF,
		knocks: knocksOf(tally, today),
	};
}

const LETTERS: Readonly<Record<DeviceKind, (close: string) => string>> = {
	people: (close) => `Subject: One setting in your mail program changes by ${close}

Your mail program sends mail over port 587. From ${close} on we take mail over port 465 alone, which is encrypted from the first byte.
Open the account's settings for outgoing mail (SMTP), set the port to 465 and the security to "SSL/TLS"; or remove the account and add it
again: your program then finds the new setting by itself (${clientsCutOff()} do not: type it in there). Server, user name and password stay.
Receiving mail is not concerned.`,
	machines: (close) => `Subject: Printers, scanners and applications that send mail: port 465 by ${close}

The device or program below sends mail over port 587. By ${close} set its SMTP port to 465 and its encryption to "SSL/TLS" (also called
"SMTPS" or "implicit TLS"; not "STARTTLS"). If it knows no such setting, answer this message before that day: it would not send any more.`,
	server: (
		close,
	) => `On the server itself, webmail or a script sends to 127.0.0.1 over 587. By ${close} set it to port 465 with TLS (Roundcube: smtp_host = 'ssl://mail.example.org:465'),
or have it hand over its mail with sendmail(1). No autoconfiguration reaches it.`,
};

function stepsOf({ until, close }: WindingDown['dates']): readonly string[] {
	return [
		`${until}: no client is told of 587 any more. Every format leaves it out by itself (autoconfig, Autodiscover, Apple profiles, PACC): "until" in the record says so.`,
		`${until}: DNS. _submission._tcp becomes SRV 0 0 0 . (RFC 6186 §3.4: not offered); _submissions._tcp stays, and _smtps._tcp comes beside it for programs that know that name alone. signpost zone DOMAIN prints it from that day on.`,
		`${close}: firewall. Refuse new connections to 587 (reject, not drop: programs say so at once instead of waiting). Count them first: nft add rule inet filter input tcp dport 587 counter reject with tcp reset`,
		`${close}: master.cf. Put a # before "submission inet … smtpd" and the -o lines below it, then postfix reload. Dovecot as the submission server: inet_listener submission { port = 0 }`,
	];
}

const CUTS_OFF: readonly string[] = [
	`New accounts in ${clientsCutOff()}, which look up _submission._tcp alone: they find no outgoing server, and their users type in 465 by hand.`,
	'Whatever sends less often than the log is long: newsletters, alarms of a backup, a scanner in a holiday house. Give as many logs as there are.',
];

function knocksOf({ lastSeen587 }: LogCounts, today: string): string {
	if (lastSeen587 === null) return 'No line of this log is of a service that is called 587’s: nobody knocks, or it has no name.';
	return lastSeen587 < addDays(today, -7)
		? `Nobody knocks any more: the last line of 587’s service is of ${lastSeen587}.`
		: `587’s service was last knocked at on ${lastSeen587}, be it by scanners.`;
}

const TITLES: Readonly<Record<DeviceKind, string>> = {
	people: 'People (phones, tablets and desktop programs, which a log does not tell apart)',
	machines: 'Printers, scanners, scripts and applications',
	server: 'The server itself',
};

export function renderWindingDown(plan: WindingDown, verdict: UsageVerdict): string {
	const { remaining, dates, letters, steps, cutsOff } = plan;
	const title = (text: string) => `\n${paint('bold', text)}\n`;
	const left = (['people', 'machines', 'server'] as const).flatMap((kind) =>
		remaining[kind].length === 0 ? [] : [`${TITLES[kind]}: ${remaining[kind].length}\n${rows(remaining[kind])}`],
	);
	return [
		title('Who is left'),
		left.length === 0 ? 'Nobody whom this log shows.\n' : left.join(''),
		verdict.answer === 'yes' ? '' : 'The log does not say that it is safe: what follows is the way there.\n',
		...letters.map(({ to, text }) => `${title(`A text: ${TITLES[to]}`)}\n${text}\n`),
		title('Dates'),
		columns([
			[dates.announce, 'tell everybody; signpost usage … --write RECORD --until sets the day in the record'],
			[dates.remind, 'remind those who are left; run this again'],
			[dates.until, 'no client is told of 587'],
			[dates.close, 'the port is closed, if nobody is left'],
		]),
		title('What changes'),
		...steps.map((step) => `  ${step}\n`),
		...(plan.distribution.length === 0 ? [] : [title('Your distribution'), ...plan.distribution.map((text) => `  ${text}\n`)]),
		title('Whom it cuts off, though the log does not show it'),
		...cutsOff.map((text) => `  ${text}\n`),
		`\n${plan.knocks}\n`,
	]
		.join('')
		.trimStart();
}

/** How many users of each kind are named. */
const MAX_NAMED = 50;

function rows(users: readonly StarttlsUser[]): string {
	const shown = users.slice(0, MAX_NAMED).map(({ name, count, last }) => [`  ${sanitizeText(name, 60)}`, `${count}`, `last on ${last}`]);
	return columns(shown) + (users.length > MAX_NAMED ? `  … and ${users.length - MAX_NAMED} more (--json names them all)\n` : '');
}
