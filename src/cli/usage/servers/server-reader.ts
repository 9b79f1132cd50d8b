/** The interface of the reader of one server's log. */
import type { EvidenceSink, ServiceKind, SessionShape } from '../evidence/submission.ts';
import type { LogLine } from '../forms/log-line.ts';

export interface ServerReader {
	/** The display name of the server. */
	readonly name: string;
	/** How the log of the server tells 465 from 587, and what to set where it does not. */
	readonly setting: string;
	/** Whether it checks by itself which lines are new, because it reports messages only at the end of their session. */
	readonly joinsSessions: boolean;
	/** Whether a line was written by this server. It runs on every candidate line, so it must be fast. */
	claims(line: LogLine): boolean;
	/** Starts a reader that has seen no lines yet. */
	start(sink: EvidenceSink): ServerLog;
}

export interface ServerLog {
	/** Takes in a line that the reader claims. @param raw the line as it stood in the file, for samples */
	line(line: LogLine, raw: string): void;
	/** Called at the end of the logs: sessions that are still open are reported as far as they are known. */
	end(): void;
}

/** A login or a message that is described by one line. */
export interface FoundSubmission {
	readonly line: Pick<LogLine, 'day' | 'time' | 'host'>;
	/** The line as it stood in the file. */
	readonly raw: string;
	readonly service: string;
	readonly kind: ServiceKind;
	readonly shape: SessionShape;
	readonly account: string | null;
	readonly client: string | null;
}

/** Which lines of a host's day there are. */
interface KindsOfDay {
	day: string;
	arrivals: boolean;
	others: boolean;
}

const MAX_HOSTS = 1000;

/**
 * Reports a day's log as whole once it has lines about mail that arrives and others: what grep leaves of a log has lines of one kind.
 * @returns takes in a line, and whether it is about a login or about mail that arrives
 */
export function createWholeDays(sink: EvidenceSink): (line: LogLine, isArrival: boolean) => void {
	const hosts = new Map<string, KindsOfDay>();
	return ({ day, host }, isArrival) => {
		const known = hosts.get(host);
		const kinds = known ?? { day, arrivals: false, others: false };
		if (known === undefined && hosts.size < MAX_HOSTS) hosts.set(host, kinds);
		if (kinds.day !== day) Object.assign(kinds, { day, arrivals: false, others: false });
		if (isArrival) kinds.arrivals = true;
		else kinds.others = true;
		if (kinds.arrivals && kinds.others) sink.whole(day, host);
	};
}

/** Reports a submission of a server whose log has one line for each. */
export function reportSubmission(sink: EvidenceSink, { line: { day, time, host }, raw, ...found }: FoundSubmission): void {
	sink.submission({ ...found, day, time, host, certificate: false, count: 1, line: raw });
}
