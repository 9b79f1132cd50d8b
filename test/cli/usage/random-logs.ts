/** Postfix's log of each kind of session, and of servers with random names, days and gaps. */
import fc from 'fast-check';

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
	/: connect from /,
];

const UNNAMED = 'postfix/smtpd';

/** Chooses null in four of five cases. */
export function seldom<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
	return fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}

/** What is chosen for a server of any kind. */
export const SERVER_CHOICES = {
	/** Days before today between which there is no log. */
	gap: seldom(fc.tuple(fc.nat(44), fc.nat(6))),
	/** How many days before today its log ends, while those of others go on. */
	endsAgo: fc.oneof({ weight: 14, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(44) }),
	/** Days before today on which 587 was used last, and how often before: every so many days. */
	last587: fc.nat(45),
	every: fc.integer({ min: 1, max: 9 }),
	/** Whether anybody submits over 465: a host may have machines on 587 alone, or take no submissions. */
	over465: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
	/** Days before today on which the logging daemon left lines out: those of 587. */
	suppressed: seldom(fc.nat(29)),
};

/** A day of a server, for the function that writes its lines. */
export interface ServerDay {
	/** The server's name; also that of its accounts' domain. */
	readonly name: string;
	/** What its log calls it; two servers may have one name. */
	readonly host: string;
	readonly day: string;
	/** In which minute of an hour everything happens: two servers never do the same thing in the same second. */
	readonly minute: string;
	/** How many days before today. */
	readonly ago: number;
	/** Of two servers on one host, each port belongs to one. */
	readonly offers465: boolean;
	readonly offers587: boolean;
	/** Whether 587 is used on this day, unless nobody ever uses it. */
	readonly used: boolean;
}

/** A server with all that was chosen for it. */
export interface RandomServer {
	readonly choices: {
		readonly gap: readonly [number, number] | null;
		readonly endsAgo: number;
		readonly last587: number;
		readonly every: number;
		readonly suppressed: number | null;
		readonly over587: string;
		readonly filter: RegExp | null;
	};
	/** Whether a line is about 587. */
	readonly isOf587: (line: string) => boolean;
	readonly writeDay: (day: ServerDay) => readonly string[];
}

const postfixChoices = fc.record({
	...SERVER_CHOICES,
	naming: fc.constantFrom(...NAMINGS),
	/** Days before today between which the names are lost. */
	lost: seldom(fc.tuple(fc.nat(44), fc.nat(44))),
	/** Whether it is 587's name alone that is lost: Postfix says when it reads its configuration anew. */
	lostAlone: fc.boolean(),
	/** Days before today on which Postfix was restarted, be the names the same or not. */
	restarted: seldom(fc.nat(44)),
	tlsLogged: fc.boolean(),
	counts: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
	/** Who uses 587: nobody, people, devices without a login, or both, also without TLS. */
	over587: fc.constantFrom('nobody', 'nobody', 'nobody', 'people', 'people', 'machines', 'refused', 'clear'),
	/** Where machines without a login come from: the server's own network, or anywhere. */
	machine: fc.constantFrom('10.0.0.60', '203.0.113.60', '2001:db8::60'),
	/** How many days lie between connections of scanners to 587; null for none. */
	scanned: fc.constantFrom(0, 1, 1, 5, 20),
	/** Chosen lines only (journalctl -t, grep). */
	filter: fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, { weight: 2, arbitrary: fc.constantFrom(...FILTERS) }),
	mail25: fc.boolean(),
});

type RandomPostfix = typeof postfixChoices extends fc.Arbitrary<infer T> ? T : never;

/** A scanner that connects, reads what is offered and disconnects. */
function scannerLines(header: string, counts: boolean): readonly string[] {
	return [
		`${header}: connect from unknown[203.0.113.9]\n`,
		`${header}: disconnect from unknown[203.0.113.9]${counts ? ' ehlo=2 starttls=1 quit=1 commands=4' : ''}\n`,
	];
}

export const postfixServer: fc.Arbitrary<RandomServer> = postfixChoices.map((choices) => ({
	choices,
	isOf587: (line) => line.includes('[600'),
	writeDay: (day) => writeDay(choices, day),
}));

function writeDay(host: RandomPostfix, { name, host: hostName, day, minute, ago, offers465, offers587, used }: ServerDay): string[] {
	const lost = host.lost !== null && ago <= Math.max(...host.lost) && ago >= Math.min(...host.lost);
	const tags = lost ? { submissions: host.lostAlone ? host.naming.submissions : UNNAMED, submission: UNNAMED } : host.naming;
	const changes = host.lost !== null && (ago === Math.max(...host.lost) || ago === Math.min(...host.lost) - 1);
	// Where both are lost, logins without a name show it; the line is left out, as if it had gone to another file.
	const reloads = (changes && host.lostAlone) || host.restarted === ago;
	const { tlsLogged } = host;
	// mail-in-a-box, where 465 has 587's name, never ran a Postfix that does not count commands: there the name is taken at its word.
	const counts = host.counts || host.naming.submissions === 'postfix/submission/smtpd';
	const common = { day, host: hostName, tlsLogged, counts };
	const implicit = session({
		...common,
		tag: tags.submissions,
		pid: 500,
		account: `alice@${name}.example.org`,
		tls: 'implicit',
		time: `09:${minute}:00`,
	});
	const people = {
		...common,
		time: `10:${minute}:00`,
		tag: tags.submission,
		pid: 600,
		client: '192.0.2.60',
		account: `user@${name}.example.org`,
	};
	const over587 = {
		nobody: '',
		people: session({ ...people, tls: 'starttls' }),
		machines: session({ ...people, account: null, client: host.machine, tls: 'starttls' }),
		refused: session({ ...people, tls: 'starttls', refused: true }),
		clear: session({ ...people, tls: 'clear' }),
	}[host.over587];
	return [
		...(host.mail25
			? [session({ ...common, tag: UNNAMED, pid: 25, client: '198.51.100.9', account: null, tls: 'starttls', time: `08:${minute}:00` })]
			: []),
		queueManagerLine(day, hostName),
		...(reloads ? [`${day}T00:00:01+00:00 ${hostName} postfix/master[9]: reload -- version 3.7.11, configuration /etc/postfix\n`] : []),
		...(offers587 && host.scanned > 0 && ago % host.scanned === 0
			? scannerLines(`${day}T07:${minute}:00+00:00 ${hostName} ${tags.submission}[601]`, counts)
			: []),
		offers465 && host.over465 ? implicit : '',
		used ? over587 : '',
	].flatMap((text) =>
		text
			.split('\n')
			.filter((line) => line !== '')
			.map((line) => `${line}\n`),
	);
}
