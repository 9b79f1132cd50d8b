/** Makes a corpus from real sessions: the lines that a server wrote, copied for other days, clients and accounts, with the right counts. */
import { addDays } from '../../src/lib/time.ts';

/** The accounts that the real submissions are made with. */
export const OVER_465 = 'over465@example.com';
export const OVER_587 = 'over587@example.com';

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** A log with syslog's older timestamps ("Nov 28 02:22:00 mail postfix/smtpd[7]: …") with those of RFC 3339. @param today YYYY-MM-DD, for the year */
export function withFullTimestamps(log: string, today: string): string {
	return log.replace(/^([A-Z][a-z]{2}) ([ \d]\d) (\d{2}:\d{2}:\d{2}) /gm, (_, month: string, date: string, time: string) => {
		const day = `${today.slice(0, 4)}-${String(MONTHS.indexOf(month) + 1).padStart(2, '0')}-${date.replace(' ', '0')}`;
		return `${day}T${time}.000000+00:00 `;
	});
}

export interface Corpus {
	readonly log: string;
	/** Accounts that really submitted over 587. */
	readonly holdouts: ReadonlySet<string>;
	readonly lines: number;
}

const DAYS = 40;

/**
 * Copies a log of some sessions, so many times for each of the last forty days.
 * @param log lines with RFC 3339's stamps, or Exim's
 * @param today YYYY-MM-DD
 */
export function multiplied(log: string, copiesPerDay: number, today: string): Corpus {
	const lines = log.split('\n').filter((line) => line !== '');
	const holdouts = new Set<string>();
	const out: string[] = [];
	for (let day = 0; day < DAYS; day++)
		for (let nth = 0; nth < copiesPerDay; nth++) {
			const copy = day * copiesPerDay + nth;
			const date = addDays(today, day - DAYS + 1);
			const time = [8 + (nth % 12), copy % 60, nth % 60].map((part) => String(part).padStart(2, '0')).join(':');
			for (const line of lines) {
				const changed = copied(line, copy, date, time);
				out.push(changed);
				const account = /over587-\d+@example\.com/.exec(changed)?.[0];
				if (account !== undefined) holdouts.add(account);
			}
		}
	return { log: `${out.join('\n')}\n`, holdouts, lines: out.length };
}

/** The same line of another day, process, message, client and account. */
function copied(line: string, copy: number, date: string, time: string): string {
	const id = copy.toString(36).toUpperCase().padStart(4, '0');
	return (
		line
			.replace(/^\d{4}-\d{2}-\d{2}([T ])\d{2}:\d{2}:\d{2}/, `${date}$1${time}`)
			// Postfix's queue ids are hexadecimal, Exim's are of base 62.
			.replace(/(?<=\]: )[0-9A-F]{8,16}(?=: )/, (queue) => queue + copy.toString(16).toUpperCase().padStart(4, '0'))
			.replace(/(?<= )[\dA-Za-z]{6}-[\dA-Za-z]{6,11}-(?=[\dA-Za-z]{2,4} )/, (message) => `${message.slice(0, 2)}${id}-${message.slice(7)}`)
			// OpenSMTPD's sessions have sixteen digits.
			.replace(/(?<=\]: )[0-9a-f]{16}(?= )/, (id) => id.slice(0, 12) + copy.toString(16).padStart(4, '0'))
			.replace(/(?<=smtpd)\[(\d+)\]/, (_, pid: string) => `[${(Number(pid) + copy * 37) % 4_000_000}]`)
			.replaceAll('[127.0.0.1]', `[198.51.${100 + (copy >> 8)}.${copy & 255}]`)
			.replaceAll(OVER_465, `over465-${copy % 97}@example.com`)
			.replaceAll(OVER_587, `over587-${copy % 97}@example.com`)
	);
}
