/** The table of docs/clients.md that says what each real client was set up with, from the outcomes that `npm run test:clients` records. */

/** One client and one record, as test/real-clients/outcomes.json has it. */
export interface RecordedOutcome<Client extends string = string> {
	readonly client: Client;
	readonly record: string;
	/** Such as `imap imap.example.com:993 tls`; `made up` stands for a host that no record names. Null where no account was made. */
	readonly incoming: string | null;
	readonly outgoing: string | null;
	readonly login: string;
	/** Thunderbird: the domain that it asks the user about. */
	readonly asks?: string;
	/**
	 * How the client's message was taken by Postfix, by its log: `465 tls alice@example.com`; null where it was not. Absent where there is no
	 * account.
	 */
	readonly sent?: string | null;
	/** The client's login at Dovecot, by its log, where it then shows the message that waited; null where it does not. */
	readonly read?: string | null;
}

export interface RecordedOutcomes<Client extends string = string> {
	/** YYYY-MM-DD. */
	readonly date: string;
	readonly versions: Readonly<Record<string, string>>;
	readonly outcomes: readonly RecordedOutcome<Client>[];
}

const CLIENT_TITLES: Readonly<Record<string, string>> = {
	thunderbird: 'Thunderbird',
	evolution: 'Evolution',
	geary: 'Geary',
	kmail: 'KMail',
	'delta-chat': 'Delta Chat',
	aerc: 'aerc',
	'claws-mail': 'Claws Mail',
};

/** The address, in ASCII: what a login is where nothing else is said. */
const ORDINARY_LOGIN = /^[\x21-\x3f\x41-\x7e]+@[\x21-\x7e]+$/;

/** @param text of test/real-clients/outcomes.json */
export function renderClientOutcomes(text: string): string {
	const { date, versions, outcomes }: RecordedOutcomes = JSON.parse(text);
	const clients = Object.keys(CLIENT_TITLES).filter((client) => versions[client] !== undefined);
	const records = [...new Set(outcomes.map(({ record }) => record))];
	const head = ['record', ...clients.map((client) => `${CLIENT_TITLES[client]} ${versions[client]}`)];
	const rows = records.map((record) => [
		record,
		...clients.map((client) => {
			const outcome = outcomes.find((each) => each.client === client && each.record === record);
			return outcome === undefined ? 'not run' : describeOutcome(outcome);
		}),
	]);
	const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
	return `Run on ${date}; incoming / outgoing.\n\n${table}`;
}

function describeOutcome({ incoming, outgoing, login, asks, sent, read }: RecordedOutcome): string {
	if (asks !== undefined) return `no account: asks whether ${asks} may be trusted`;
	if (incoming === null) return 'no account';
	const parts = [`${describeServer(incoming)} / ${outgoing === null ? 'none' : describeServer(outgoing)}`];
	// Delta Chat's configuration does not say its login. Postfix's log does not show letters beyond ASCII, Dovecot's does.
	const used = login === '' ? (read ?? sent ?? '').split(' ')[2] : login;
	if (used !== undefined && !ORDINARY_LOGIN.test(used)) parts.push(`login: ${used}`);
	parts.push(...describeMessages(sent, read));
	return parts.join('; ');
}

/** Nothing where the client sends and reads: that goes without saying. */
function describeMessages(sent: string | null | undefined, read: string | null | undefined): readonly string[] {
	if (sent === undefined || read === undefined) return [];
	if (sent === null) return [read === null ? '**neither sends nor reads**' : '**reads, cannot send**'];
	return read === null ? ['**sends, reads nothing**'] : [];
}

/** `993`, `587 STARTTLS`, `587 with implicit TLS`: what is usual for a port goes without saying. */
function describeServer(server: string): string {
	const match = /:(\d+) (tls|starttls|plain)$/.exec(server);
	if (match === null) return `**${server}**`;
	const [, port = '', security = ''] = match;
	const usual = ['993', '995', '465'].includes(port) ? 'tls' : 'starttls';
	if (security !== usual)
		return `**${port} with ${security === 'tls' ? 'implicit TLS' : security === 'starttls' ? 'STARTTLS' : 'no TLS'}**`;
	return security === 'starttls' ? `${port} STARTTLS` : port;
}
