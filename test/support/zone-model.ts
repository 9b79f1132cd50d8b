/**
 * A DNS in memory. It answers as a resolver does (CNAME, wildcards of RFC 4592, DNAME of RFC 6672) and applies scripts for nsupdate (RFC
 * 2136).
 */

import { compareZone } from '../../src/dns/compare.ts';
import type { ProtocolDnsRecords } from '../../src/dns/expected.ts';
import { bind } from '../../src/dns/formats/bind.ts';
import { createLiveZone, type DnsAnswer, type LiveRecord, type LiveZone } from '../../src/dns/live-zone.ts';
import { type DnsQuery, zoneQueries } from '../../src/dns/service-names.ts';
import type { HostAnswer, ZoneComparison } from '../../src/dns/zone-comparison.ts';
import { renderRdata } from '../../src/dns/zone-file.ts';
import type { DnsRecord } from '../../src/model/dns-record.ts';

/** A record of the model: absolute name without the root's dot, data in presentation form. */
export interface ZoneRecord {
	readonly name: string;
	readonly type: string;
	readonly data: string;
}

export const toZoneRecord = (record: DnsRecord): ZoneRecord => ({ name: record.name, type: record.type, data: renderRdata(record) });

const RANDOM_LABEL = 'signpost-0123456789abcdef';
const MAX_HOPS = 12;

export interface ZoneModel {
	/** The records of all zones. */
	readonly records: readonly ZoneRecord[];
	/** Answers as a resolver does; null for a question that gets no answer. */
	resolve(query: DnsQuery): readonly LiveRecord[] | null;
	/** Applies a script of `zone --diff`; ignores what RFC 2136 §3.4.2.2 ignores. @returns the records that were removed */
	update(script: string): readonly ZoneRecord[];
}

export function createZoneModel(initial: readonly ZoneRecord[], unanswered: (query: DnsQuery) => boolean = () => false): ZoneModel {
	let records: readonly ZoneRecord[] = [...new Map(initial.map((record) => [keyOf(record), record])).values()];
	const at = (name: string) => records.filter((record) => record.name === name);
	const exists = (name: string) => records.some((record) => record.name === name || record.name.endsWith(`.${name}`));

	/** The records that answer for a name; those of a wildcard appear as the name's own. */
	function node(name: string): readonly ZoneRecord[] {
		if (exists(name)) return at(name);
		let encloser = parentOf(name);
		while (encloser !== '' && !exists(encloser)) encloser = parentOf(encloser);
		return encloser === '' ? [] : at(`*.${encloser}`).map((record) => ({ ...record, name }));
	}

	function dnameAbove(name: string): ZoneRecord | undefined {
		return records.find((record) => record.type === 'DNAME' && name.endsWith(`.${record.name}`));
	}

	return {
		get records() {
			return records;
		},
		resolve(query) {
			if (unanswered(query)) return null;
			const answer: ZoneRecord[] = [];
			let { name } = query;
			for (let hops = 0; hops < MAX_HOPS; hops++) {
				const dname = dnameAbove(name);
				if (dname !== undefined) {
					const target = `${name.slice(0, -dname.name.length)}${bare(dname.data)}`;
					answer.push(dname, { name, type: 'CNAME', data: `${target}.` });
					name = target;
					continue;
				}
				const here = node(name);
				const alias = here.find(({ type }) => type === 'CNAME');
				if (alias === undefined) {
					answer.push(...here.filter(({ type }) => type === query.type));
					break;
				}
				answer.push(alias);
				name = bare(alias.data);
			}
			return answer.map((record) => ({ ...record, ttl: 300 }));
		},
		update(script) {
			const removed: ZoneRecord[] = [];
			for (const line of script.split('\n')) {
				const gone = /^update delete (\S+)\. (\S+) (.*)$/.exec(line);
				if (gone !== null) {
					const [, name = '', type = '', data = ''] = gone;
					removed.push(...records.filter((record) => keyOf(record) === keyOf({ name, type, data })));
					records = records.filter((record) => keyOf(record) !== keyOf({ name, type, data }));
				}
				const added = /^update add (\S+)\. \d+ (\S+) (.*)$/.exec(line);
				if (added === null) continue;
				const [, name = '', type = '', data = ''] = added;
				const here = at(name);
				const isIgnored =
					type === 'CNAME' ? here.some((record) => record.type !== 'CNAME') : here.some((record) => record.type === 'CNAME');
				if (isIgnored || here.some((record) => keyOf(record) === keyOf({ name, type, data }))) continue;
				if (type === 'CNAME') {
					removed.push(...here);
					records = records.filter((record) => record.name !== name);
				}
				records = [...records, { name, type, data }];
			}
			return removed;
		},
	};
}

/** What is known in addition to the zone. */
export interface ModelSituation {
	readonly domain: string;
	readonly site: string | null;
	readonly expected: readonly ProtocolDnsRecords[];
	readonly promised: readonly DnsRecord[];
	/** Tells which service answers at an address. */
	readonly answersAt: (address: string) => HostAnswer | null;
	readonly prune: boolean;
}

/** Compares as the command line does: DNS first, then, where addresses do not tell, by asking what answers there. */
export function compareModel(model: ZoneModel, situation: ModelSituation): ZoneComparison {
	const queries = zoneQueries({ domain: situation.domain, site: situation.site, randomLabel: RANDOM_LABEL, looksForConflicts: true });
	const answers = queries.map((query): DnsAnswer => ({ ...query, records: model.resolve(query) }));
	return compareLive(createLiveZone(answers, RANDOM_LABEL), situation);
}

/** @param live what a name server has answered */
export function compareLive(live: LiveZone, { domain, site, expected, promised, answersAt, prune }: ModelSituation): ZoneComparison {
	const hosts = expected.flatMap(({ records }) => records).filter(({ type }) => type === 'CNAME');
	const hostAnswers = hosts.flatMap(({ name }): readonly (readonly [string, HostAnswer])[] => {
		const [first] = [...(live.find(name, 'A')?.end ?? []), ...(live.find(name, 'AAAA')?.end ?? [])];
		const answer = first === undefined ? null : answersAt(first.data);
		return answer === null ? [] : [[name, answer]];
	});
	return compareZone({ domain, site, expected, promised, live, hostAnswers: new Map(hostAnswers), prune });
}

/** The script for nsupdate. */
export function updateScript(domain: string, { changes }: ZoneComparison): string {
	return bind.renderChange({ domain, origin: domain }, changes).text;
}

function keyOf({ name, type, data }: ZoneRecord): string {
	return `${name} ${type} ${data}`;
}

function parentOf(name: string): string {
	return name.includes('.') ? name.slice(name.indexOf('.') + 1) : '';
}

function bare(name: string): string {
	return name.replace(/\.$/, '');
}
