/**
 * The one comparison of a zone with what it should say: `check`, `zone --diff`, the API and the console all go by it. A name is judged by
 * where it leads; a record is changed or removed only where it contradicts the record in the store, or where a kept revision gave it.
 * Pure: what DNS says, and who answers at its addresses, is given.
 */

import type { Remark } from '../lib/result.ts';
import type { DnsRecord } from '../model/dns-record.ts';
import { compareHost } from './compare-host.ts';
import { compareServiceRecords, isSameRecord } from './compare-service-records.ts';
import type { ProtocolDnsRecords } from './expected.ts';
import type { LiveRecord } from './live-zone.ts';
import { serviceNames } from './service-names.ts';
import { txtProtocolOf } from './txt-record.ts';
import type { RrsetChange, RrsetVerdict, ZoneComparison, ZoneSituation } from './zone-comparison.ts';
import { renderRdata, toZoneLine } from './zone-file.ts';

interface JudgedRrset {
	readonly name: string;
	readonly type: DnsRecord['type'];
	readonly wanted: readonly DnsRecord[];
	readonly verdict: RrsetVerdict;
}

export function compareZone(situation: ZoneSituation): ZoneComparison {
	const { expected, prune } = situation;
	const judged = expectedRrsets(expected).map((wanted): JudgedRrset => {
		const [{ name, type }] = wanted;
		return { name, type, wanted, verdict: type === 'CNAME' ? compareHost(wanted[0], situation) : compareServiceRecords(wanted, situation) };
	});
	const others = unexpectedRecords(situation);
	const leftover = others.filter((record) => situation.promised.some((promised) => isSameRecord(promised, record)));
	const theirs = [...judged.flatMap(({ verdict }) => verdict.theirs), ...others.filter((record) => !leftover.includes(record))];
	const pruned = prune ? theirs.filter(({ type, data }) => type !== 'TXT' || txtProtocolOf(data) !== null) : [];
	const changes = [
		...withBorrowedRecords(judged),
		...[...leftover, ...pruned].map((record) => ({
			name: record.name,
			type: record.type,
			keep: [],
			remove: [record],
			removeIfPresent: [],
			add: [],
		})),
	];
	const merged = mergeChanges(changes);
	const states = new Map(judged.flatMap(({ wanted, verdict }) => wanted.map((record, at) => [record, verdict.states[at]] as const)));
	return {
		records: expected.flatMap(({ protocol, records }) =>
			records.map((record) => ({ ...toZoneLine(protocol, record), ...(states.get(record) ?? { state: 'unknown', found: [] }) })),
		),
		changes: merged,
		leftover: merged.filter(({ add }) => add.length === 0).flatMap(({ remove }) => remove.filter((record) => !pruned.includes(record))),
		theirs,
		blocked: judged.flatMap(({ name, type, verdict: { blocked } }) =>
			blocked === null ? [] : [{ place: `${name} ${type}`, reason: blocked }],
		),
		unlooked: [
			...judged.flatMap(({ name, type, verdict: { unlooked } }) =>
				unlooked === null ? [] : [{ place: `${name} ${type}`, reason: unlooked }],
			),
			...unansweredQueries(situation, judged),
		],
	};
}

/** The expected records by name and type, in order of first appearance. */
function expectedRrsets(groups: readonly ProtocolDnsRecords[]): readonly (readonly [DnsRecord, ...DnsRecord[]])[] {
	const sets = new Map<string, [DnsRecord, ...DnsRecord[]]>();
	for (const record of groups.flatMap(({ records }) => records)) {
		const key = `${record.type} ${record.name}`;
		const known = sets.get(key);
		if (known === undefined) sets.set(key, [record]);
		else known.push(record);
	}
	return [...sets.values()];
}

/** Records at names of this service of which the record says nothing; what a wildcard or a DNAME makes up is at no such name. */
function unexpectedRecords({ domain, expected, live }: ZoneSituation): readonly LiveRecord[] {
	const wanted = new Set(expected.flatMap(({ records }) => records.map(({ name, type }) => `${type === 'CNAME' ? '*' : type} ${name}`)));
	const found = new Map<string, LiveRecord>();
	for (const name of serviceNames(domain)) {
		const types = name.startsWith('_') ? (['SRV', 'TXT'] as const) : (['A', 'AAAA'] as const);
		// A CNAME at a name of which one type is wanted has been judged with that.
		const isJudged = wanted.has(`* ${name}`) || types.some((type) => wanted.has(`${type} ${name}`));
		for (const type of types) {
			if (wanted.has(`* ${name}`) || wanted.has(`${type} ${name}`)) continue;
			const rrset = live.find(name, type);
			if (rrset === null || rrset.source !== 'itself') continue;
			for (const record of rrset.own)
				if (!isJudged || record.type !== 'CNAME') found.set(`${record.type} ${record.name} ${record.data}`, record);
		}
	}
	return [...found.values()];
}

/**
 * The changes of all RRsets. A record that is right only through an alias that now goes, or through a wildcard that a new name beside it
 * may end (RFC 4592 §2.2.2), is added in its own right.
 */
function withBorrowedRecords(judged: readonly JudgedRrset[]): readonly RrsetChange[] {
	const changes = judged.flatMap(({ verdict }) => verdict.changes);
	const goingAliases = new Set(changes.filter(({ type, remove }) => type === 'CNAME' && remove.length > 0).map(({ name }) => name));
	const isAdding = changes.some(({ add }) => add.length > 0);
	return judged.flatMap(({ name, type, wanted, verdict: { borrowed, changes: own, blocked } }) => {
		const ends = (borrowed === 'alias' && goingAliases.has(name)) || (borrowed === 'wildcard' && isAdding);
		if (!ends || own.length > 0 || blocked !== null) return own;
		return [{ name, type, keep: [], remove: [], removeIfPresent: [], add: wanted }];
	});
}

/** One change for each RRset: an RRset of which a part is replaced and another part removed is one. */
function mergeChanges(changes: readonly RrsetChange[]): readonly RrsetChange[] {
	const merged = new Map<string, RrsetChange>();
	for (const change of changes) {
		const key = `${change.type} ${change.name}`;
		const known = merged.get(key) ?? { ...change, keep: [], remove: [], removeIfPresent: [], add: [] };
		const remove = [...known.remove, ...change.remove.filter((record) => !known.remove.some(({ data }) => data === record.data))];
		const goes = new Set(remove.map(({ data }) => data));
		merged.set(key, {
			...known,
			keep: [...known.keep, ...change.keep].filter(({ data }) => !goes.has(data)),
			remove,
			removeIfPresent: [...known.removeIfPresent, ...change.removeIfPresent],
			add: [...known.add, ...change.add.filter((record) => !known.add.some((added) => renderRdata(added) === renderRdata(record)))],
		});
	}
	return [...merged.values()].filter(({ remove, add, removeIfPresent }) => remove.length + add.length + removeIfPresent.length > 0);
}

/** Names of this service for which DNS gave no answer, and about which no verdict says so already. */
function unansweredQueries({ domain, live }: ZoneSituation, judged: readonly JudgedRrset[]): readonly Remark[] {
	const names = new Set(serviceNames(domain));
	const told = new Set(judged.filter(({ verdict }) => verdict.unlooked !== null).map(({ name }) => name));
	return live.unanswered
		.filter(({ name }) => names.has(name) && !told.has(name))
		.map(({ name, type }) => ({ place: `${name} ${type}`, reason: 'DNS did not answer' }));
}
