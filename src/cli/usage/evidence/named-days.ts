/** Finds the days on which 587 of a host certainly logged under a name of its own, so that sessions without a name are not 587's. */
import { addDays } from '../../../lib/time.ts';
import type { DayRecord, HostRecord } from './host-record.ts';

export interface NamedDays {
	/** Days on which something logged under a name that is certainly 587's. */
	readonly seen: ReadonlySet<string>;
	/** Days on which a login over a service without a name did not come over 587. */
	readonly forLogins: ReadonlySet<string>;
	/** Days on which mail without a login over a service without a name did not come over 587. */
	readonly forMail: ReadonlySet<string>;
}

export function namedDays(host: HostRecord): NamedDays {
	const all = [...host.services.values()];
	const is587s = all.some(({ kind }) => kind === '465') && !all.some(({ kind, implicit }) => kind === '587' && implicit);
	const timesOf = is587s ? lines587 : sessions587;
	const elsewhere = [...host.days].filter(([, { others587 }]) => others587.size > 0).map(([day]) => day);
	const named = [...host.days].filter(([, record]) => timesOf(record).first !== '').map(([day]) => day);
	const seen = new Set(named);
	const forLogins = new Set([...named.filter((day) => isNamedAbout(host, day, timesOf)), ...elsewhere]);
	return { seen, forLogins, forMail: new Set([...forLogins, ...(is587s ? carriedOver(host) : []), ...daysOfDistribution(host)]) };
}

interface Times {
	readonly first: string;
	readonly last: string;
}

/** Times of any line under 587's name, where 465 has another name. */
const lines587 = ({ first587, last587 }: DayRecord): Times => ({ first: first587, last: last587 });

/**
 * A site may call 465 "submission" and 587 nothing, or lose the name of one of two that shared it: only what did not come over 465 shows
 * then that it is 587's.
 */
const sessions587 = ({ firstOwn587, lastOwn587 }: DayRecord): Times => ({ first: firstOwn587, last: lastOwn587 });

/**
 * mailcow's services for its webmail and its watchdog are in the same master.cf as the names of 465 and 587, which is mailcow's and not the
 * site's.
 */
function daysOfDistribution({ days }: HostRecord): readonly string[] {
	return [...days]
		.filter(([, { distribution, named465, firstUnnamed }]) => distribution && named465 && firstUnnamed === '')
		.map(([day]) => day);
}

/**
 * Whether 587 had its name before and behind every login without a name on a day: on the days about it or earlier and later that day, and
 * without a restart of Postfix, with which names change. A name that was lost weeks ago says nothing of today.
 */
function isNamedAbout({ days }: HostRecord, day: string, timesOf: (record: DayRecord) => Times): boolean {
	const record = days.get(day);
	if (record === undefined) return false;
	const { first, last } = timesOf(record);
	if (first === '' || record.firstReload !== '') return false;
	const before = days.get(addDays(day, -1));
	const after = days.get(addDays(day, 1));
	const isNamed = (other: DayRecord | undefined) => other !== undefined && timesOf(other).first !== '';
	const namedBefore = isNamed(before) || first < record.firstUnnamed || record.firstUnnamed === '';
	const namedAfter = isNamed(after) || last > record.lastUnnamed || record.lastUnnamed === '';
	return namedBefore && namedAfter && !wasReloaded(before) && !wasReloaded(after);
}

function wasReloaded(record: DayRecord | undefined): boolean {
	return record !== undefined && record.firstReload !== '';
}

/**
 * Days between two lines under 587's name, or behind the last one: nobody comes to 587 every day. Postfix takes up another name only when
 * it reads its configuration anew, which it logs. So the name is kept while nothing is missing from the log, no such line stands in it
 * (one, where the name is the same before and behind it), and logins of the day do not show that 465 has lost its name.
 */
function carriedOver({ days }: HostRecord): ReadonlySet<string> {
	const kept = new Set<string>();
	let pending: string[] = [];
	let changes = 0;
	let isNamed = false;
	let expected = '';

	/** Called for a line under 587's name. */
	function settle(): void {
		if (changes <= (isNamed ? 1 : 0)) for (const day of pending) kept.add(day);
		pending = [];
		changes = 0;
		isNamed = true;
	}

	for (const [day, record] of [...days].sort(([a], [b]) => (a < b ? -1 : 1))) {
		if ((expected !== '' && day !== expected) || !isWhole(record)) changes = Number.POSITIVE_INFINITY;
		expected = addDays(day, 1);
		if (isWhole(record)) pending.push(day);
		const { first587, last587, firstReload, lastReload } = record;
		if (first587 !== '' && (firstReload === '' || first587 < firstReload)) settle();
		if (!isWhole(record)) changes = Number.POSITIVE_INFINITY;
		if (firstReload === '') continue;
		// Several reloads on one day, without a line of 587 between them, may have changed the name and changed it back.
		changes += firstReload === lastReload ? 1 : 2;
		kept.delete(day);
		if (!pending.includes(day)) pending.push(day);
		if (last587 > lastReload) settle();
	}
	if (isNamed && changes === 0) for (const day of pending) kept.add(day);
	return kept;
}

/** Whether the log of a day would show a reload of the configuration, and nothing in it suggests that the name was lost. */
function isWhole({ postfixWhole, suppressed, named465, firstUnnamed }: DayRecord): boolean {
	return postfixWhole && suppressed === 0 && (named465 || firstUnnamed === '');
}
