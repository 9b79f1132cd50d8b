/**
 * Judges the SRV and TXT records of a name as a set and by their meaning: clients take any record of a set, so a wrong one misleads some.
 */
import type { DnsRecord } from '../model/dns-record.ts';
import type { LiveRecord, LiveRrset } from './live-zone.ts';
import { isGeneratedMtaStsId, isSameText, mtaStsId, txtProtocolOf } from './txt-record.ts';
import type { RecordState, RrsetChange, RrsetVerdict, ZoneSituation } from './zone-comparison.ts';
import { renderRdata } from './zone-file.ts';

/** Whether a record in DNS is the same as a wanted one. */
export function isSameRecord(record: DnsRecord, live: LiveRecord): boolean {
	return record.name === live.name && record.type === live.type && isSameData(record, live.data);
}

function isSameData(record: DnsRecord, data: string): boolean {
	const wanted = renderRdata(record);
	return data === wanted || (record.type === 'TXT' && isSameText(wanted, data));
}

/** Which records of an RRset are right, and which contradict the record in the store. */
interface SetJudgement {
	readonly add: readonly DnsRecord[];
	/** Records at this name that must not stand beside the wanted ones. */
	readonly contradicting: readonly LiveRecord[];
	readonly theirs: readonly LiveRecord[];
}

/** @param wanted all of one name and type, SRV or TXT */
export function compareServiceRecords(
	wanted: readonly [DnsRecord, ...DnsRecord[]],
	{ live, promised, site }: Pick<ZoneSituation, 'live' | 'promised' | 'site'>,
): RrsetVerdict {
	const [{ name, type }] = wanted;
	const rrset = type === 'CNAME' ? null : live.find(name, type);
	const nothing = { changes: [], theirs: [], blocked: null, unlooked: null, borrowed: null };
	const all = (state: RecordState, found: readonly string[] = []) => wanted.map(() => ({ state, found }));
	if (rrset === null) return { ...nothing, states: all('unknown'), unlooked: 'DNS did not answer' };
	const { source, own, end, path } = rrset;
	// The target of Outlook's SRV record is the service, so it cannot be judged while the service's host is not known.
	if (site === null && name.startsWith('_autodiscover.') && !end.some((live) => isSameRecord(wanted[0], live)))
		return end.length === 0
			? { ...nothing, states: all('missing') }
			: {
					...nothing,
					states: all(
						'unknown',
						end.map(({ data }) => data),
					),
				};
	const { add, contradicting, theirs } = type === 'SRV' ? judgeSrv(wanted, end) : judgeTxt(wanted, end, promised);
	const isAlias = path.length > 0;
	const isRight = add.length === 0 && contradicting.length === 0;
	const strangers = source === 'itself' && !isAlias ? theirs : [];
	if (isRight) return { ...nothing, states: all('present'), theirs: strangers, borrowed: borrowedFrom(source, isAlias) };
	const found = contradicting.map(({ data }) => data);
	const states = wanted.map((record) => {
		if (add.includes(record)) return { state: found.length > 0 ? ('different' as const) : ('missing' as const), found };
		return contradicting.length > 0 && add.length === 0 ? { state: 'different' as const, found } : { state: 'present' as const, found: [] };
	});
	if (source === 'dname')
		return { ...nothing, states, blocked: 'a DNAME above this name gives everything below it to another: change it there' };
	return { ...nothing, states, theirs: strangers, changes: setChanges(wanted, { add, contradicting, theirs }, own, end, source, isAlias) };
}

function borrowedFrom(source: LiveRrset['source'], isAlias: boolean): RrsetVerdict['borrowed'] {
	if (source === 'itself') return isAlias ? 'alias' : null;
	return source === 'wildcard' ? 'wildcard' : null;
}

function setChanges(
	wanted: readonly [DnsRecord, ...DnsRecord[]],
	{ add, contradicting }: SetJudgement,
	own: readonly LiveRecord[],
	end: readonly LiveRecord[],
	source: 'itself' | 'wildcard',
	isAlias: boolean,
): readonly RrsetChange[] {
	const [{ name, type }] = wanted;
	const common = { name, keep: [], remove: [], removeIfPresent: [], add: [] };
	if (isAlias) {
		// The alias is removed, and with it everything to which it led.
		const aliases = own.filter((record) => record.type === 'CNAME');
		return [
			{ ...common, type: 'CNAME', ...(source === 'itself' ? { remove: aliases } : { removeIfPresent: aliases }) },
			{ ...common, type, add: wanted },
		];
	}
	if (source === 'wildcard') return [{ ...common, type, removeIfPresent: contradicting, add: wanted }];
	return [{ ...common, type, keep: end.filter((record) => !contradicting.includes(record)), remove: contradicting, add }];
}

/** Judges SRV records. A weight only matters among several targets of one priority (RFC 2782), so that of a single target is ignored. */
function judgeSrv(wanted: readonly DnsRecord[], end: readonly LiveRecord[]): SetJudgement {
	const isSame = (record: DnsRecord, live: LiveRecord) =>
		renderRdata(record) === live.data || (wanted.length === 1 && end.length === 1 && isSameButWeight(renderRdata(record), live.data));
	return {
		add: wanted.filter((record) => !end.some((live) => isSame(record, live))),
		contradicting: end.filter((live) => !wanted.some((record) => isSame(record, live))),
		theirs: [],
	};
}

function isSameButWeight(one: string, other: string): boolean {
	// RFC 2782: a target of "." means that there is no such service, whatever the numbers say.
	if (one.endsWith(' .') && other.endsWith(' .')) return true;
	const withoutWeight = (data: string) => data.replace(/^(\d+) \d+ /, '$1 ');
	return withoutWeight(one) === withoutWeight(other);
}

// Many protocols put TXT records at the same name; only texts of the same protocol can contradict a wanted one.
function judgeTxt(wanted: readonly [DnsRecord, ...DnsRecord[]], end: readonly LiveRecord[], promised: readonly DnsRecord[]): SetJudgement {
	const protocol = txtProtocolOf(renderRdata(wanted[0]));
	const [ofProtocol, others] = [
		end.filter(({ data }) => txtProtocolOf(data) === protocol),
		end.filter(({ data }) => txtProtocolOf(data) !== protocol),
	];
	// RFC 8461 §3.1: the operator may choose any id. Only an id that this service generated can be out of date.
	const [only] = ofProtocol;
	if (protocol === 'mta-sts' && only !== undefined && ofProtocol.length === 1 && isOperatorsMtaStsText(only, promised))
		return { add: [], contradicting: [], theirs: others };
	const matches = wanted.map((record) => ofProtocol.find(({ data }) => isSameData(record, data)));
	const add = wanted.filter((_, at) => matches[at] === undefined);
	const extra = ofProtocol.filter((record) => !matches.includes(record));
	if (protocol !== 'pacc') return { add, contradicting: extra, theirs: others };
	// A PACC client accepts any digest of the set: a foreign one does no harm, and one of an old record is removed after its overlap.
	const isOurs = (record: LiveRecord) => promised.some((each) => isSameRecord(each, record));
	return { add, contradicting: extra.filter(isOurs), theirs: [...others, ...extra.filter((record) => !isOurs(record))] };
}

function isOperatorsMtaStsText(record: LiveRecord, promised: readonly DnsRecord[]): boolean {
	const id = mtaStsId(record.data);
	return id !== null && !isGeneratedMtaStsId(id) && !promised.some((each) => isSameRecord(each, record));
}
