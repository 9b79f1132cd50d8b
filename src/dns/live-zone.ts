/** What DNS says now, put together from the answers to `zoneQueries`: what stands at a name itself, and where it leads. Pure. */
import { type DnsQuery, type QueryType, siblingOf } from './service-names.ts';

/** A record as DNS has it now: absolute name in lower case without the root's dot, data as `renderRdata` prints it. */
export interface LiveRecord {
	readonly name: string;
	readonly type: string;
	readonly data: string;
	/** Seconds that were left of its life when it was read. */
	readonly ttl: number;
}

/** An answer to one question. */
export interface DnsAnswer extends DnsQuery {
	/** Everything in the answer, the aliases on the way among it; null where nobody answered (a time-out, SERVFAIL, REFUSED). */
	readonly records: readonly LiveRecord[] | null;
}

/** What one question brought up. */
export interface LiveRrset {
	/** The records of the name that was asked: of the type asked, or its CNAME. Empty below a DNAME, which makes its CNAMEs up. */
	readonly own: readonly LiveRecord[];
	/** What a client gets: the records of the type asked, behind all aliases. */
	readonly end: readonly LiveRecord[];
	/** The names that aliases lead through, the last one at the end. */
	readonly path: readonly string[];
	/** Where it comes from: the name itself, a wildcard beside it (RFC 4592), or a DNAME above it (RFC 6672). */
	readonly source: 'itself' | 'wildcard' | 'dname';
}

export interface LiveZone {
	/** Null where there was no answer, or no question. */
	find(name: string, type: QueryType): LiveRrset | null;
	/** Questions that nobody answered. */
	readonly unanswered: readonly DnsQuery[];
}

/** Aliases followed at most: resolvers give up sooner. */
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
