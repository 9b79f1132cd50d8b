/** What has been found in some lines of a log, in a form that goes from one thread to another at little cost. */
import type { LineSink } from './line-reader.ts';
import type { Header } from './log-line.ts';
import { type UsualHeader, type UsualLine, usualLogLine } from './usual-lines.ts';

/** A call of the sink with its arguments. */
type SinkCall = { [Name in keyof LineSink]: readonly [Name, ...Parameters<LineSink[Name]>] }[keyof LineSink];

export interface LineBatch {
	/**
	 * The calls in their order, each in NUMBERS_PER_CALL numbers. For a line in a usual form: the reader, the places in `texts`, `headers` and
	 * `days`, and where its parts are in the text. For any other call: OTHER, and its place in `others`.
	 */
	readonly numbers: Int32Array<ArrayBuffer>;
	/** Pieces of the log, in Latin-1. */
	readonly texts: readonly Uint8Array<ArrayBuffer>[];
	readonly headers: readonly Header[];
	readonly days: readonly string[];
	readonly others: readonly SinkCall[];
}

const NUMBERS_PER_CALL = 10;
const OTHER = -1;

export interface BatchWriter {
	readonly sink: LineSink;
	/** What has come since the last batch. */
	take(): LineBatch;
}

export function createBatchWriter(): BatchWriter {
	let numbers = new Int32Array(1 << 14);
	let filled = 0;
	let texts: Uint8Array<ArrayBuffer>[] = [];
	let headers: Header[] = [];
	let headerPlaces = new Map<UsualHeader, number>();
	let days: string[] = [];
	let others: SinkCall[] = [];
	let lastText = '';

	function write(...call: readonly number[]): void {
		if (filled + NUMBERS_PER_CALL > numbers.length) {
			const larger = new Int32Array(numbers.length * 2);
			larger.set(numbers);
			numbers = larger;
		}
		for (let nth = 0; nth < call.length; nth++) numbers[filled + nth] = call[nth] ?? 0;
		filled += NUMBERS_PER_CALL;
	}

	function writeOther(...call: SinkCall): void {
		write(OTHER, others.push(call) - 1);
	}

	function headerPlace(header: UsualHeader): number {
		const known = headerPlaces.get(header);
		if (known !== undefined) return known;
		const place = headers.push({ host: header.host, program: header.program }) - 1;
		headerPlaces.set(header, place);
		return place;
	}

	function writeUsual(reader: number, { text, header, day, at, end, timeAt, pidFrom, pidTo, messageAt }: UsualLine): void {
		if (texts.length === 0 || text !== lastText) texts.push(bytesOf(text));
		lastText = text;
		if (days.at(-1) !== day) days.push(day);
		write(reader, texts.length - 1, headerPlace(header), days.length - 1, at, end, timeAt, pidFrom, pidTo, messageAt);
	}

	return {
		sink: {
			serverLine(reader, line, raw, usual) {
				if (usual === null) writeOther('serverLine', reader, line, raw, null);
				else writeUsual(reader, usual);
			},
			countLines: (count) => writeOther('countLines', count),
			yearGuessed: () => writeOther('yearGuessed'),
			notRead: (program) => writeOther('notRead', program),
			queueManager: (line) => writeOther('queueManager', line),
			postfixWhole: (day, host) => writeOther('postfixWhole', day, host),
			dovecotOthers: (day, host) => writeOther('dovecotOthers', day, host),
			unread: (day, host, line) => writeOther('unread', day, host, line),
			suppressed: (day, host, line) => writeOther('suppressed', day, host, line),
		},
		take() {
			const batch = { numbers: numbers.slice(0, filled), texts, headers, days, others };
			filled = 0;
			texts = [];
			headers = [];
			headerPlaces = new Map();
			days = [];
			others = [];
			return batch;
		},
	};
}

/** A copy of a text, in memory that can be handed over. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
	const bytes = new Uint8Array(text.length);
	Buffer.from(bytes.buffer).write(text, 'latin1');
	return bytes;
}

/** The memory of a batch that is handed over rather than copied. */
export function memoryOf({ numbers, texts }: LineBatch): readonly ArrayBuffer[] {
	return [numbers.buffer, ...texts.map(({ buffer }) => buffer)];
}

/** Makes the calls of a batch. */
export function replayBatch({ numbers, texts, headers, days, others }: LineBatch, sink: LineSink): void {
	let text = '';
	let textPlace = -1;
	const number = (at: number) => numbers[at] ?? 0;
	for (let at = 0; at < numbers.length; at += NUMBERS_PER_CALL) {
		const reader = number(at);
		const place = number(at + 1);
		if (reader === OTHER) {
			makeCall(itemAt(others, place), sink);
			continue;
		}
		// The text is decoded when its lines are next: all texts of a batch at once would be kept in the heap for longer.
		if (place !== textPlace) text = Buffer.from(itemAt(texts, place).buffer).toString('latin1');
		textPlace = place;
		const header = itemAt(headers, number(at + 2));
		const day = itemAt(days, number(at + 3));
		const end = number(at + 5);
		const places = { text, day, end, timeAt: number(at + 6), pidFrom: number(at + 7), pidTo: number(at + 8), messageAt: number(at + 9) };
		sink.serverLine(reader, usualLogLine(places, header), text.slice(number(at + 4), end), null);
	}
}

function itemAt<T>(items: readonly T[], place: number): T {
	const item = items[place];
	if (item === undefined) throw new Error('a batch of lines lacks what its numbers stand for');
	return item;
}

function makeCall(call: SinkCall, sink: LineSink): void {
	switch (call[0]) {
		case 'serverLine':
			sink.serverLine(call[1], call[2], call[3], call[4]);
			break;
		case 'countLines':
			sink.countLines(call[1]);
			break;
		case 'yearGuessed':
			sink.yearGuessed();
			break;
		case 'notRead':
			sink.notRead(call[1]);
			break;
		case 'queueManager':
			sink.queueManager(call[1]);
			break;
		case 'postfixWhole':
			sink.postfixWhole(call[1], call[2]);
			break;
		case 'dovecotOthers':
			sink.dovecotOthers(call[1], call[2]);
			break;
		case 'unread':
			sink.unread(call[1], call[2], call[3]);
			break;
		case 'suppressed':
			sink.suppressed(call[1], call[2], call[3]);
	}
}
