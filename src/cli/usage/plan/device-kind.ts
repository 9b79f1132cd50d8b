/** Guesses from the log what kind of device still uses 587, which decides who has to change something and how they are told. */
import { isLoopback, isPrivateAddress } from '../evidence/host-record.ts';
import type { LogCounts } from '../evidence/log-counts.ts';
import type { StarttlsUser } from '../evidence/starttls-users.ts';

/**
 * `server`: the mail server itself, as webmail and scripts on it. `machines`: printers, scanners, monitoring and applications, which send
 * without a login, from the server's own networks or under an account that is a machine's. `people`: who has an account: phones, tablets
 * and desktop clients, which the log does not tell apart.
 */
export type DeviceKind = 'people' | 'machines' | 'server';

export interface RemainingUsers {
	readonly people: readonly StarttlsUser[];
	readonly machines: readonly StarttlsUser[];
	readonly server: readonly StarttlsUser[];
}

// Names of accounts that are given to programs; a person's address is hardly ever one of these.
const MACHINE_ACCOUNT =
	/^(?:no-?reply|do-?not-?reply|printer|drucker|scan(?:ner)?|kopierer|copier|mfp|fax|nas|backup|monitor(?:ing)?|nagios|zabbix|icinga|alert(?:s|ing)?|alarm|cron|root|www-data|wordpress|shop|app|system|server|router|camera|ups|gitlab|jira|nextcloud|smtp|relay|mailer|notification(?:s)?|service)[\d._-]*(?:@|$)/i;

export function remainingUsers({ accounts, clients }: Pick<LogCounts, 'accounts' | 'clients'>): RemainingUsers {
	const isMachine = ({ name }: StarttlsUser) => MACHINE_ACCOUNT.test(name);
	return {
		people: accounts.filter((user) => !isMachine(user)),
		machines: [...accounts.filter(isMachine), ...clients.filter(({ name }) => isPrivateAddress(name) && !isLoopback(name))],
		server: clients.filter(({ name }) => isLoopback(name)),
	};
}
