/** What must change in DNS so that it says what the record says. Pure: what DNS says now is given. */
import type { DnsRecord } from '../model/dns-record.ts';
import { renderRdata } from './zone-file.ts';

/** A record as DNS has it now: absolute name in lower case without the root's dot, data as `renderData` prints it. */
export interface LiveRecord {
	readonly name: string;
	readonly type: string;
	readonly data: string;
	/** Seconds that were left of its life when it was read. */
	readonly ttl: number;
}

/** One RRset (a name and a type) that must change. */
export interface RrsetChange {
	readonly name: string;
	readonly type: string;
	/** What stays as it is. */
	readonly keep: readonly LiveRecord[];
	readonly remove: readonly LiveRecord[];
	readonly add: readonly DnsRecord[];
}

// Labels that the protocols of this service publish under; what stands there and is not expected leads clients astray. The test of the
// golden zones holds this list to what the protocols say.
const OWNED_LABELS = [
	'autoconfig',
	'autodiscover',
	'_autodiscover._tcp',
	'ua-auto-config',
	'_ua-auto-config',
	'mta-sts',
	'_mta-sts',
	'_smtp._tls',
	'_imaps._tcp',
	'_imap._tcp',
	'_pop3s._tcp',
	'_pop3._tcp',
	'_submissions._tcp',
	'_submission._tcp',
	'_sieve._tcp',
	'_caldavs._tcp',
	'_carddavs._tcp',
	'_jmap._tcp',
];

/** Every name that can hold a record of this service for the domain. */
export function ownedNames(domain: string): readonly string[] {
	return OWNED_LABELS.map((label) => `${label}.${domain}`);
}

/** The types to ask for at a name: services live in SRV and TXT, hosts behind a CNAME (which any question brings up) or an address. */
function queryTypes(name: string): readonly ('SRV' | 'TXT' | 'A' | 'AAAA')[] {
	return name.startsWith('_') ? ['SRV', 'TXT'] : ['A', 'AAAA'];
}

/** What to ask so as to know everything that DNS has at the owned names and at the expected ones. */
export function dnsQueries(
	domain: string,
	expected: readonly DnsRecord[],
): readonly { readonly name: string; readonly type: ReturnType<typeof queryTypes>[number] }[] {
	const names = [...new Set([...expected.map(({ name }) => name), ...ownedNames(domain)])];
	return names.flatMap((name) => queryTypes(name).map((type) => ({ name, type })));
}

/** Some providers answer a CNAME with the addresses behind it ("flattening"); then only HTTP can tell where the name leads. */
export function isFlattenedCname(
	{ name, type, remove }: RrsetChange,
	expected: readonly DnsRecord[],
	live: readonly LiveRecord[],
): boolean {
	if (type === 'CNAME') return remove.length === 0 && live.some((record) => record.name === name && record.type !== 'CNAME');
	return (type === 'A' || type === 'AAAA') && expected.some((record) => record.name === name && record.type === 'CNAME');
}

/**
 * The RRsets in which DNS differs from what is expected, in the order of the expected records; what must go altogether comes last.
 * @param live everything DNS has at the owned names and at the expected ones
 */
export function compareZone(expected: readonly DnsRecord[], live: readonly LiveRecord[]): readonly RrsetChange[] {
	const changes: RrsetChange[] = [];
	const seen = new Set<string>();
	for (const { name, type } of expected) {
		const key = `${type} ${name}`;
		if (seen.has(key)) continue;
		seen.add(key);
		const wanted = expected.filter((record) => record.name === name && record.type === type);
		const here = live.filter((record) => record.name === name && record.type === type);
		changes.push(...compareRrset(name, type, wanted, here));
	}
	for (const { name, type } of live) {
		const key = `${type} ${name}`;
		if (seen.has(key)) continue;
		seen.add(key);
		const here = live.filter((record) => record.name === name && record.type === type);
		// A name that has a CNAME has nothing else (RFC 1034 §3.6.2): asked for its SRV, DNS answers with the CNAME.
		if (type === 'CNAME' && expected.every((record) => record.name !== name) && name.startsWith('_')) continue;
		changes.push(...compareRrset(name, type, [], here));
	}
	return changes;
}

function compareRrset(name: string, type: string, wanted: readonly DnsRecord[], here: readonly LiveRecord[]): readonly RrsetChange[] {
	const add = wanted.filter((record) => !here.some(({ data }) => data === renderRdata(record)));
	const stale = here.filter(({ data }) => !wanted.some((record) => data === renderRdata(record)));
	const foreign = stale.filter((record) => type === 'TXT' && !isOwnedTxt(record, wanted));
	const remove = stale.filter((record) => !foreign.includes(record));
	if (add.length === 0 && remove.length === 0) return [];
	return [{ name, type, keep: here.filter((record) => !remove.includes(record)), remove, add }];
}

// TXT is everybody's: only texts that begin as ours do (`v=STSv1`, `path=`) are ours to replace.
const OWNED_TXT = /^"(v=(?:STSv1|UAAC1|TLSRPTv1)\b|path=)/i;

function isOwnedTxt({ data }: LiveRecord, wanted: readonly DnsRecord[]): boolean {
	const tag = OWNED_TXT.exec(data)?.[1]?.toLowerCase();
	return (
		tag !== undefined && (wanted.length === 0 || wanted.some((record) => OWNED_TXT.exec(renderRdata(record))?.[1]?.toLowerCase() === tag))
	);
}
