/** What DNS says now, put together from the answers to `zoneQueries`: what stands at a name itself, and where it leads. Pure. */
import { type DnsQuery, type QueryType, siblingOf } from './service-names.ts';

/** A record as DNS has it now: absolute name in lower case without the root's dot, data as `renderRdata` prints it. */
export interface LiveRecord {
	readonly name: string;
	readonly type: string;
	readonly data: string;
	/** The seconds of its TTL that were left when it was read. */
	readonly ttl: number;
}

/** The answer to one query. */
export interface DnsAnswer extends DnsQuery {
	/**
	 * All records of the answer, including the aliases that were followed; null where there was no answer (a time-out, SERVFAIL, REFUSED).
	 */
	readonly records: readonly LiveRecord[] | null;
}

/** The meaning of the answer to one query. */
export interface LiveRrset {
	/** The records at the queried name itself: of the queried type, or its CNAME. Empty below a DNAME, whose CNAMEs are synthesised. */
	readonly own: readonly LiveRecord[];
	/** The records that a client gets in the end: of the queried type, after all aliases. */
	readonly end: readonly LiveRecord[];
	/** The names through which aliases lead, in order. */
	readonly path: readonly string[];
	/** Where the answer comes from: the name itself, a wildcard beside it (RFC 4592), or a DNAME above it (RFC 6672). */
	readonly source: 'itself' | 'wildcard' | 'dname';
}

export interface LiveZone {
	/** Finds the answer to a query; null where there was none, or no such query. */
	find(name: string, type: QueryType): LiveRrset | null;
	/** The queries that were not answered. */
	readonly unanswered: readonly DnsQuery[];
}

/** How many aliases are followed at most; resolvers give up sooner. */
const MAX_ALIASES = 16;

/** @param randomLabel the label of which a wildcard's answers were asked */
export function createLiveZone(answers: readonly DnsAnswer[], randomLabel: string): LiveZone {
	const known = new Map(answers.map((answer) => [`${answer.type} ${answer.name}`, answer]));
	return {
		unanswered: answers.filter(({ records }) => records === null).map(({ name, type }) => ({ name, type })),
		find(name, type) {
			const answer = known.get(`${type} ${name}`);
			if (answer === undefined || answer.records === null) return null;
			const rrset = followAliases(name, type, answer.records);
			if (answer.records.some((record) => record.type === 'DNAME' && name.endsWith(`.${record.name}`)))
				return { ...rrset, own: [], source: 'dname' };
			const sibling = known.get(`${type} ${siblingOf(name, randomLabel)}`);
			const beside = sibling?.records?.filter((record) => record.name === sibling.name) ?? [];
			return rrset.own.length > 0 && isSameData(rrset.own, beside) ? { ...rrset, source: 'wildcard' } : rrset;
		},
	};
}

function followAliases(name: string, type: QueryType, records: readonly LiveRecord[]): LiveRrset {
	const path: string[] = [];
	let current = name;
	while (path.length < MAX_ALIASES) {
		const alias = records.find((record) => record.type === 'CNAME' && record.name === current);
		if (alias === undefined) break;
		current = alias.data.replace(/\.$/, '').toLowerCase();
		path.push(current);
	}
	return {
		own: records.filter((record) => record.name === name && (record.type === type || record.type === 'CNAME')),
		end: records.filter((record) => record.name === current && record.type === type),
		path,
		source: 'itself',
	};
}

function isSameData(some: readonly LiveRecord[], others: readonly LiveRecord[]): boolean {
	const keys = (records: readonly LiveRecord[]) =>
		records
			.map(({ type, data }) => `${type} ${data}`)
			.sort()
			.join('\n');
	return keys(some) === keys(others);
}
