/** Postfix's log of each kind of session, and random mixtures of hosts, days, names and gaps in which the truth is known. */
import fc from 'fast-check';
import { addDays } from '../../../src/lib/time.ts';
import { TODAY } from './sample-logs.ts';

export interface SessionOptions {
	readonly day: string;
	readonly time?: string;
	readonly host?: string;
	readonly tag: string;
	readonly pid: number;
	readonly client?: string;
	/** Null for mail without a login. */
	readonly account: string | null;
	readonly tls: 'implicit' | 'starttls' | 'clear';
	/** Whether Postfix has smtpd_tls_loglevel = 1. */
	readonly tlsLogged?: boolean;
	/** Whether Postfix counts commands (3.0 and later). */
	readonly counts?: boolean;
	/** Whether the mail is refused. */
	readonly refused?: boolean;
}

/** A session as Postfix logs it, line by line. */
export function session(options: SessionOptions): string {
	const { day, time = '10:00:00', host = 'mx', tag, pid, client = '192.0.2.7', account, tls, tlsLogged = false, counts = true } = options;
	const peer = `client.example.net[${client}]`;
	const line = (message: string) => `${day}T${time}.123456+00:00 ${host} ${tag}[${pid}]: ${message}\n`;
	const login = account === null ? '' : `, sasl_method=PLAIN, sasl_username=${account}`;
	const commands = `${tls === 'starttls' ? 'ehlo=2 starttls=1' : 'ehlo=1'}${account === null ? '' : ' auth=1'} mail=1 rcpt=${options.refused === true ? '0/1' : '1 data=1'} quit=1 commands=7`;
	return [
		line(`connect from ${peer}`),
		tlsLogged && tls !== 'clear'
			? line(`Anonymous TLS connection established from ${peer}: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)`)
			: '',
		options.refused === true
			? line(
					`NOQUEUE: reject: RCPT from ${peer}: 554 5.7.1 <x@example.com>: Relay access denied; from=<a@example.org> to=<x@example.com> proto=ESMTP helo=<pc> sasl_username=<${account}>`,
				)
			: line(`4F2A${pid.toString(16).toUpperCase().padStart(4, '0')}: client=${peer}${login}`),
		line(`disconnect from ${peer}${counts ? ` ${commands}` : ''}`),
	].join('');
}

/** Lines of Postfix's other programs, which show that the log has not been filtered. */
export function queueManagerLine(day: string, host = 'mx'): string {
	return `${day}T10:00:01.123456+00:00 ${host} postfix/qmgr[5]: 4F2A0001: removed\n`;
}

/** How a site names its services. Port 25 has no name, as Debian ships it. */
const NAMINGS = [
	{ submissions: 'postfix/submissions/smtpd', submission: 'postfix/submission/smtpd' },
	{ submissions: 'postfix/smtps/smtpd', submission: 'postfix/submission/smtpd' },
	{ submissions: 'postfix/smtps/smtpd', submission: 'postfix/msa/smtpd' },
	{ submissions: 'submissions/smtpd', submission: 'mx-submission/smtpd' },
	{ submissions: 'postfix/submission/smtpd', submission: 'postfix/submission/smtpd' },
	{ submissions: 'postfix/smtpd', submission: 'postfix/smtpd' },
	{ submissions: 'postfix/smtps/smtpd', submission: 'postfix/smtpd' },
	// 465 with 587's name, from an example that was copied, and 587 without one.
	{ submissions: 'postfix/submission/smtpd', submission: 'postfix/smtpd' },
	{ submissions: 'postfix/smtpd', submission: 'postfix/submission/smtpd' },
	{ submissions: 'postfix/submissions/smtpd', submission: 'postfix/smtp-auth/smtpd' },
	// A logging daemon that cuts the names at the slash.
	{ submissions: 'postfix', submission: 'postfix' },
] as const;

/**
 * Ways in which people filter a log: by the service names in the help of older versions, by those and port 25's, or by lines with a login.
 */
const FILTERS: readonly RegExp[] = [
	/ postfix\/submissions?\/smtpd\[/,
	/ postfix\/(?:submissions\/)?smtpd\[/,
	/ postfix\/(?:smtps\/)?smtpd\[/,
	/ sasl_username=/,
	/smtpd\[/,
	/connect from /,
];

const UNNAMED = 'postfix/smtpd';

/** Chooses null in four of five cases. */
function seldom<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
	return fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}

const hostArbitrary = fc.record({
	naming: fc.constantFrom(...NAMINGS),
	/** Days before today between which the names are lost. */
	lost: seldom(fc.tuple(fc.nat(44), fc.nat(44))),
	/** Whether it is 587's name alone that is lost: Postfix says when it reads its configuration anew. */
	lostAlone: fc.boolean(),
	/** Days before today on which Postfix was restarted, be the names the same or not. */
	restarted: seldom(fc.nat(44)),
	/** Days before today between which there is no log. */
	gap: seldom(fc.tuple(fc.nat(44), fc.nat(6))),
	tlsLogged: fc.boolean(),
	counts: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
	/** Who uses 587: nobody, people, devices without a login, or both, also without TLS. */
	over587: fc.constantFrom('nobody', 'nobody', 'nobody', 'people', 'people', 'machines', 'refused', 'clear'),
	/** Days before today on which 587 was used last, and how often before: every so many days. */
	/** Where machines without a login come from: the server's own network, or anywhere. */
	machine: fc.constantFrom('10.0.0.60', '203.0.113.60', '2001:db8::60'),
	last587: fc.nat(45),
	every: fc.integer({ min: 1, max: 9 }),
	/** How many days lie between connections of scanners to 587; null for none. */
	scanned: fc.constantFrom(0, 1, 1, 5, 20),
	/** Whether anybody submits over 465: a host may have machines on 587 alone, or take no submissions. */
	over465: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
	/** Chosen lines only (journalctl -t, grep). */
	filter: fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, { weight: 2, arbitrary: fc.constantFrom(...FILTERS) }),
	/** Days before today on which the logging daemon left lines out: those of 587. */
	suppressed: seldom(fc.nat(29)),
	mail25: fc.boolean(),
});

type RandomHost = typeof hostArbitrary extends fc.Arbitrary<infer T> ? T : never;

export interface LabelledLog {
	/** The choices from which it was made, for readers of a counterexample. */
	readonly made: string;
	readonly log: string;
	/**
	 * Whether 587 is used within the last 30 days that the log has lines of, by somebody whose lines are in the log, or are said to be
	 * missing from it.
	 */
	readonly inUse: boolean;
	/** The accounts that used 587 with STARTTLS, of whom there is a line. */
	readonly accounts: ReadonlySet<string>;
}

const DAYS_LOGGED = 46;

/** One to three hosts. */
export const labelledLog: fc.Arbitrary<LabelledLog> = fc.array(hostArbitrary, { minLength: 1, maxLength: 3 }).map((hosts) => {
	const written = hosts.map((host, at) => writeHost(host, `mx${at + 1}`));
	return {
		made: JSON.stringify(hosts, (_, value) => (value instanceof RegExp ? value.source : value)),
		log: written.map(({ log }) => log).join(''),
		inUse: written.some(({ inUse }) => inUse),
		accounts: new Set(written.flatMap(({ accounts }) => [...accounts])),
	};
});

function writeHost(host: RandomHost, name: string): LabelledLog {
	const accounts = new Set<string>();
	let inUse = false;
	let log = '';
	for (let ago = DAYS_LOGGED - 1; ago >= 0; ago--) {
		if (host.gap !== null && ago <= host.gap[0] && ago > host.gap[0] - host.gap[1]) continue;
		const day = addDays(TODAY, -ago);
		const used = host.over587 !== 'nobody' && ago >= host.last587 && (ago - host.last587) % host.every === 0;
		const lines = writeDay(host, { name, day, ago, used });
		const { filter } = host;
		const kept = filter === null ? lines : lines.filter((line) => filter.test(line));
		const missing = host.suppressed === ago;
		const left = missing ? kept.filter((line) => !line.includes('[600')) : kept;
		log += left.join('');
		if (missing) log += `${day}T23:00:00+00:00 ${name} systemd-journald[1]: Suppressed 1200 messages from postfix.service\n`;
		if (!used) continue;
		// Filtered away or suppressed, somebody still uses it; only what nothing hints at is unknowable.
		if (ago < 30) inUse = true;
		if (host.over587 === 'people' && left.some((line) => line.includes('sasl_username=user'))) accounts.add(`user@${name}.example.org`);
	}
	// A host all of whose lines were filtered out cannot be judged.
	return { made: '', log, inUse: inUse && log !== '', accounts };
}

/** A scanner that connects, reads what is offered and disconnects. */
function scannerLines(header: string): readonly string[] {
	return [
		`${header}: connect from unknown[203.0.113.9]\n`,
		`${header}: disconnect from unknown[203.0.113.9] ehlo=2 starttls=1 quit=1 commands=4\n`,
	];
}

function writeDay(
	host: RandomHost,
	at: { readonly name: string; readonly day: string; readonly ago: number; readonly used: boolean },
): string[] {
	const { name, day, ago, used } = at;
	const lost = host.lost !== null && ago <= Math.max(...host.lost) && ago >= Math.min(...host.lost);
	const tags = lost ? { submissions: host.lostAlone ? host.naming.submissions : UNNAMED, submission: UNNAMED } : host.naming;
	const changes = host.lost !== null && (ago === Math.max(...host.lost) || ago === Math.min(...host.lost) - 1);
	// Where both are lost, logins without a name show it; the line is left out, as if it had gone to another file.
	const reloads = (changes && host.lostAlone) || host.restarted === ago;
	const { tlsLogged } = host;
	// mail-in-a-box, where 465 has 587's name, never ran a Postfix that does not count commands: there the name is taken at its word.
	const counts = host.counts || host.naming.submissions === 'postfix/submission/smtpd';
	const common = { day, host: name, tlsLogged, counts };
	const implicit = session({
		...common,
		tag: tags.submissions,
		pid: 500,
		account: `alice@${name}.example.org`,
		tls: 'implicit',
		time: '09:00:00',
	});
	const people = { ...common, tag: tags.submission, pid: 600, client: '192.0.2.60', account: `user@${name}.example.org` };
	const over587 = {
		nobody: '',
		people: session({ ...people, tls: 'starttls' }),
		machines: session({ ...people, account: null, client: host.machine, tls: 'starttls' }),
		refused: session({ ...people, tls: 'starttls', refused: true }),
		clear: session({ ...people, tls: 'clear' }),
	}[host.over587];
	return [
		...(host.mail25
			? [session({ ...common, tag: UNNAMED, pid: 25, client: '198.51.100.9', account: null, tls: 'starttls', time: '08:00:00' })]
			: []),
		queueManagerLine(day, name),
		...(reloads ? [`${day}T00:00:01+00:00 ${name} postfix/master[9]: reload -- version 3.7.11, configuration /etc/postfix\n`] : []),
		...(host.scanned > 0 && ago % host.scanned === 0 ? scannerLines(`${day}T07:00:00+00:00 ${name} ${tags.submission}[601]`) : []),
		host.over465 ? implicit : '',
		used ? over587 : '',
	].flatMap((text) =>
		text
			.split('\n')
			.filter((line) => line !== '')
			.map((line) => `${line}\n`),
	);
}
