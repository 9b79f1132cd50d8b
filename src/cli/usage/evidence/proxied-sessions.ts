/** Matches sessions that came through a proxy (Mailu: nginx with XCLIENT) with the proxy's own log, which has the ports. */
import { hashOf } from './line-set.ts';
import type { ProxyLogin } from './submission.ts';

/** How many logins and sessions are kept; one beyond that counts as missing from the proxy's log. */
const MAX_KEPT = 200_000;

export interface ProxiedSessions {
	login(login: ProxyLogin): void;
	/** @param group the id of the group of sessions to which this one belongs */
	session(group: number, login: ProxyLogin): void;
	/** Whether each session of a group has its login in the proxy's log. */
	areAllKnown(group: number): boolean;
}

export function createProxiedSessions(): ProxiedSessions {
	const logins = new Set<number>();
	const sessions = new Map<number, Set<number>>();
	const overfull = new Set<number>();
	let kept = 0;
	const keyOf = ({ day, client, account }: ProxyLogin) => hashOf(`${day} ${client} ${account.toLowerCase()}`);
	return {
		login(login) {
			if (logins.size < MAX_KEPT) logins.add(keyOf(login));
		},
		session(group, login) {
			const known = sessions.get(group) ?? new Set<number>();
			sessions.set(group, known);
			const key = keyOf(login);
			if (known.has(key)) return;
			kept += 1;
			if (kept > MAX_KEPT) overfull.add(group);
			else known.add(key);
		},
		areAllKnown: (group) => !overfull.has(group) && [...(sessions.get(group) ?? [])].every((key) => logins.has(key)),
	};
}
