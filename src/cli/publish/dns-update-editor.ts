/** A zone on a name server that takes updates (RFC 2136): BIND, Knot, PowerDNS and others. */
import { randomInt } from 'node:crypto';
import packet, { type DecodedPacket, type RecordType } from 'dns-packet';
import { type ZoneEditFailure, type ZoneEditor, zoneCandidates } from '../../dns/publish/zone-editor.ts';
import type { RrsetChange } from '../../dns/zone-comparison.ts';
import { RECORD_TTL } from '../../dns/zone-file.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { SECOND_MS } from '../../lib/time.ts';
import type { DnsRecord } from '../../model/dns-record.ts';
import { exchangeDnsOverTcp, type NameServerAddress } from '../dns/dns-over-tcp.ts';
import { parseDnsAnswer } from '../dns/parse-dns-answer.ts';
import { signMessage, type TsigKey, verifyAnswer } from './tsig.ts';
import { encodeUpdate, type UpdateRecord, type WireRecord } from './update-message.ts';

export interface UpdateServer {
	readonly address: NameServerAddress;
	/** The key that signs updates; null where the server trusts addresses instead. */
	readonly key: TsigKey | null;
	readonly timeoutMs: number;
}

/** Finds the zone that holds the domain, on the server itself. */
export async function openUpdateZone(server: UpdateServer, domain: string): Promise<Result<ZoneEditor, ZoneEditFailure>> {
	for (const zone of zoneCandidates(domain)) {
		const reply = await query(server, zone, 'SOA');
		if (!reply.ok) return reply;
		const soa = (reply.value.answers ?? []).find((answer) => answer.type === 'SOA' && answer.name.toLowerCase() === zone);
		if (soa?.type !== 'SOA') continue;
		return ok({
			zone,
			// RFC 2308 §5: the negative TTL is the lesser of the SOA record's TTL and its last field.
			negativeTtl: Math.min(soa.ttl ?? RECORD_TTL, soa.data.minimum ?? RECORD_TTL),
			readZone: async () => ok(null),
			applyChanges: (changes) => sendUpdate(server, zone, changes),
		});
	}
	return err({ message: `${describe(server)} has no zone that holds ${domain}`, isUnknown: false });
}

async function sendUpdate(server: UpdateServer, zone: string, changes: readonly RrsetChange[]): Promise<Result<null, ZoneEditFailure>> {
	const prerequisites: UpdateRecord[] = [];
	const deletions: UpdateRecord[] = [];
	for (const change of changes) {
		const current = await readRrset(server, change);
		if (!current.ok) return current;
		const { removeIfPresent, keep, remove, name } = change;
		const isGoing = (answer: WireRecord) => [...remove, ...removeIfPresent].some(({ data }) => data === parseDnsAnswer(answer)?.data);
		deletions.push(...current.value.filter(isGoing).map((record): UpdateRecord => ({ kind: 'delete', record })));
		// Where a wildcard answers, the records of the name itself are not known.
		if (removeIfPresent.length > 0) continue;
		const expected = [...keep, ...remove].map(({ data }) => data);
		const found = current.value.map((answer) => parseDnsAnswer(answer)?.data ?? '');
		if (expected.length === 0 && change.add.length > 0) prerequisites.push({ kind: 'rrset-absent', name, type: recordType(change.type) });
		else if (expected.every((data) => found.includes(data)) && found.every((data) => expected.includes(data)))
			prerequisites.push(...current.value.map((record): UpdateRecord => ({ kind: 'rrset-has', record })));
		else return err(changedMeanwhile(`${name} ${change.type}`));
	}
	const additions = changes.flatMap(({ add }) => add.map((record): UpdateRecord => ({ kind: 'add', record: toWireRecord(record) })));
	// RFC 2136 §3.4.2: in order, and a CNAME is not added beside other records.
	const sent = await exchangeUpdate(server, zone, prerequisites, [...deletions, ...additions]);
	return sent.ok ? addIgnoredAliases(server, zone, changes) : sent;
}

/**
 * Adds the CNAMEs that the server has passed over without a word: in a signed zone Knot 3.2.6 takes the NSEC record, which goes with the
 * last address, for one that stays at the name. A second update finds the name empty.
 */
async function addIgnoredAliases(
	server: UpdateServer,
	zone: string,
	changes: readonly RrsetChange[],
): Promise<Result<null, ZoneEditFailure>> {
	const missing: UpdateRecord[] = [];
	for (const change of changes.filter(({ type, add }) => type === 'CNAME' && add.length > 0)) {
		const current = await readRrset(server, change);
		if (!current.ok) return current;
		if (current.value.length === 0)
			missing.push(...change.add.map((record): UpdateRecord => ({ kind: 'add', record: toWireRecord(record) })));
	}
	return missing.length === 0 ? ok(null) : exchangeUpdate(server, zone, [], missing);
}

async function exchangeUpdate(
	server: UpdateServer,
	zone: string,
	prerequisites: readonly UpdateRecord[],
	updates: readonly UpdateRecord[],
): Promise<Result<null, ZoneEditFailure>> {
	const message = encodeUpdate(randomInt(65_536), zone, prerequisites, updates);
	const seconds = Math.floor(Date.now() / SECOND_MS);
	const signed = server.key === null ? null : signMessage(message, server.key, seconds);
	const reply = await exchangeDnsOverTcp(server.address, signed?.bytes ?? message, server.timeoutMs);
	if (reply === null) return err({ message: `${describe(server)} does not answer the update`, isUnknown: true });
	return judgeReply(server, zone, message, reply, signed?.mac ?? null);
}

/** What the name has now, in the server's own strings: a text is deleted only as it is cut there. */
async function readRrset(server: UpdateServer, { name, type }: RrsetChange): Promise<Result<readonly WireRecord[], ZoneEditFailure>> {
	const reply = await query(server, name, recordType(type));
	if (!reply.ok) return reply;
	return ok(
		(reply.value.answers ?? [])
			.filter((answer) => answer.type !== 'OPT')
			.filter((answer) => answer.type === type && answer.name.toLowerCase() === name),
	);
}

async function query(server: UpdateServer, name: string, type: RecordType): Promise<Result<DecodedPacket, ZoneEditFailure>> {
	const reply = await exchangeDnsOverTcp(
		server.address,
		packet.encode({ type: 'query', id: randomInt(65_536), questions: [{ name, type }] }),
		server.timeoutMs,
	);
	if (reply === null) return err({ message: `${describe(server)} does not answer`, hint: 'Check --server.', isUnknown: false });
	try {
		return ok(packet.decode(reply));
	} catch {
		// The library throws for bytes that are no DNS message.
		return err({ message: `${describe(server)} answers with something that is no DNS message`, isUnknown: false });
	}
}

function judgeReply(server: UpdateServer, zone: string, message: Buffer, reply: Buffer, mac: Buffer | null): Result<null, ZoneEditFailure> {
	if (reply.length < 12 || !reply.subarray(0, 2).equals(message.subarray(0, 2)))
		return err({ message: `${describe(server)} answers something else than it was asked`, isUnknown: true });
	const rcode = reply.readUInt16BE(2) & 0xf;
	const verdict =
		server.key === null || mac === null
			? ({ kind: 'genuine' } as const)
			: verifyAnswer(reply, server.key, mac, Math.floor(Date.now() / SECOND_MS));
	if (verdict.kind === 'refused')
		return err({ message: `${describe(server)}: ${TSIG_ERRORS[verdict.error] ?? `TSIG error ${verdict.error}`}`, isUnknown: false });
	// A refusal is accepted without a signature, because nothing counts as done because of it.
	if (verdict.kind !== 'genuine' && rcode === 0)
		return err({ message: `the answer of ${describe(server)} is not signed by the key: it may be somebody else’s`, isUnknown: true });
	if (rcode === 0) return ok(null);
	// RFC 2136 §2.2: YXDOMAIN, YXRRSET, NXRRSET: a prerequisite does not hold.
	if (rcode === 6 || rcode === 7 || rcode === 8) return err(changedMeanwhile(zone));
	return err({ message: `${describe(server)}: ${RCODES[rcode] ?? `answer code ${rcode}`}`, isUnknown: rcode === 2 });
}

const TSIG_ERRORS: Readonly<Record<number, string>> = {
	16: 'the secret of the TSIG key is another one there (BADSIG)',
	17: 'no such TSIG key there (BADKEY)',
	18: 'the clocks differ by more than five minutes (BADTIME)',
};

/** RFC 2136 §2.2 and RFC 1035 §4.1.1. */
const RCODES: Readonly<Record<number, string>> = {
	1: 'it does not understand the update (FORMERR)',
	2: 'it failed (SERVFAIL); its log says why',
	4: 'it takes no updates (NOTIMP)',
	5: 'this key or address may not update the zone (REFUSED)',
	9: 'it does not keep the zone, or does not take the key (NOTAUTH)',
	10: 'a name is not in the zone (NOTZONE)',
};

function changedMeanwhile(what: string): ZoneEditFailure {
	return { message: `${what} has changed since it was looked at; nothing was changed`, hint: 'Run it again.', isUnknown: false };
}

function describe({ address }: UpdateServer): string {
	return `the name server ${address.host}:${address.port}`;
}

/** Changes are of these types only: what the records ask for, and what can stand in its place. */
function recordType(type: string): 'CNAME' | 'TXT' | 'SRV' | 'A' | 'AAAA' {
	switch (type) {
		case 'CNAME':
		case 'TXT':
		case 'SRV':
		case 'A':
		case 'AAAA':
			return type;
		default:
			throw new Error(`no change is of type ${type}`);
	}
}

/** RFC 1035 §3.3.14: a text is cut into strings of 255 octets. */
const MAX_STRING_BYTES = 255;

function toWireRecord(record: DnsRecord): WireRecord {
	const common = { name: record.name, ttl: RECORD_TTL };
	switch (record.type) {
		case 'CNAME':
			return { ...common, type: 'CNAME', data: record.target };
		case 'TXT': {
			const bytes = Buffer.from(record.text);
			const strings = Array.from({ length: Math.max(1, Math.ceil(bytes.length / MAX_STRING_BYTES)) }, (_, at) =>
				bytes.subarray(at * MAX_STRING_BYTES, (at + 1) * MAX_STRING_BYTES),
			);
			return { ...common, type: 'TXT', data: strings };
		}
		case 'SRV': {
			const { priority, weight, port, target } = record;
			return { ...common, type: 'SRV', data: { priority, weight, port, target } };
		}
	}
}
