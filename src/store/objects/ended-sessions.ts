/** Browser sessions that were ended before their time: a cookie of one is still kept somewhere, and must not log anybody in. */
import type { SqlDatabase } from '../ports/platform.ts';
import type { EndedSession } from '../ports/tokens.ts';
import { type Migration, statements } from './schema.ts';

export const ENDED_SESSIONS_TABLE: Migration = statements(
	'CREATE TABLE IF NOT EXISTS ended_sessions (session TEXT PRIMARY KEY, until INTEGER NOT NULL)',
);

/** Notes that a session has ended, and forgets those that would have ended by now. */
export function addEndedSession(sql: SqlDatabase, { session, until }: EndedSession, now: number): void {
	sql.transaction(() => {
		sql.execute('DELETE FROM ended_sessions WHERE until <= ?', now);
		sql.execute('INSERT OR REPLACE INTO ended_sessions VALUES (?, ?)', session, until);
	});
}

export function isSessionEnded(sql: SqlDatabase, session: string): boolean {
	return sql.execute('SELECT 1 AS found FROM ended_sessions WHERE session = ?', session).length > 0;
}

/** Those that would still be valid. */
export function listEndedSessions(sql: SqlDatabase, now: number): readonly EndedSession[] {
	return sql
		.execute('SELECT * FROM ended_sessions WHERE until > ? ORDER BY session', now)
		.map((row) => ({ session: String(row.session), until: Number(row.until) }));
}
