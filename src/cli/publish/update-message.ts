/** DNS UPDATE messages (RFC 2136), put together from the records of the library dns-packet, which itself knows queries only. */
import packet, { type Answer, type OptAnswer } from 'dns-packet';

const HEADER_BYTES = 12;
const OPCODE_UPDATE = 5 << 11;
const CLASS_NONE = 254;

/** A record of a zone, as dns-packet has it. */
export type WireRecord = Exclude<Answer, OptAnswer>;

/** The prerequisites (RFC 2136 §2.4) and the changes (§2.5) of an update. */
export type UpdateRecord =
	| { readonly kind: 'rrset-has' | 'add' | 'delete'; readonly record: WireRecord }
	| { readonly kind: 'rrset-absent'; readonly name: string; readonly type: WireRecord['type'] };

/** @param zone its name, without the root's dot */
export function encodeUpdate(
	id: number,
	zone: string,
	prerequisites: readonly UpdateRecord[],
	updates: readonly UpdateRecord[],
): Buffer<ArrayBuffer> {
	const header = Buffer.alloc(HEADER_BYTES);
	for (const [at, value] of [id, OPCODE_UPDATE, 1, prerequisites.length, updates.length, 0].entries()) header.writeUInt16BE(value, at * 2);
	return Buffer.concat([header, encodeQuestion(zone, 'SOA'), ...prerequisites.map(encodeUpdateRecord), ...updates.map(encodeUpdateRecord)]);
}

function encodeUpdateRecord(update: UpdateRecord): Buffer {
	switch (update.kind) {
		case 'add':
			return encodeRecord(update.record);
		case 'rrset-has':
			// §2.4.2: the zone's class, and a TTL of zero.
			return encodeRecord({ ...update.record, ttl: 0 });
		case 'delete': {
			// §2.5.4.
			const bytes = encodeRecord({ ...update.record, ttl: 0 });
			bytes.writeUInt16BE(CLASS_NONE, endOfName(bytes, 0) + 2);
			return bytes;
		}
		case 'rrset-absent': {
			// §2.4.3: neither a TTL (four octets) nor data (two octets that say so).
			const bytes = Buffer.concat([encodeQuestion(update.name, update.type), Buffer.alloc(6)]);
			bytes.writeUInt16BE(CLASS_NONE, endOfName(bytes, 0) + 2);
			return bytes;
		}
	}
}

/** Name, type and class. */
function encodeQuestion(name: string, type: WireRecord['type']): Buffer {
	return packet.encode({ questions: [{ name, type }] }).subarray(HEADER_BYTES);
}

function encodeRecord(record: WireRecord): Buffer {
	return packet.encode({ answers: [record] }).subarray(HEADER_BYTES);
}

/** Where a name ends that begins at `at`. @throws RangeError for a message that ends before */
export function endOfName(message: Buffer, at: number): number {
	let position = at;
	for (;;) {
		const length = message.readUInt8(position);
		if (length === 0) return position + 1;
		// RFC 1035 §4.1.4: a pointer ends the name.
		if (length >= 0xc0) return position + 2;
		position += length + 1;
	}
}
