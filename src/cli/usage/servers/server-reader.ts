/** What each server's reader has to offer. */
import type { EvidenceSink } from '../evidence/submission.ts';
import type { LogLine } from '../forms/log-line.ts';

export interface ServerReader {
	/** Its name, for people. */
	readonly name: string;
	/** How its log tells 465 from 587, and what to set where it does not. */
	readonly setting: string;
	/** Whether it asks by itself which messages are new: a reader that reports them with the end of their session does. */
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
