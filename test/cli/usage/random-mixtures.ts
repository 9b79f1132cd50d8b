/** Random mixtures of servers, hosts, days, names, gaps and filters in which the truth is known. */
import fc from 'fast-check';
import { addDays } from '../../../src/lib/time.ts';
import { postfixServer, type RandomServer, SERVER_CHOICES, type ServerDay } from './random-logs.ts';
import { TODAY } from './sample-logs.ts';

const OVER_587 = fc.constantFrom('nobody', 'nobody', 'nobody', 'people', 'people', 'machines', 'clear');

/** Whether the log says over which port a session came. */
const PORT_LOGGED = fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) });

/** Chosen lines only, as grep leaves them; null for all of them. */
function filterOf(...filters: readonly RegExp[]): fc.Arbitrary<RegExp | null> {
	return fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, { weight: 2, arbitrary: fc.constantFrom(...filters) });
}

const eximServer: fc.Arbitrary<RandomServer> = fc
	.record({
		...SERVER_CHOICES,
		over587: OVER_587,
		/** By log_selector = +incoming_interface +incoming_port. */
		portLogged: PORT_LOGGED,
		/** Whether it logs through syslog, and not to a file of its own, where no line names the host. */
		syslog: fc.boolean(),
		mail25: fc.boolean(),
		filter: filterOf(/ <= /, / => /, / A=/, /:465 /, / P=esmtps?a /),
	})
	.map((choices) => ({
		choices,
		isOf587: (line) => line.includes('-587-'),
		writeDay: ({ name, host, day, minute, offers465, used }) => {
			function arrival(hour: string, port: number, fields: string): readonly string[] {
				const time = `${hour}:${minute}:00`;
				const header = choices.syslog ? `${day}T${time}+00:00 ${host} exim[77]:` : `${day} ${time}`;
				const id = `1tF4Xy-${String(port).padStart(3, '0')}-${minute}`;
				const local = choices.portLogged ? ` I=[192.0.2.25]:${port}` : '';
				return [
					`${header} ${id} <= a@example.org H=(pc) [192.0.2.60]:52110${local} ${fields} S=600 id=x@y\n`,
					`${header} ${id} => b@example.com R=dnslookup T=remote_smtp H=mx.example.com [198.51.100.1]\n`,
					`${header} ${id} Completed\n`,
				];
			}
			const over587: Readonly<Record<string, string>> = {
				people: `P=esmtpsa X=TLS1.3 CV=no A=plain:user@${name}.example.org`,
				machines: 'P=esmtps X=TLS1.3 CV=no',
				clear: `P=esmtpa A=plain:user@${name}.example.org`,
			};
			const fields = over587[choices.over587];
			return [
				...(choices.mail25 ? arrival('08', 25, 'P=esmtps X=TLS1.3 CV=no') : []),
				...(offers465 && choices.over465 ? arrival('09', 465, `P=esmtpsa X=TLS1.3 CV=no A=plain:alice@${name}.example.org`) : []),
				...(used && fields !== undefined ? arrival('10', 587, fields) : []),
			];
		},
	}));

const dovecotServer: fc.Arbitrary<RandomServer> = fc
	.record({
		...SERVER_CHOICES,
		over587: fc.constantFrom('nobody', 'nobody', 'people', 'proxied'),
		/** By login_log_format_elements. */
		portLogged: PORT_LOGGED,
		/** How many days lie between logins to read mail. */
		imapEvery: fc.constantFrom(1, 1, 3, 10),
		filter: filterOf(/ submission-login: /, / Login: /, /lport=465/),
	})
	.map((choices) => ({
		choices,
		isOf587: (line) => line.includes('session=<587'),
		writeDay: ({ name, host, day, minute, ago, offers465, used }) => {
			function login(service: string, hour: string, port: number, account: string, event = 'Login'): string {
				const fields = `method=PLAIN, rip=192.0.2.60, lip=192.0.2.25, mpid=7, TLS, session=<${port}${day}>`;
				const local = choices.portLogged ? `, lport=${port}` : '';
				return `${day}T${hour}:${minute}:00+00:00 ${host} dovecot[9]: ${service}-login: ${event}: user=<${account}@${name}.example.org>, ${fields}${local}\n`;
			}
			const event = choices.over587 === 'proxied' ? 'Started proxying to remote host (0.02 secs)' : 'Login';
			const mailbox = `${day}T08:${minute}:01+00:00 ${host} dovecot[9]: imap(alice@${name}.example.org)<7><x>: Disconnected: Logged out in=1 out=2\n`;
			return [
				...(ago % choices.imapEvery === 0 ? [mailbox] : []),
				...(ago % choices.imapEvery === 0 ? [login('imap', '08', 993, 'alice')] : []),
				...(offers465 && choices.over465 ? [login('submission', '09', 465, 'alice')] : []),
				...(used ? [login('submission', '10', 587, 'user', event)] : []),
			];
		},
	}));

const openSmtpdServer: fc.Arbitrary<RandomServer> = fc
	.record({ ...SERVER_CHOICES, over587: OVER_587, filter: filterOf(/ smtp authentication /, / smtp connected /) })
	.map((choices) => ({
		choices,
		isOf587: (line) => line.includes(': 587'),
		writeDay: ({ name, host, day, minute, ago, offers465, used }) => {
			function session(hour: string, port: number, account: string | null): readonly string[] {
				const id = `${port}${minute}${String(ago).padStart(11, '0')}`;
				const line = (text: string) => `${day}T${hour}:${minute}:00+00:00 ${host} smtpd[7]: ${id} smtp ${text}\n`;
				const login = `authentication user=${account}@${name}.example.org address=192.0.2.60 host=pc result=ok`;
				return [
					line('connected address=192.0.2.60 host=pc'),
					...(account === null ? [] : [line(login)]),
					line('message msgid=1 size=600 nrcpt=1 proto=ESMTP'),
					line('disconnected reason=quit'),
				];
			}
			return [
				...(offers465 && choices.over465 ? session('09', 465, 'alice') : []),
				...(used ? session('10', 587, choices.over587 === 'machines' ? null : 'user') : []),
			];
		},
	}));

type Ports = Pick<ServerDay, 'offers465' | 'offers587'>;

interface PlacedServer extends Ports {
	readonly server: RandomServer;
}

const BOTH_PORTS: Ports = { offers465: true, offers587: true };

function alone(server: fc.Arbitrary<RandomServer>): fc.Arbitrary<readonly PlacedServer[]> {
	return server.map((each) => [{ server: each, ...BOTH_PORTS }]);
}

/** Two servers on one host, of which each has one of the ports. */
function besidePostfix(other: fc.Arbitrary<RandomServer>): fc.Arbitrary<readonly PlacedServer[]> {
	return fc.tuple(postfixServer, other, fc.boolean()).map(([postfix, beside, has465]) => [
		{ server: postfix, offers465: has465, offers587: !has465 },
		{ server: beside, offers465: !has465, offers587: has465 },
	]);
}

const host: fc.Arbitrary<readonly PlacedServer[]> = fc.oneof(
	{ weight: 6, arbitrary: alone(postfixServer) },
	{ weight: 2, arbitrary: alone(eximServer) },
	{ weight: 2, arbitrary: alone(dovecotServer) },
	{ weight: 1, arbitrary: alone(openSmtpdServer) },
	{ weight: 2, arbitrary: besidePostfix(dovecotServer) },
	{ weight: 1, arbitrary: besidePostfix(eximServer) },
);

const mixture = fc.record({
	hosts: fc.array(host, { minLength: 1, maxLength: 3 }),
	/** Whether all hosts log under one name. */
	isOneName: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
	/** Whether each server's log is a file of its own; else they come in one stream. */
	inFiles: fc.boolean(),
});

export interface LabelledLogs {
	/** The choices from which they were made, for readers of a counterexample. */
	readonly made: string;
	readonly files: readonly string[];
	/**
	 * Whether 587 is used within the last 30 days, by somebody whose lines are in the log, are said to be missing from it, or would stand
	 * behind its end.
	 */
	readonly inUse: boolean;
	/** The accounts that used 587, of whom there is a line. */
	readonly accounts: ReadonlySet<string>;
}

/** Servers on one to three hosts. */
export const labelledLogs: fc.Arbitrary<LabelledLogs> = mixture.map(({ hosts, isOneName, inFiles }) => {
	const servers = hosts.flatMap((all, at) =>
		all.map((placed) => ({ ...placed, name: `mx${at + 1}`, host: isOneName ? 'mx' : `mx${at + 1}` })),
	);
	const written = servers.map(({ server, ...place }, at) => writeServer(server, { ...place, minute: String(10 + at) }));
	const logs = written.map(({ log }) => log);
	const choices = { isOneName, inFiles, hosts: hosts.map((all) => all.map(({ server, ...ports }) => ({ ...ports, ...server.choices }))) };
	return {
		made: JSON.stringify(choices, (_, value) => (value instanceof RegExp ? value.source : value)),
		files: inFiles ? logs : [logs.join('')],
		inUse: written.some(({ inUse }) => inUse),
		accounts: new Set(written.flatMap(({ accounts }) => [...accounts])),
	};
});

const DAYS_LOGGED = 46;

interface WrittenServer {
	readonly log: string;
	readonly inUse: boolean;
	readonly accounts: ReadonlySet<string>;
}

function writeServer({ choices, isOf587, writeDay }: RandomServer, place: Omit<ServerDay, 'day' | 'ago' | 'used'>): WrittenServer {
	const { over587, last587, every, endsAgo, gap, filter, suppressed } = choices;
	const accounts = new Set<string>();
	let inUse = false;
	let log = '';
	for (let ago = DAYS_LOGGED - 1; ago >= 0; ago--) {
		const used = place.offers587 && over587 !== 'nobody' && ago >= last587 && (ago - last587) % every === 0;
		const isInGap = gap !== null && ago <= gap[0] && ago > gap[0] - gap[1];
		// Filtered away, suppressed or behind the end of the log, somebody still uses it; only what nothing hints at is unknowable.
		if (used && ago < 30 && !isInGap) inUse = true;
		if (isInGap || ago < endsAgo) continue;
		const day = addDays(TODAY, -ago);
		const lines = writeDay({ ...place, day, ago, used });
		const kept = filter === null ? lines : lines.filter((line) => filter.test(line));
		const isMissing = suppressed === ago;
		const left = isMissing ? kept.filter((line) => !isOf587(line)) : kept;
		log += left.join('');
		if (isMissing) log += `${day}T23:00:00+00:00 ${place.host} systemd-journald[1]: Suppressed 1200 messages from postfix.service\n`;
		const name = `user@${place.name}.example.org`;
		if (/people|proxied/.test(over587) && left.some((line) => isOf587(line) && line.includes(name))) accounts.add(name);
	}
	// A server all of whose lines were filtered out cannot be judged.
	return { log, inUse: inUse && log !== '', accounts };
}
