/** Works out which records of an RRset to remove and which to keep, in the zone as its name server or provider has it now. */
import { err, ok, type Result } from '../../lib/result.ts';
import type { LiveRecord } from '../live-zone.ts';
import type { RrsetChange } from '../zone-comparison.ts';
import { parseTxtRdata, renderRdata } from '../zone-file.ts';
import type { KeptZone, ZoneEditFailure } from './zone-editor.ts';

/** One record of an RRset, as the name server or provider writes it. */
export interface EditableValue {
	/** The data in presentation form, as the name server or provider writes it. */
	readonly data: string;
	/** The provider's identifier of the record; empty where it has none. */
	readonly id: string;
	/** Whether DNS answers with exactly this record: it is neither disabled nor proxied. */
	readonly isActive: boolean;
	/** Whether DNS answers with something else in its place. */
	readonly isOpaque: boolean;
}

export interface EditableRrset {
	readonly name: string;
	readonly type: string;
	readonly ttl: number;
	readonly values: readonly EditableValue[];
}

export interface RrsetEdit {
	readonly goes: readonly EditableValue[];
	readonly stays: readonly EditableValue[];
	/** Null where the RRset is not there yet. */
	readonly ttl: number | null;
}

/**
 * Fails where the RRset is no longer what the change was made from: somebody else has edited the zone since. A text is the same however it
 * is cut into strings of 255 octets.
 */
export function planRrset(change: RrsetChange, rrsets: readonly EditableRrset[]): Result<RrsetEdit, ZoneEditFailure> {
	const { name, type, keep, remove, removeIfPresent } = change;
	const found = rrsets.find((rrset) => rrset.name === name && rrset.type === type);
	const values = found?.values ?? [];
	const active = values.filter(({ isActive }) => isActive);
	const isIn = (records: readonly { readonly data: string }[], data: string) =>
		records.some((record) => canonicalData(type, record.data) === canonicalData(type, data));
	const expected = [...keep, ...remove];
	// Where a wildcard answered, the records of the name itself were not known when the change was made.
	const isSame = expected.every(({ data }) => isIn(active, data)) && active.every(({ data }) => isIn(expected, data));
	if (removeIfPresent.length === 0 && !isSame)
		return err({
			message: `${name} ${type} has changed since it was looked at; nothing was changed`,
			hint: 'Run it again.',
			isUnknown: false,
		});
	const goes = active.filter(({ data }) => isIn([...remove, ...removeIfPresent], data));
	return ok({ goes, stays: values.filter((value) => !goes.includes(value)), ttl: found?.ttl ?? null });
}

/** Normalises data for comparison: names in lower case without the root's dot, texts without the division into strings. */
function canonicalData(type: string, data: string): string {
	return type === 'TXT' ? parseTxtRdata(data) : data.toLowerCase().replace(/\.$/, '');
}

/** Types of PowerDNS whose answers are computed for each query. */
const COMPUTED_TYPES: ReadonlySet<string> = new Set(['ALIAS', 'LUA']);

/** The records with which DNS answers from these RRsets, with texts as `renderRdata` writes them. */
export function toKeptZone(rrsets: readonly EditableRrset[]): KeptZone {
	const records = rrsets.flatMap(({ name, type, ttl, values }): readonly LiveRecord[] =>
		values
			.filter(({ isActive }) => isActive)
			.map(({ data }) => ({ name, type, ttl, data: type === 'TXT' ? renderRdata({ type, name, text: parseTxtRdata(data) }) : data })),
	);
	const opaque = rrsets.filter(({ type, values }) => COMPUTED_TYPES.has(type) || values.some(({ isOpaque }) => isOpaque));
	return { records, opaqueNames: new Set(opaque.map(({ name }) => name)) };
}
