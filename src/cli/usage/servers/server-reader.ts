/** What each server's reader has to offer. */
import type { EvidenceSink, ServiceKind, SessionShape } from '../evidence/submission.ts';
import type { LogLine } from '../forms/log-line.ts';

export interface ServerReader {
	/** Its name, for people. */
	readonly name: string;
	/** How its log tells 465 from 587, and what to set where it does not. */
	readonly setting: string;
	/** Whether it asks by itself which lines are new: a reader that reports messages with the end of their session does. */
	readonly joinsSessions: boolean;
	/** Whether a line is one of this server's. Must cost little: it is asked of every candidate. */
	claims(line: LogLine): boolean;
	/** A reader that begins with an empty memory. */
	start(sink: EvidenceSink): ServerLog;
}

export interface ServerLog {
	/** Takes in a line that the reader claims. @param raw the line as it stood in the file, for samples */
	line(line: LogLine, raw: string): void;
	/** The logs end here: sessions that are still open are reported as far as they are known. */
	end(): void;
}

/** A login or a message that is known from one line. */
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

/** Reports a submission of a server whose log has one line for each. */
export function reportSubmission(sink: EvidenceSink, { line: { day, time, host }, raw, ...found }: FoundSubmission): void {
	sink.submission({ ...found, day, time, host, certificate: false, count: 1, line: raw });
}
